"""What the house does by itself: what nobody came for, has ended or has seen in time."""

from collections.abc import Callable
from contextlib import suppress
from time import time_ns
from typing import Final
from uuid import uuid4

from oncopolis.foundation import OncopolisError
from oncopolis.foundation.units import NS_PER_MS
from oncopolis.operations import Floor, Live, Moment, get_act, make_wish
from oncopolis.record import Act, Who
from oncopolis.web.chore import Chore
from oncopolis.web.mode import Mode

EVERY_S = 60.0  # structure: how often the house looks
ALWAYS: Final = ("raise_results", "clear_alarms", "lay_tasks")
LIVE: Final = ("close_no_shows", "close_day")
"""Not in shadow mode, in which days are lived that are not today's."""
_HOUSE = Who("Device", "oncopolis", "Oncopolis")


class Tidier(Chore):
    """Tidies up while it is entered.

    Parameters
    ----------
    clock_ms
        The time, milliseconds since 1970 (UTC).
    """

    def __init__(
        self, live: Live, mode: Mode, clock_ms: Callable[[], int] = lambda: time_ns() // NS_PER_MS
    ) -> None:
        self.live, self.mode, self.clock_ms = live, mode, clock_ms
        super().__init__("tidier")

    def _run(self) -> None:
        while not self._stopping.wait(EVERY_S):
            with suppress(OncopolisError):  # What is away now may be back in a minute.
                self.tidy()

    def tidy(self) -> int:
        """Do what there is to do, a handful at a time; how many appointments, visits and results it was."""
        n_closed = 0
        for name in ALWAYS if self.mode.name == "shadow" else (*ALWAYS, *LIVE):
            # An act with nothing to do would be in the audit all the same.
            while not self._stopping.is_set() and self._count(name):
                wish = make_wish(name, {}, Act("U", name, _HOUSE, uuid4().hex), at_ms=self.clock_ms())
                n_closed += self.live.perform(wish).result()["closed"]
        return n_closed

    def _count(self, name: str) -> int:
        """Return how many an act would close now."""
        act = get_act(name)

        def count(floor: Floor) -> int:
            moment = Moment(self.clock_ms(), _HOUSE, lambda: uuid4().hex, floor.house)
            return int(act.decide(floor, act.asked(), moment).answer["closed"])

        return self.live.ask(count)
