"""Whether a problem can be meant: every fault of it, each with its place."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import fields

from oncopolis.foundation import Collector, InputError
from oncopolis.foundation.units import MINUTES_PER_DAY
from oncopolis.scheduling.rosters.problem import Contract, Nurse, Problem, Weights


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
        if (shift.from_min is None) != (
            shift.until_min is None
        ) or not 0 <= shift.length_min <= MINUTES_PER_DAY:
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
