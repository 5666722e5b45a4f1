"""Living a day: every intention is sent when its time has come, whether the server keeps up or not."""

import asyncio
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from heapq import heapify, heappop, heappush
from http import HTTPStatus
from time import process_time
from typing import Any, Final, Protocol

import numpy as np

from oncopolis.studies.replaying.intentions import Intention, Names, Script, fill, learn

TICK_S: Final = 0.002  # structure: how often it is looked whether something is due
_MS = 1000  # structure: milliseconds of a second
MOST_SHOWN: Final = 20  # structure: errors that are told one by one


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server answered."""

    status: int
    members: Mapping[str, Any]


class Caller(Protocol):
    """A way to a live server."""

    async def act(self, name: str, key: str, said: Mapping[str, Any]) -> Answer:
        """Do an act, asked again under the same key until there is an answer."""
        ...


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """An act that the server says is done.

    Parameters
    ----------
    key
        Its idempotency key.
    said
        What was said, with ids in place.
    answer
        All of it: its `seq`, `at_ms` and `made` among the rest.
    """

    key: str
    act: str
    said: Mapping[str, Any]
    answer: Mapping[str, Any]


@dataclass
class Lived:
    """What came of a day, or of the part of it that was lived.

    Parameters
    ----------
    acknowledged
        In the order in which answers came.
    n_refused_as_meant
        Refusals that the day was to meet.
    turned_down
        Refusals that may happen, such as of a time that others have, by act and code.
    errors
        What else was refused, by act and code.
    left_out
        Intentions that nothing came of since something before them was refused.
    write_ms
        From when an act could be sent to its answer; those the server took only.
    late_ms
        By how much the generator itself was behind.
    cpu_s
        CPU seconds the generator took.
    """

    acknowledged: list[Acknowledged] = field(default_factory=list)
    n_refused_as_meant: int = 0
    turned_down: Counter[str] = field(default_factory=Counter)
    errors: Counter[str] = field(default_factory=Counter)
    first_errors: list[str] = field(default_factory=list)
    left_out: int = 0
    write_ms: list[float] = field(default_factory=list)
    late_ms: list[float] = field(default_factory=list)
    by_act_ms: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    seconds: float = 0.0
    cpu_s: float = 0.0
    is_complete: bool = False

    @property
    def changes(self) -> int:
        """What the acts wrote, as the server counts it."""
        return sum(int(one.answer["changes"]) for one in self.acknowledged)

    def count_twice(self) -> int:
        """Return how many acts were answered with a place among all acts that another one has."""
        return len(self.acknowledged) - len({one.answer["seq"] for one in self.acknowledged})


class _Walker:
    """How far one script has come."""

    def __init__(self, key: str, script: Script) -> None:
        self.key, self.script, self.at = key, script, 0
        self.names: Names = {}

    @property
    def next(self) -> Intention:
        return self.script[self.at]


class Living:
    """Lives scripts against a server.

    Parameters
    ----------
    scripts
        What is meant to be done.
    name
        Of this replay: its idempotency keys begin with it.
    pace
        Moment of the day (milliseconds since 1970, UTC) -> seconds after the beginning; asked once for each
        intention.
    callers
        Connections; as many acts are under way at once.
    """

    def __init__(
        self, scripts: Sequence[Script], name: str, pace: Callable[[int], float], callers: Sequence[Caller]
    ) -> None:
        self._walkers = [_Walker(f"{name}-{i}", script) for i, script in enumerate(scripts) if script]
        self._pace, self._callers = pace, callers
        self._due: list[tuple[float, int]] = []
        self._ready: asyncio.Queue[tuple[float, int]] = asyncio.Queue()
        self._given: set[str] = set()
        self._waiting: dict[str, list[int]] = defaultdict(list)
        self._n_left = len(self._walkers)
        self._n_under_way = 0
        self._is_stopping = False
        self._began = 0.0
        self._done = asyncio.Event()
        self.lived = Lived()

    def stop(self) -> None:
        """Send nothing more, and be done when what was sent is answered."""
        self._is_stopping = True
        if not self._n_under_way:
            self._done.set()

    async def run(self) -> Lived:
        """Live all of it, or until it is stopped.

        Raises
        ------
        ExternalError
            The server went away for good.
        """
        loop = asyncio.get_running_loop()
        self._began, began_s = loop.time(), process_time()
        self._due = [(self._pace(walker.next.at_ms), i) for i, walker in enumerate(self._walkers)]
        heapify(self._due)
        if not self._walkers:
            self._done.set()
        tasks = [asyncio.create_task(self._serve(caller)) for caller in self._callers]
        tasks += [asyncio.create_task(self._watch()), asyncio.create_task(self._wait())]
        try:
            finished, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in finished:
                task.result()
            self.lived.is_complete = not self._n_left
        finally:
            self.lived.seconds, self.lived.cpu_s = loop.time() - self._began, process_time() - began_s
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        return self.lived

    async def _wait(self) -> None:
        await self._done.wait()

    async def _watch(self) -> None:
        """Hand on what is due."""
        loop = asyncio.get_running_loop()
        while True:
            now = loop.time() - self._began
            while self._due and self._due[0][0] <= now:
                due, i = heappop(self._due)
                self._hand_on(i, due)
            await asyncio.sleep(TICK_S)

    def _hand_on(self, i: int, due: float) -> None:
        """Let an intention be sent, unless it waits for what others have not given yet."""
        missing = next((token for token in self._walkers[i].next.after if token not in self._given), None)
        if missing is None:
            self._ready.put_nowait((due, i))
        else:
            self._waiting[missing].append(i)

    async def _serve(self, caller: Caller) -> None:
        loop = asyncio.get_running_loop()
        while not self._is_stopping:
            due, i = await self._ready.get()
            walker = self._walkers[i]
            intention = walker.next
            if intention.unless in walker.names:
                self._go_on(i, due)
                continue
            said = fill(intention.said, walker.names)
            if said is None and intention.otherwise is not None:
                said = fill(intention.otherwise, walker.names)
            if said is None:
                self.lived.left_out += 1
                self._go_on(i, due)
                continue
            key = f"{walker.key}-{walker.at}"
            self.lived.late_ms.append((loop.time() - self._began - due) * _MS)
            self._n_under_way += 1
            answer = await caller.act(intention.act, key, {**said, "at": write_moment(intention.at_ms)})
            self._n_under_way -= 1
            now = loop.time() - self._began
            self._take(
                walker, Acknowledged(key, intention.act, said, answer.members), answer, (now - due) * _MS
            )
            self._go_on(i, now)
        if not self._n_under_way:
            self._done.set()
        await self._done.wait()

    def _take(self, walker: _Walker, done: Acknowledged, answer: Answer, took_ms: float) -> None:
        lived, intention = self.lived, walker.next
        is_done = answer.status == HTTPStatus.OK
        if is_done:
            lived.acknowledged.append(done)
            lived.write_ms.append(took_ms)
            lived.by_act_ms[done.act].append(took_ms)
            learn(walker.names, intention.learns, answer.members)
        code = "taken" if is_done else find_code(answer)
        if is_done if intention.refused is None else code == intention.refused:
            lived.n_refused_as_meant += not is_done
        elif code in intention.may_be:
            lived.turned_down[f"{done.act} {code}"] += 1
        else:
            lived.errors[f"{done.act} {code}"] += 1
            if len(lived.first_errors) < MOST_SHOWN:
                lived.first_errors.append(f"{done.act} {dict(done.said)}: {dict(answer.members)}")

    def _go_on(self, i: int, now: float) -> None:
        """Turn to what comes next in a script, and let go those who waited for this."""
        walker = self._walkers[i]
        for token in walker.next.gives:
            self._given.add(token)
            for other in self._waiting.pop(token, ()):
                self._hand_on(other, now)
        walker.at += 1
        if walker.at == len(walker.script):
            self._n_left -= 1
            if not self._n_left:
                self._done.set()
            return
        due = self._pace(walker.next.at_ms)
        if due <= now:
            self._hand_on(i, now)
        else:
            heappush(self._due, (due, i))


def find_code(answer: Answer) -> str:
    """Return the code of a refusal, else its status."""
    found = answer.members.get("code")
    if not found and isinstance(errors := answer.members.get("errors"), list) and errors:
        found = errors[0].get("code")
    return str(found or answer.status)


def write_moment(at_ms: int) -> str:
    """Return a moment as the API takes it."""
    return datetime.fromtimestamp(at_ms / _MS, UTC).isoformat(timespec="milliseconds")


def even_pace(scripts: Sequence[Script], seconds: float) -> Callable[[int], float]:
    """Return a pace that does equally many acts in every second: quiet hours pass quickly.

    The twin's clock knows whole minutes, at which hundreds of acts begin together: each time such a moment is
    asked for, the next of its acts gets its place after those before it.

    Parameters
    ----------
    seconds
        How long the day takes.
    """
    moments = np.sort(np.array([one.at_ms for script in scripts for one in script], dtype=np.int64))
    n = max(len(moments), 1)
    asked: Counter[int] = Counter()

    def find(at_ms: int) -> float:
        place = int(np.searchsorted(moments, at_ms, side="left")) + asked[at_ms]
        asked[at_ms] += 1
        return place * seconds / n

    return find
