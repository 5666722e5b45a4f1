"""Whether a plan keeps every rule, and what it costs; written from the definition, apart from all solvers."""

from collections import Counter
from collections.abc import Iterator

from oncopolis.foundation.findings import Finding
from oncopolis.scheduling.chairs.problem import Patient, Problem, Session
from oncopolis.scheduling.chairs.solution import Solution, Visit
from oncopolis.scheduling.verdict import Verdict

RULES = (
    "unknown-patient",
    "every-session",
    "day",
    "linked-day",
    "within-day",
    "rest-days",
    "consultation",
    "mixing-day",
    "mixing-order",
    "pharmacy-open",
    "installation-order",
    "monitoring-order",
    "doctors",
    "nurses",
    "seats",
)


def check(problem: Problem, solution: Solution) -> Verdict:
    """Look at a solution, rule by rule; the cost is the sum of the times at which the sessions end.

    `days` is the part of the whole days before that of a session, `slots` that within the day, both in slots.
    """
    known = {patient.id: patient for patient in problem.patients}
    found = [
        _report("unknown-patient", id_, "There is no such patient.", id_, "one of the problem")
        for id_ in sorted(set(solution.visits) - set(known))
    ]
    booked = [
        (f"{patient.id}, session {nth}", session, visit)
        for patient in problem.patients
        for nth, (session, visit) in enumerate(
            zip(patient.sessions, solution.visits.get(patient.id, ()), strict=False)
        )
    ]
    for patient in problem.patients:
        found += _check_cycle(patient, solution.visits.get(patient.id, ()))
    for where, session, visit in booked:
        found += _check_visit(problem, session, visit, where)
    found += _check_resources(problem, [(session, visit) for _, session, visit in booked])
    ends = [visit.monitoring + session.monitoring_slots for _, session, visit in booked]
    days = sum((visit.day - 1) * problem.slots for _, _, visit in booked)
    return Verdict({"days": days, "slots": sum(ends)}, tuple(found))


def _check_cycle(patient: Patient, visits: tuple[Visit, ...]) -> Iterator[Finding]:
    if len(visits) != len(patient.sessions):
        yield _report("every-session", patient.id, "Not each session of the cycle has its visit.",
                      f"{len(visits)} visits", str(len(patient.sessions)))  # fmt: skip
    for nth, (session, visit) in enumerate(zip(patient.sessions, visits, strict=False)):
        where = f"{patient.id}, session {nth}"
        if nth == 0:
            if visit.day - 1 < session.rest_days:
                yield _report("rest-days", where, "The cycle begins too early.", f"day {visit.day}",
                              f"day {1 + session.rest_days} or later")  # fmt: skip
        elif visit.day - visits[nth - 1].day != session.rest_days:
            yield _report("rest-days", where, "The rest is not as long as it has to be.",
                          f"{visit.day - visits[nth - 1].day} days", f"{session.rest_days}")  # fmt: skip


def _check_visit(problem: Problem, session: Session, visit: Visit, where: str) -> Iterator[Finding]:
    if session.link is not None and visit.day not in session.link.days:
        yield _report("linked-day", where, "The day does not go with another treatment.", f"day {visit.day}",
                      session.link.because)  # fmt: skip
    if not 1 <= visit.day <= problem.days:
        yield _report("day", where, "The day is outside of the horizon.", f"day {visit.day}",
                      f"1 to {problem.days}")  # fmt: skip
    for name, start, length in _list_parts(problem, session, visit):
        if start < 0 or start + length > problem.slots:
            yield _report("within-day", where, f"The {name} does not fit into the day.",
                          f"slots {start} to {start + length}", f"0 to {problem.slots}")  # fmt: skip
    if session.has_consultation != (visit.consultation is not None):
        yield _report("consultation", where, "A consultation is missing, or not called for.",
                      "no" if visit.consultation is None else "yes",
                      "yes" if session.has_consultation else "no")  # fmt: skip
    consulted = 0 if visit.consultation is None else visit.consultation + problem.consultation_slots
    if visit.installation < consulted:
        yield _report("installation-order", where, "The patient is seated before the consultation ends.",
                      f"slot {visit.installation}", f"{consulted} or later")  # fmt: skip
    ready = visit.installation + problem.installation_slots
    if visit.monitoring < ready:
        yield _report("monitoring-order", where, "The drug is given before the installation ends.",
                      f"slot {visit.monitoring}", f"{ready} or later")  # fmt: skip
    yield from _check_mixing(problem, session, visit, consulted, where)


