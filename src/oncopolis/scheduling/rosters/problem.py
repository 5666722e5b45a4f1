"""`Problem`: which nurse works which shift of which day, and with which of their skills.

The problem is that of the Second International Nurse Rostering Competition (Ceschia, Dang, De Causmaecker,
Haspeslagh and Schaerf, arXiv 1501.04177) with all weeks known. Days are counted from 0, a Monday.
"""

from dataclasses import dataclass
from functools import cached_property

from oncopolis.foundation.units import MINUTES_PER_DAY
from oncopolis.scheduling.links import Link

WEEK = 7  # structure: days of a week
SATURDAY, SUNDAY = 5, 6  # structure: days of a week, counted from Monday


@dataclass(frozen=True, slots=True)
class ShiftType:
    """A shift, with the least and the most days on which somebody works it in a row.

    Parameters
    ----------
    from_min, until_min
        Minutes since midnight, beyond 1,440 for the day after; None where times are not told.
    """

    id: str
    least_run: int
    most_run: int
    from_min: int | None = None
    until_min: int | None = None

    @property
    def length_min(self) -> int:
        """How long it is; 0 where times are not told."""
        return 0 if self.from_min is None or self.until_min is None else self.until_min - self.from_min


@dataclass(frozen=True, slots=True)
class Contract:
    """What somebody should be asked to work.

    Parameters
    ----------
    least_shifts, most_shifts
        In the whole horizon.
    least_days, most_days
        Working days in a row.
    least_off, most_off
        Days off in a row.
    most_weekends
        Weekends with at least one shift, in the whole horizon.
    has_whole_weekends
        Whether both days of a weekend are to be worked, or none.
    least_rest_min, most_week_min
        Rules of working time: least rest between two shifts, and most work in any seven days in a row; None
        for none. The competition has none.
    """

    id: str
    least_shifts: int
    most_shifts: int
    least_days: int
    most_days: int
    least_off: int
    most_off: int
    most_weekends: int
    has_whole_weekends: bool
    least_rest_min: int | None = None
    most_week_min: int | None = None

    def may_follow(self, before: ShiftType, after: ShiftType) -> bool:
        """Whether the rest between two shifts of days in a row is long enough."""
        if self.least_rest_min is None or before.until_min is None or after.from_min is None:
            return True
        return after.from_min + MINUTES_PER_DAY - before.until_min >= self.least_rest_min


@dataclass(frozen=True, slots=True)
class History:
    """What somebody has worked before the first day.

    Parameters
    ----------
    n_shifts, n_weekends
        Since the contract's horizon began.
    last_shift
        On the day before the first; None if that was off.
    n_same, n_days, n_off
        Days in a row up to then: with that shift, with any, off.
    """

    n_shifts: int = 0
    n_weekends: int = 0
    last_shift: str | None = None
    n_same: int = 0
    n_days: int = 0
    n_off: int = 0


@dataclass(frozen=True, slots=True)
class Nurse:
    """Somebody who works.

    Parameters
    ----------
    link
        Days on which they may work at all, because of something else: only while fractions are given, not in
        the weeks they are lent to another ward.
    """

    id: str
    contract: str
    skills: tuple[str, ...]
    history: History = History()
    link: Link | None = None

    def may_work(self, day: int) -> bool:
        """Whether no link keeps them from a day."""
        return self.link is None or day in self.link.days


@dataclass(frozen=True, slots=True)
class Need:
    """How many are to work a shift with a skill: `least` is a rule, `wanted` a wish."""

    day: int
    shift: str
    skill: str
    least: int
    wanted: int


@dataclass(frozen=True, slots=True)
class Wish:
    """A shift somebody asks not to work; any of the day if `shift` is None."""

    nurse: str
    day: int
    shift: str | None


@dataclass(frozen=True, slots=True)
class Weights:
    """Cost of one unit of each component, by default as the competition has them.

    Parameters
    ----------
    cover
        Somebody who is wanted and missing.
    same_shift
        A day by which a run of one shift is too long or too short.
    work_run, off_run
        A day by which a run of working days, or of days off, is too long or too short.
    wish
        A wish that is not granted.
    half_weekend
        A weekend of which one day is worked by somebody who should work both or none.
    total_shifts, total_weekends
        A shift too many or too few, a weekend too many.
    """

    cover: int = 30  # structure: of the competition
    same_shift: int = 15  # structure: of the competition
    work_run: int = 30  # structure: of the competition
    off_run: int = 30  # structure: of the competition
    wish: int = 10  # structure: of the competition
    half_weekend: int = 30  # structure: of the competition
    total_shifts: int = 20  # structure: of the competition
    total_weekends: int = 30  # structure: of the competition


@dataclass(frozen=True)
class Problem:
    """A whole problem; `faults.check_problem` says whether it can be meant.

    Parameters
    ----------
    name
        Of the scenario.
    weeks
        Length of the horizon.
    forbidden
        (shift, shift of the next day) that nobody may work one after the other.
    needs
        One for each day, shift and skill; nobody is needed where there is none.
    """

    name: str
    weeks: int
    skills: tuple[str, ...]
    shifts: tuple[ShiftType, ...]
    forbidden: frozenset[tuple[str, str]]
    contracts: tuple[Contract, ...]
    nurses: tuple[Nurse, ...]
    needs: tuple[Need, ...]
    wishes: tuple[Wish, ...]
    weights: Weights = Weights()

    @cached_property
    def days(self) -> int:
        """Days of the horizon."""
        return self.weeks * WEEK
