"""`Agenda`: what is going to happen, in the order of time, rank and number."""

from dataclasses import dataclass, field
from enum import Enum, auto
from heapq import heappop, heappush
from typing import Any

NOW, ENDS_FIRST, THEN_BEGINS, LEAVES_LAST = range(4)  # structure: ranks of what happens at one tick


class What(Enum):
    """What happens."""

    ARRIVES = auto()
    DUE = auto()
    READY = auto()
    ENDS = auto()
    GIVES_UP = auto()
    RETURNS = auto()
    FATES = auto()
    RATES = auto()
    GOES_HOME = auto()
    CANCELS = auto()
    FAILS = auto()
    BREAKS = auto()
    REPAIRED = auto()


@dataclass(order=True)
class Notice:
    """Something that happens to somebody, unless it is taken back."""

    time: int
    rank: int
    number: int
    what: What = field(compare=False)
    who: Any = field(compare=False)
    valid: bool = field(default=True, compare=False)


class Agenda:
    """The clock, and a heap of notices; everybody has at most one that is valid."""

    def __init__(self) -> None:
        self.now = 0
        self.begins = 0
        """When the run begins; before that a patient goes all the way at once, the last one first."""
        self._walking: list[Notice] = []
        self._heap: list[Notice] = []
        self._n = 0

    def schedule(self, who: Any, time: int, what: What, rank: int) -> None:
        """Let something happen; at one tick lower ranks come first, then who was scheduled first."""
        self._n += 1
        who.notice = Notice(time, rank, self._n, what, who)
        if time < self.begins and what not in (What.ARRIVES, What.FAILS):
            self._walking.append(who.notice)
        else:
            heappush(self._heap, who.notice)

    def take_back(self, who: Any) -> None:
        """Take back the notice of somebody, if there is one."""
        if who.notice is not None:
            who.notice.valid = False
            who.notice = None

    @property
    def is_walking(self) -> bool:
        """Whether somebody's way before the run is not over."""
        return bool(self._walking)

    def find_next(self) -> Notice | None:
        """Return the next notice."""
        while self._heap and not self._heap[0].valid:
            heappop(self._heap)
        return self._heap[0] if self._heap else None

    def take_next(self) -> Notice:
        """Take out the next notice, and set the clock."""
        notice = self._walking.pop() if self._walking else heappop(self._heap)
        notice.who.notice = None
        self.now = notice.time
        return notice

    def list_all(self) -> list[Notice]:
        """Return all notices in the order in which they were scheduled."""
        return sorted((notice for notice in self._heap if notice.valid), key=lambda notice: notice.number)
