"""`Problem`: which nurse works which shift of which day, and with which of their skills.

The problem is that of the Second International Nurse Rostering Competition (Ceschia, Dang, De Causmaecker,
Haspeslagh and Schaerf, arXiv 1501.04177) with all weeks known. Days are counted from 0, a Monday.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from functools import cached_property

from oncopolis.foundation import Collector, InputError
from oncopolis.scheduling.links import Link

WEEK = 7  # structure: days of a week
_LONGEST_MIN = 1440  # structure: minutes of a day
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
    """A whole problem; `check_problem` says whether it can be meant.

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


def check_problem(problem: Problem, where: str = "problem") -> None:
    """Refuse what cannot be meant, with every fault found.

    Raises
    ------
    InputError, InputErrors
        SCH-050 to SCH-053, SCH-068: rules of working time, and shifts without times.
    """
    faults = Collector()
    for fault in _list_faults(problem, where):
        faults.add(fault)
    faults.raise_if_any()


def _list_faults(problem: Problem, where: str) -> Iterator[InputError]:
    if problem.weeks < 1:
        yield _refuse_number(f"{where}: weeks", problem.weeks, "at least 1")
    for name in ("skills", "shifts", "contracts", "nurses"):
        if not getattr(problem, name):
            yield InputError(code="SCH-053", where=f"{where}: {name}", got="none", expected="at least one",
                             fix="add what is missing")  # fmt: skip
    yield from _list_doubles(f"{where}: skills", problem.skills)
    for name in ("shifts", "contracts", "nurses"):
        yield from _list_doubles(f"{where}: {name}", (one.id for one in getattr(problem, name)))
    for field in fields(Weights):
        if (weight := getattr(problem.weights, field.name)) < 0:
            yield _refuse_number(f"{where}: weights.{field.name}", weight, "at least 0")
    shifts = {shift.id for shift in problem.shifts}
    for shift in problem.shifts:
        yield from _list_faults_of_range(f"{where}: shift {shift.id}", "run", shift.least_run, shift.most_run)
    yield from _list_unknown(
        f"{where}: forbidden", (id_ for pair in problem.forbidden for id_ in pair), shifts
    )
    for shift in problem.shifts:
        if (shift.from_min is None) != (shift.until_min is None) or not 0 <= shift.length_min <= _LONGEST_MIN:
            yield _refuse_number(
                f"{where}: shift {shift.id}: times, minutes", shift.length_min, "a begin, and an end after it"
            )
    for contract in problem.contracts:
        place = f"{where}: contract {contract.id}"
        yield from _list_faults_of_working_time(problem, contract, place)
        yield from _list_faults_of_range(place, "shifts", contract.least_shifts, contract.most_shifts)
        yield from _list_faults_of_range(place, "days", contract.least_days, contract.most_days)
        yield from _list_faults_of_range(place, "off", contract.least_off, contract.most_off)
        yield from _list_faults_of_range(place, "weekends", 0, contract.most_weekends)
    for nurse in problem.nurses:
        yield from _list_faults_of_nurse(problem, nurse, f"{where}: nurse {nurse.id}")
    yield from _list_faults_of_days(problem, where)


def _list_faults_of_working_time(problem: Problem, contract: Contract, place: str) -> Iterator[InputError]:
    for name in ("least_rest_min", "most_week_min"):
        number = getattr(contract, name)
        if number is not None and number < 0:
            yield _refuse_number(f"{place}: {name}", number, "at least 0")
        if number is not None and any(shift.from_min is None for shift in problem.shifts):
            yield InputError(
                code="SCH-068", where=f"{place}: {name}", got="shifts without times",
                expected="when each shift begins and ends", fix="add the times of the shifts",
            )  # fmt: skip


def _list_faults_of_nurse(problem: Problem, nurse: Nurse, place: str) -> Iterator[InputError]:
    yield from _list_unknown(place, [nurse.contract], {contract.id for contract in problem.contracts})
    yield from _list_unknown(place, nurse.skills, set(problem.skills))
    yield from _list_doubles(f"{place}: skills", nurse.skills)
    past = nurse.history
    for name in ("n_shifts", "n_weekends", "n_same", "n_days", "n_off"):
        if (number := getattr(past, name)) < 0:
            yield _refuse_number(f"{place}: history.{name}", number, "at least 0")
    if past.last_shift is None:
        if past.n_days or past.n_same:
            yield _refuse_number(f"{place}: history.n_days", past.n_days, "0, as the last day was off")
        return
    yield from _list_unknown(f"{place}: history", [past.last_shift], {shift.id for shift in problem.shifts})
    if past.n_off:
        yield _refuse_number(f"{place}: history.n_off", past.n_off, "0, as the last day was worked")
    if not 1 <= past.n_same <= past.n_days:
        yield _refuse_number(f"{place}: history.n_same", past.n_same, f"1 to n_days, {past.n_days}")


def _list_faults_of_days(problem: Problem, where: str) -> Iterator[InputError]:
    shifts, skills = {shift.id for shift in problem.shifts}, set(problem.skills)
    nurses = {nurse.id for nurse in problem.nurses}
    yield from _list_doubles(
        f"{where}: needs", (f"day {one.day}, {one.shift}, {one.skill}" for one in problem.needs)
    )
    for need in problem.needs:
        place = f"{where}: need of day {need.day}, {need.shift}, {need.skill}"
        yield from _list_unknown(place, [need.shift], shifts)
        yield from _list_unknown(place, [need.skill], skills)
        yield from _list_faults_of_range(place, "nurses", need.least, need.wanted)
        if not 0 <= need.day < problem.days:
            yield _refuse_number(f"{place}: day", need.day, f"0 to {problem.days - 1}")
    for wish in problem.wishes:
        place = f"{where}: wish of {wish.nurse}, day {wish.day}"
        yield from _list_unknown(place, [wish.nurse], nurses)
        yield from _list_unknown(place, [wish.shift] if wish.shift else [], shifts)
        if not 0 <= wish.day < problem.days:
            yield _refuse_number(f"{place}: day", wish.day, f"0 to {problem.days - 1}")


def _list_faults_of_range(place: str, name: str, least: int, most: int) -> Iterator[InputError]:
    if least < 0:
        yield _refuse_number(f"{place}: least {name}", least, "at least 0")
    if most < least:
        yield _refuse_number(f"{place}: most {name}", most, f"no less than the least, {least}")


def _list_doubles(place: str, names: Iterable[str]) -> Iterator[InputError]:
    for name, n in Counter(names).items():
        if n > 1:
            yield InputError(
                code="SCH-051", where=place, got=f"{name} {n} times", expected="each once",
                fix="leave one of them out",
            )  # fmt: skip


def _list_unknown(place: str, named: Iterable[str], known: set[str]) -> Iterator[InputError]:
    for name in sorted(set(named) - known):
        yield InputError(
            code="SCH-052", where=place, got=name, expected=f"one of {', '.join(sorted(known)) or 'none'}",
            fix="correct the name, or add what it names",
        )  # fmt: skip


def _refuse_number(where: str, got: int, expected: str) -> InputError:
    return InputError(code="SCH-050", where=where, got=str(got), expected=expected, fix="correct the number")
