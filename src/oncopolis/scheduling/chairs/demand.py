"""Whether a plan can exist at all, and what would help if not."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from oncopolis.foundation import Collector, InfeasibleError
from oncopolis.scheduling.chairs.problem import Patient, Problem
from oncopolis.scheduling.chairs.ways import compute_ends, list_starts

_SHOWN = 5  # structure: how many patients a message names


def check_demand(problem: Problem) -> None:
    """Refuse a problem of which it is plain that it has no plan.

    Raises
    ------
    InfeasibleError, InputErrors
        SCH-046: a cycle is longer than the horizon. SCH-047: it fits on no day, even into an empty clinic.
        SCH-067: other treatments, to which sessions are tied, allow no day on which the cycle could begin.
        SCH-048: the sessions of all patients ask for more nurses than there are.
    """
    faults = Collector()
    for fault in _list_faults(problem):
        faults.add(fault)
    faults.raise_if_any()
    _check_nurses(problem)


def _list_faults(problem: Problem) -> Iterator[InfeasibleError]:
    long = [patient for patient in problem.patients if not patient.find_first_days(problem.days)]
    for patient in long:
        needed = problem.days + 1 - patient.find_first_days(problem.days).stop + patient.sessions[0].rest_days
        yield InfeasibleError(
            code="SCH-046", where=f"patient {patient.id}", got=f"a cycle of {needed + 1} days",
            expected=f"at most {problem.days}, the horizon", fix=f"plan at least {needed + 1} days at a time",
        )  # fmt: skip
    others = [patient for patient in problem.patients if patient not in long]
    for patient in others:
        if not any(patient.may_begin(day) for day in patient.find_first_days(problem.days)):
            because = {one.link.because for one in patient.sessions if one.link is not None}
            yield InfeasibleError(
                code="SCH-067", where=f"patient {patient.id}",
                got=f"no day on which the cycle may begin: {', '.join(sorted(because))}",
                expected="one day at least, with the exact rest between sessions",
                fix="change the rest between sessions, move the other treatment, or plan more days",
            )  # fmt: skip
            long.append(patient)
    ends = compute_ends(problem)
    stuck = [one for one in problem.patients if one not in long and not list_starts(problem, one, ends)]
    if stuck:
        names = _name(stuck)
        helping = _find_helping(problem, stuck)
        yield InfeasibleError(
            code="SCH-047", where=f"patients {names}", got="no day from which they fit into an empty clinic",
            expected="one at least, with the exact rest between them",
            fix=f"give them {helping}" if helping else "shorten the sessions, or open the clinic for longer",
        )  # fmt: skip


def _find_helping(problem: Problem, stuck: Sequence[Patient]) -> str:
    """Return the one thing that would help all of them, if there were enough of it on every day."""
    full = tuple((problem.patients_per_nurse,) * problem.slots for _ in range(problem.days + 1))
    alone = replace(problem, patients=tuple(stuck))
    sectors = {one.sector for patient in stuck for one in patient.sessions if one.has_consultation}
    ways = {
        f"longer hours of the pharmacy: {_tell_mixing(stuck)} in a row on the days of the sessions": replace(
            alone, pharmacy=full
        ),
        "a nurse in each slot of the days of the sessions": replace(alone, nurses=full),
        f"a doctor of sector {', '.join(sorted(sectors))} in each slot of the days of the sessions": replace(
            alone, doctors=dict(problem.doctors) | dict.fromkeys(sectors, full)
        ),
        "a seat": replace(alone, n_seats=max(1, problem.n_seats), seats_out=()),
    }
    for what, relaxed in ways.items():
        ends = compute_ends(relaxed)
        if all(list_starts(relaxed, patient, ends) for patient in stuck):
            return what
    return ""


def _tell_mixing(stuck: Sequence[Patient]) -> str:
    longest = max(session.mixing_slots for patient in stuck for session in patient.sessions)
    return f"{longest} slots"


def _check_nurses(problem: Problem) -> None:
    there = sum(sum(row) for row in problem.nurses[1:])
    parts = sum(
        problem.installation_slots * problem.patients_per_nurse + session.monitoring_slots
        for patient in problem.patients
        for session in patient.sessions
    )
    needed = -(-parts // problem.patients_per_nurse)
    if needed > there:
        raise InfeasibleError(
            code="SCH-048", where=f"{problem.n_sessions} sessions of {len(problem.patients)} patients",
            got=f"{needed} slots of a nurse needed", expected=f"at most {there}, in {problem.days} days",
            fix=f"add at least {needed - there} slots of a nurse, plan more days, or take fewer patients",
        )  # fmt: skip


def refuse_unfinished(problem: Problem, left: Sequence[Patient], helping: str) -> InfeasibleError:
    """Return what to say when nobody knows a plan for all patients."""
    return InfeasibleError(
        code="SCH-049", where=f"patients {_name(left)}",
        got=f"no time for the {sum(len(one.sessions) for one in left)} sessions of {len(left)} of "
        f"{len(problem.patients)} patients among all others", expected="a plan with everybody",
        fix=helping or "plan more days, take fewer patients, or search for longer",
    )  # fmt: skip


def _name(patients: Sequence[Patient]) -> str:
    names = ", ".join(patient.id for patient in patients[:_SHOWN])
    return names if len(patients) <= _SHOWN else f"{names} and {len(patients) - _SHOWN} more"
