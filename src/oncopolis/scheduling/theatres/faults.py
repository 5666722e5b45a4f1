"""Whether a problem can be meant: every fault of it, each with its place."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import fields

from oncopolis.foundation import Collector, InputError
from oncopolis.scheduling.theatres.problem import Care, Nurse, Patient, Priority, Problem, Weights

_MOST = 1_000_000  # structure: larger numbers are slips of the pen
_MOST_DAYS = 1000  # structure: longer horizons are slips of the pen


def check_problem(problem: Problem, where: str = "problem") -> None:
    """Refuse what cannot be meant, with every fault found.

    Raises
    ------
    InputError, InputErrors
        SCH-010: a number is out of its range, or nothing is where something must be. SCH-011: a name is used
        twice. SCH-012: there are not as many values as days or shifts. SCH-013: a due day is before the
        release. SCH-014: a name is used that nothing has.
        SCH-061: a target day that is a rule is before the release.
    """
    faults = Collector()
    for fault in _list_faults(problem, where):
        faults.add(fault)
    faults.raise_if_any()


def _list_faults(problem: Problem, where: str) -> Iterator[InputError]:
    yield from _list_outside(f"{where}: days", [problem.days], 1, _MOST_DAYS)
    for name in ("shifts", "age_groups", "rooms", "theatres", "surgeons"):
        if not getattr(problem, name):
            yield _refuse_number(f"{where}: {name}", "none", "at least one")
    for field in fields(Weights):
        yield from _list_outside(f"{where}: weights.{field.name}", [getattr(problem.weights, field.name)])
    yield from _list_faults_of_names(problem, where)
    for patient in problem.patients:
        yield from _list_faults_of_patient(problem, patient, f"{where}: patient {patient.id}")
    rooms = {room.id for room in problem.rooms}
    for occupant in problem.occupants:
        place = f"{where}: occupant {occupant.id}"
        yield from _list_faults_of_care(problem, occupant.care, place)
        yield from _list_unknown(f"{place}: room", {occupant.room}, rooms)
    yield from _list_faults_of_surgery(problem, where)
    yield from _list_outside(f"{where}: hard classes", problem.hard_classes, 1)
    for room in problem.rooms:
        yield from _list_outside(f"{where}: room {room.id}: beds", [room.n_beds])
    for nurse in problem.nurses:
        yield from _list_faults_of_nurse(problem, nurse, f"{where}: nurse {nurse.id}")


def _list_faults_of_surgery(problem: Problem, where: str) -> Iterator[InputError]:
    for kind, name in ((problem.surgeons, "most_min"), (problem.theatres, "open_min")):
        for one in kind:
            yield from _list_faults_of_minutes(problem, getattr(one, name), f"{where}: {one.id}: {name}")
    for surgeon in problem.surgeons:
        place = f"{where}: {surgeon.id}: unwanted days"
        yield from _list_outside(place, sorted(surgeon.unwanted_days), 0, problem.days - 1)
    if problem.intensive_beds:
        yield from _list_faults_of_minutes(problem, problem.intensive_beds, f"{where}: intensive beds")
    for theatre in problem.theatres:
        if theatre.reserve_min:
            place = f"{where}: {theatre.id}: reserve_min"
            yield from _list_faults_of_minutes(problem, theatre.reserve_min, place)


def _list_faults_of_names(problem: Problem, where: str) -> Iterator[InputError]:
    for name in ("surgeons", "theatres", "rooms", "nurses"):
        yield from _list_doubles(f"{where}: {name}", (one.id for one in getattr(problem, name)))
    for name in ("shifts", "age_groups"):
        yield from _list_doubles(f"{where}: {name}", getattr(problem, name))
    people = [one.id for kind in (problem.patients, problem.occupants) for one in kind]
    yield from _list_doubles(f"{where}: patients and occupants", people)


def _list_faults_of_patient(problem: Problem, patient: Patient, place: str) -> Iterator[InputError]:
    yield from _list_faults_of_care(problem, patient.care, place)
    yield from _list_unknown(f"{place}: surgeon", {patient.surgeon}, {one.id for one in problem.surgeons})
    yield from _list_unknown(f"{place}: rooms", patient.closed_rooms, {room.id for room in problem.rooms})
    yield from _list_outside(f"{place}: surgery, minutes", [patient.surgery_min])
    yield from _list_outside(f"{place}: release day", [patient.release_day], 0, problem.days - 1)
    if patient.due_day is not None and patient.due_day < patient.release_day:
        yield InputError(
            code="SCH-013",
            where=f"{place}: due day",
            got=str(patient.due_day),
            expected=f"not before the release, day {patient.release_day}",
            fix="correct one of the two",
        )
    if patient.priority is not None:
        yield from _list_faults_of_priority(problem, patient, patient.priority, place)


def _list_faults_of_priority(
    problem: Problem, patient: Patient, asked: Priority, place: str
) -> Iterator[InputError]:
    yield from _list_outside(f"{place}: clinical class", [asked.clinical_class], 1)
    is_hard = asked.clinical_class in problem.hard_classes
    if is_hard and asked.target_day is not None and asked.target_day < patient.release_day:
        yield InputError(
            code="SCH-061", where=f"{place}: target day", got=str(asked.target_day),
            expected=f"not before the release, day {patient.release_day}, as class {asked.clinical_class} "
            "is hard", fix="set a target that can still be kept, or take the class out of the hard ones",
        )  # fmt: skip


def _list_faults_of_care(problem: Problem, care: Care, place: str) -> Iterator[InputError]:
    if not 1 <= care.stay_days <= _MOST_DAYS:
        yield from _list_outside(f"{place}: length of stay, days", [care.stay_days], 1, _MOST_DAYS)
        return
    yield from _list_unknown(f"{place}: age group", {care.age_group}, set(problem.age_groups))
    yield from _list_outside(f"{place}: intensive days", [care.intensive_days], 0, care.stay_days)
    n = care.stay_days * len(problem.shifts)
    for name, values in (("workload", care.workload), ("skill", care.skill)):
        if len(values) != n:
            yield _refuse_length(f"{place}: {name}", f"{len(values)} values", f"{n}: one a shift of the stay")
        yield from _list_outside(f"{place}: {name}", values)


def _list_faults_of_minutes(problem: Problem, minutes: tuple[int, ...], place: str) -> Iterator[InputError]:
    if len(minutes) != problem.days:
        yield _refuse_length(place, f"{len(minutes)} values", f"{problem.days}: one a day")
    yield from _list_outside(place, minutes)


def _list_faults_of_nurse(problem: Problem, nurse: Nurse, place: str) -> Iterator[InputError]:
    yield from _list_outside(f"{place}: skill", [nurse.skill])
    yield from _list_outside(f"{place}: most load", [duty.most_load for duty in nurse.duties])
    yield from _list_outside(f"{place}: duty: day", [duty.day for duty in nurse.duties], 0, problem.days - 1)
    yield from _list_outside(
        f"{place}: duty: shift", [duty.shift for duty in nurse.duties], 0, len(problem.shifts) - 1
    )
    yield from _list_doubles(
        f"{place}: duties", (f"day {one.day}, shift {one.shift}" for one in nurse.duties)
    )


def _list_outside(
    place: str, values: Iterable[int], least: int = 0, most: int = _MOST
) -> Iterator[InputError]:
    """Yield a fault for the first value that is out of its range."""
    wrong = next((value for value in values if not least <= value <= most), None)
    if wrong is not None:
        yield _refuse_number(place, str(wrong), f"{least} to {most}")


def _list_doubles(place: str, names: Iterable[str]) -> Iterator[InputError]:
    for name, n in Counter(names).items():
        if n > 1:
            yield InputError(
                code="SCH-011", where=place, got=f"{name} {n} times", expected="each once", fix="rename one"
            )


def _list_unknown(place: str, named: Iterable[str], known: set[str]) -> Iterator[InputError]:
    for name in sorted(set(named) - known):
        yield InputError(
            code="SCH-014",
            where=place,
            got=name,
            expected=f"one that there is, such as {min(known, default='none')}",
            fix="name one of them",
        )


def _refuse_number(place: str, got: str, expected: str) -> InputError:
    return InputError(code="SCH-010", where=place, got=got, expected=expected, fix="correct the number")


def _refuse_length(place: str, got: str, expected: str) -> InputError:
    return InputError(
        code="SCH-012", where=place, got=got, expected=expected, fix="give one for each day or shift"
    )
