"""The JSON form of the CHT-I instances, and one of its kind for solutions, for which they have none.

``medPreparedSameDay`` says that a drug may not be mixed ahead. Calendars have one slot more than a day has:
the moment of its end, at which nothing can begin; it is passed over.
"""

import json
from pathlib import Path
from typing import Any

from oncopolis.foundation import InputErrors
from oncopolis.scheduling.chairs.checking import check
from oncopolis.scheduling.chairs.problem import Calendar, Patient, Problem, Session, check_problem
from oncopolis.scheduling.chairs.solution import Solution, Visit
from oncopolis.scheduling.links import Link
from oncopolis.scheduling.reading import Form, read_form, refuse_form
from oncopolis.scheduling.verdict import Verdict

_Rows = tuple[tuple[int, ...], ...]


class _Param(Form):
    days: int
    numTimeSlots: int  # noqa: N815 (names of the form)
    multitasks: int
    numMaterials: int  # noqa: N815
    consultationLength: int  # noqa: N815
    installationLength: int  # noqa: N815
    nurses: _Rows
    doctors: dict[str, _Rows]
    pharmacy: tuple[tuple[bool, ...], ...]
    seatsOut: tuple[int, ...] = ()  # noqa: N815


class _Demand(Form):
    id: int
    sectorId: int  # noqa: N815
    afterLastRequest: int  # noqa: N815
    needingConsultation: bool  # noqa: N815
    medPreparedSameDay: bool  # noqa: N815
    medPrepDuration: int  # noqa: N815
    treatmentDuration: int  # noqa: N815
    linkedDays: tuple[int, ...] | None = None  # noqa: N815
    linkedBecause: str = ""  # noqa: N815


class _Cycle(Form):
    id: int | str
    rdvDemands: tuple[_Demand, ...]  # noqa: N815


class _Instance(Form):
    param: _Param
    demands: tuple[_Cycle, ...]


class _Visit(Form):
    session: int
    day: int
    consultation: int | None = None
    mixingDay: int  # noqa: N815
    mixing: int
    installation: int
    monitoring: int


class _Visits(Form):
    id: int | str
    sessions: tuple[_Visit, ...]


class _Solution(Form):
    patients: tuple[_Visits, ...]


def is_instance(path: Path) -> bool:
    """Whether a file is a JSON object that has cycles of a day clinic."""
    try:
        made = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return False
    return isinstance(made, dict) and {"param", "demands"} <= made.keys()


def check_files(instance: Path, solution: Path) -> Verdict:
    """Check the solution in a file against the instance in another."""
    problem = read_problem(instance)
    return check(problem, read_solution(solution, problem))


def read_problem(path: Path) -> Problem:
    """Read and check an instance.

    Raises
    ------
    InputError, InputErrors
        It is no JSON of the form, or cannot be meant; with every fault.
    """
    made = read_form(path, _Instance)
    param = made.param
    problem = Problem(
        days=param.days,
        slots=param.numTimeSlots,
        n_seats=param.numMaterials,
        patients_per_nurse=param.multitasks,
        consultation_slots=param.consultationLength,
        installation_slots=param.installationLength,
        doctors={sector: _cut(rows, param) for sector, rows in param.doctors.items()},
        nurses=_cut(param.nurses, param),
        pharmacy=_cut(tuple(tuple(int(is_open) for is_open in row) for row in param.pharmacy), param),
        patients=tuple(Patient(str(one.id), tuple(map(_to_session, one.rdvDemands))) for one in made.demands),
        seats_out=param.seatsOut,
    )
    check_problem(problem, str(path))
    return problem


def _cut(rows: _Rows, param: _Param) -> Calendar:
    """Leave out the moment at the end of a day."""
    return tuple(row[:-1] if len(row) == param.numTimeSlots + 1 else row for row in rows)


def _to_session(made: _Demand) -> Session:
    return Session(
        rest_days=made.afterLastRequest,
        has_consultation=made.needingConsultation,
        sector=str(made.sectorId),
        may_mix_ahead=not made.medPreparedSameDay,
        mixing_slots=made.medPrepDuration,
        monitoring_slots=made.treatmentDuration,
        link=None if made.linkedDays is None else Link(frozenset(made.linkedDays), made.linkedBecause),
    )


def read_solution(path: Path, problem: Problem) -> Solution:  # noqa: ARG001 (as the other kinds do)
    """Read a solution; what it names and the problem does not is for `check` to report.

    Raises
    ------
    InputError, InputErrors
        It is no JSON of the form, or says something twice.
    """
    made = read_form(path, _Solution)
    faults = []
    visits: dict[str, tuple[Visit, ...]] = {}
    for one in made.patients:
        numbers = [visit.session for visit in one.sessions]
        if str(one.id) in visits:
            faults.append(refuse_form(f"{path}: patients", f"{one.id} twice", "each once"))
        if numbers != list(range(len(numbers))):
            faults.append(refuse_form(f"{path}: patient {one.id}: sessions", str(numbers), "0, 1, 2, ..."))
        visits[str(one.id)] = tuple(
            Visit(
                visit.day,
                visit.consultation,
                visit.mixingDay,
                visit.mixing,
                visit.installation,
                visit.monitoring,
            )
            for visit in one.sessions
        )
    if faults:
        raise InputErrors(faults)
    return Solution(visits)


def to_json(problem: Problem, solution: Solution) -> dict[str, Any]:
    """Return a solution as `read_solution` takes it."""
    return {
        "patients": [
            {
                "id": patient.id,
                "sessions": [
                    _write_visit(nth, visit) for nth, visit in enumerate(solution.visits[patient.id])
                ],
            }
            for patient in problem.patients
            if patient.id in solution.visits
        ]
    }


def _write_visit(nth: int, visit: Visit) -> dict[str, int]:
    written = {"session": nth, "day": visit.day}
    if visit.consultation is not None:
        written["consultation"] = visit.consultation
    return written | {
        "mixingDay": visit.mixing_day,
        "mixing": visit.mixing,
        "installation": visit.installation,
        "monitoring": visit.monitoring,
    }