def _check_mixing(
    problem: Problem, session: Session, visit: Visit, consulted: int, where: str
) -> Iterator[Finding]:
    earliest = visit.day - 1 if session.may_mix_ahead else visit.day
    if not max(0, earliest) <= visit.mixing_day <= visit.day:
        yield _report("mixing-day", where, "The drug is mixed on a wrong day.", f"day {visit.mixing_day}",
                      f"day {earliest} to {visit.day}")  # fmt: skip
    mixed = visit.mixing + session.mixing_slots
    if visit.mixing_day == visit.day:
        if not session.may_mix_ahead and visit.mixing < consulted:
            yield _report("mixing-order", where, "The drug is mixed before the consultation ends.",
                          f"slot {visit.mixing}", f"{consulted} or later")  # fmt: skip
        if visit.monitoring < mixed:
            yield _report("mixing-order", where, "The drug is given before it is mixed.",
                          f"slot {visit.monitoring}", f"{mixed} or later")  # fmt: skip
    if 0 <= visit.mixing_day <= problem.days:
        hours = problem.pharmacy[visit.mixing_day]
        closed = [slot for slot in range(max(0, visit.mixing), min(mixed, problem.slots)) if not hours[slot]]
        if closed:
            yield _report("pharmacy-open", where, "The pharmacy is closed while the drug is mixed.",
                          f"day {visit.mixing_day}, slot {closed[0]}", "open")  # fmt: skip


def _list_parts(problem: Problem, session: Session, visit: Visit) -> Iterator[tuple[str, int, int]]:
    """Yield (name, first slot, length) of all that a session consists of."""
    if visit.consultation is not None:
        yield "consultation", visit.consultation, problem.consultation_slots
    yield "mixing", visit.mixing, session.mixing_slots
    yield "installation", visit.installation, problem.installation_slots
    yield "monitoring", visit.monitoring, session.monitoring_slots


def _check_resources(problem: Problem, booked: list[tuple[Session, Visit]]) -> Iterator[Finding]:
    consulted: Counter[tuple[str, int, int]] = Counter()
    installed: Counter[tuple[int, int]] = Counter()
    monitored: Counter[tuple[int, int]] = Counter()
    seated: Counter[tuple[int, int]] = Counter()
    for session, visit in booked:
        day, end = visit.day, visit.monitoring + session.monitoring_slots
        if visit.consultation is not None:
            for slot in range(visit.consultation, visit.consultation + problem.consultation_slots):
                consulted[session.sector, day, slot] += 1
        installed.update(
            (day, slot) for slot in range(visit.installation, visit.installation + problem.installation_slots)
        )
        monitored.update((day, slot) for slot in range(visit.monitoring, end))
        seated.update((day, slot) for slot in range(visit.installation, end))
    for (sector, day, slot), n in sorted(consulted.items()):
        if n > (there := _look_up(problem.doctors[sector], day, slot)):
            yield _report("doctors", f"sector {sector}, day {day}, slot {slot}", "Too few doctors.",
                          f"{n} consultations", f"at most {there}")  # fmt: skip
    for day, slot in sorted(installed.keys() | monitored.keys()):
        needed = installed[day, slot] + -(-monitored[day, slot] // problem.patients_per_nurse)
        if needed > (there := _look_up(problem.nurses, day, slot)):
            yield _report("nurses", f"day {day}, slot {slot}", "Too few nurses.",
                          f"{installed[day, slot]} installations and {monitored[day, slot]} monitored: "
                          f"{needed} nurses", f"at most {there}")  # fmt: skip
    for (day, slot), n in sorted(seated.items()):
        there = problem.count_seats(day) if 0 <= day <= problem.days else 0
        if n > there:
            yield _report("seats", f"day {day}, slot {slot}", "Too few seats.", f"{n} patients",
                          f"at most {there}")  # fmt: skip


def _look_up(calendar: tuple[tuple[int, ...], ...], day: int, slot: int) -> int:
    """How much there is; nought outside of the horizon, where nobody works."""
    if not (1 <= day < len(calendar) and 0 <= slot < len(calendar[day])):
        return 0
    return calendar[day][slot]


def _report(rule: str, where: str, message: str, actual: str, expected: str) -> Finding:
    return Finding(
        rule=rule, severity="error", where=where, message=message, actual=actual, expected=expected
    )
