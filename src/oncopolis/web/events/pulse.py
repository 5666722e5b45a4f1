"""The pulse of a store: one look at the end of its history for all who wait for something new."""

import asyncio
from contextlib import suppress

from oncopolis.foundation import OncopolisError
from oncopolis.record.store import Store

LOOK_S = 0.25  # structure: how often it is looked whether there is something new


class Pulse:
    """Waits for later versions; it beats only while somebody waits."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._last = 0
        self._beat: asyncio.Event = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._n_waiting = 0

    async def find_last(self) -> int:
        """Place in the history of what was written last (`Version.seq`)."""
        return await asyncio.to_thread(self._look)

    async def wait(self, after: int, timeout_s: float) -> int:
        """Come back when there is something after a place in the history, or the time is over.

        Returns
        -------
        int
            The end of the history as it was before.
        """
        self._n_waiting += 1
        try:
            if self._task is None or self._task.done():
                self._task = asyncio.create_task(self._run())
            with suppress(TimeoutError):
                async with asyncio.timeout(timeout_s):
                    while self._last <= after:
                        await self._beat.wait()
        finally:
            self._n_waiting -= 1
        return self._last

    async def _run(self) -> None:
        while self._n_waiting:
            with suppress(OncopolisError):  # A database that is away now may be back at the next look.
                last = await self.find_last()
                if last > self._last:
                    self._last = last
                    self._beat.set()
                    self._beat = asyncio.Event()
            await asyncio.sleep(LOOK_S)

    def _look(self) -> int:
        sql = "SELECT coalesce(max(seq), 0) FROM version"
        return int(self._store.ask(lambda reading: reading.session.query(sql))[0][0])
