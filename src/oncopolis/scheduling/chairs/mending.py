"""`mend`: some cycles of a plan anew, by a constraint model that is exact in every rule and cost."""

import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from ortools.sat.python import cp_model

from oncopolis.scheduling.chairs.arrays import compute_ready, to_visit
from oncopolis.scheduling.chairs.problem import Patient, Problem, Session
from oncopolis.scheduling.chairs.room import Room
from oncopolis.scheduling.chairs.solution import Solution, Visit
from oncopolis.scheduling.mending import Mended, solve_model


@dataclass(frozen=True)
class Terms:
    """What may change, and what a change costs beside the costs of the plan.

    Parameters
    ----------
    today, now
        What begins before this slot of this day stays as it is.
    charge
        Cost of each session with another day or time of arrival.
    late
        Patient -> slot of today before which they are not there.
    has_costs
        Whether what the plan costs counts; if not, only patients without a time, and charges.
    """

    today: int
    now: int
    charge: int
    late: Mapping[str, int] = field(default_factory=dict)
    has_costs: bool = True

    def is_past(self, visit: Visit) -> bool:
        """Whether a visit has begun."""
        return (visit.day, visit.arrival) < (self.today, self.now)


def mend(
    problem: Problem,
    told: Solution,
    known: Solution,
    terms: Terms,
    firsts: Mapping[str, Sequence[int]],
    seconds: float,
) -> Mended[Solution] | None:
    """Change some cycles: that everybody has a time comes first, then costs and charges.

    Parameters
    ----------
    told
        The plan from which changes are counted. Other cycles stay as they are in it.
    known
        A plan that may be a good one, to begin with.
    firsts
        Patient whose cycle may change -> the days on which it may begin.

    Returns
    -------
    Mended or None
        None if nothing was found in the time.
    """
    until = time.monotonic() + seconds
    model = _Model(problem, told, terms, firsts, cp_model.CpModel())
    model.hint(known)
    found = solve_model(model.model, until)
    if found is None:
        return None
    solver, is_proved = found
    visits = {id_: made for id_, made in told.visits.items() if id_ not in firsts}
    visits |= model.read(solver)
    return Mended(Solution(visits), is_proved)


@dataclass(frozen=True)
class _Times:
    """When the parts of a session that may change begin."""

    consultation: Any
    installation: Any
    monitoring: Any

    @property
    def arrival(self) -> Any:
        return self.installation if self.consultation is None else self.consultation


class _Model:
    """A literal for each day on which a cycle may begin, and times for each of its sessions."""

    def __init__(
        self,
        problem: Problem,
        told: Solution,
        terms: Terms,
        firsts: Mapping[str, Sequence[int]],
        model: Any,
    ) -> None:
        self.problem, self.told, self.terms, self.model = problem, told, terms, model
        self.ahead = _close_past(problem, terms)
        self.patients = [one for one in problem.patients if one.id in firsts]
        self.begins: dict[str, dict[int, Any]] = {}
        self.times: dict[tuple[str, int], _Times] = {}
        self.used: dict[tuple[str, int], list[tuple[Any, int]]] = defaultdict(list)
        self.objective: list[Any] = []
        self.out: list[Any] = []
        n_sessions = 0
        for patient in self.patients:
            self._add_patient(patient, firsts[patient.id])
            n_sessions += len(patient.sessions)
        self._add_resources(firsts)
        dear = 1 + n_sessions * (problem.days * problem.slots + terms.charge)
        model.minimize(sum(self.objective) + dear * sum(self.out))

    def hint(self, known: Solution) -> None:
        """Begin with a plan."""
        for row, patient in enumerate(self.patients):
            visits = known.visits.get(patient.id)
            self.model.add_hint(self.out[row], not visits)
            for first, literal in self.begins[patient.id].items():
                self.model.add_hint(literal, bool(visits) and visits is not None and visits[0].day == first)
            for nth, visit in enumerate(visits or ()):
                times = self.times.get((patient.id, nth))
                if times is not None:
                    self.model.add_hint(times.installation, visit.installation)
                    self.model.add_hint(times.monitoring, visit.monitoring)
                    if times.consultation is not None and visit.consultation is not None:
                        self.model.add_hint(times.consultation, visit.consultation)

    def read(self, solver: Any) -> dict[str, tuple[Visit, ...]]:
        """Return the visits of those who have a time."""
        made = {}
        for patient in self.patients:
            for first, literal in self.begins[patient.id].items():
                if solver.boolean_value(literal):
                    made[patient.id] = tuple(
                        self._read_visit(solver, patient, nth, first + offset)
                        for nth, offset in enumerate(patient.list_offsets())
                    )
        return made

    def _read_visit(self, solver: Any, patient: Patient, nth: int, day: int) -> Visit:
        times, told = self.times.get((patient.id, nth)), self._get_told(patient, nth)
        if times is None:
            assert told is not None
            return told
        start = None if times.consultation is None else solver.value(times.consultation)
        installation, monitoring = solver.value(times.installation), solver.value(times.monitoring)
        session = patient.sessions[nth]
        if told is not None and self._is_mixed(session, told) and told.day == day:
            return Visit(day, start, told.mixing_day, told.mixing, installation, monitoring)
        return to_visit(self.ahead, session, day, start, installation, monitoring)

    def _get_told(self, patient: Patient, nth: int) -> Visit | None:
        visits = self.told.visits.get(patient.id, ())
        return visits[nth] if nth < len(visits) else None

    def _is_mixed(self, session: Session, told: Visit) -> bool:
        """Whether a drug is already being mixed; one that waits for its consultation is not."""
        at = (told.mixing_day, told.mixing)
        return session.may_mix_ahead and at < (self.terms.today, self.terms.now)

    def _add_patient(self, patient: Patient, firsts: Sequence[int]) -> None:
        begins = self.begins[patient.id] = {first: self.model.new_bool_var("") for first in firsts}
        self.out.append(self.model.new_bool_var(""))
        self.model.add_exactly_one([*begins.values(), self.out[-1]])
        for nth, (session, offset) in enumerate(zip(patient.sessions, patient.list_offsets(), strict=True)):
            told = self._get_told(patient, nth)
            if told is None or not self.terms.is_past(told):
                self._add_session(patient, nth, session, {f + offset: one for f, one in begins.items()})

    def _add_session(self, patient: Patient, nth: int, session: Session, on: Mapping[int, Any]) -> None:
        problem, model = self.problem, self.model
        talk, install, length = (
            problem.consultation_slots,
            problem.installation_slots,
            session.monitoring_slots,
        )

        def start(slots: int) -> Any:
            return model.new_int_var(0, max(0, problem.slots - slots), "")

        times = _Times(start(talk) if session.has_consultation else None, start(install), start(length))
        self.times[patient.id, nth] = times
        seated = model.new_int_var(0, problem.slots, "")
        model.add(seated == times.monitoring + length - times.installation)
        if times.consultation is not None:
            model.add(times.installation >= times.consultation + talk)
        model.add(times.monitoring >= times.installation + install)
        for day, literal in on.items():
            self._use(day, "nurses", times.installation, install, literal, problem.patients_per_nurse)
            self._use(day, "nurses", times.monitoring, length, literal, 1)
            self._use_seat(day, times, seated, length, literal)
            if times.consultation is not None:
                self._use(day, f"doctors {session.sector}", times.consultation, talk, literal, 1)
            self._limit_times(patient, nth, session, day, literal)
        if self.terms.has_costs:
            self.objective.append(times.monitoring + length)
            self.objective += [(day - 1) * problem.slots * literal for day, literal in on.items()]
        self._charge_change(self._get_told(patient, nth), times, on)

    def _use(self, day: int, what: str, start: Any, length: Any, literal: Any, n: int) -> None:
        interval = self.model.new_optional_interval_var(start, length, start + length, literal, "")
        self.used[what, day].append((interval, n))

    def _use_seat(self, day: int, times: _Times, seated: Any, length: int, literal: Any) -> None:
        end = times.monitoring + length
        interval = self.model.new_optional_interval_var(times.installation, seated, end, literal, "")
        self.used["seats", day].append((interval, 1))

    def _limit_times(self, patient: Patient, nth: int, session: Session, day: int, literal: Any) -> None:
        """Nobody comes before now, or before they can, and no drug is given before it is there."""
        model, times, told = self.model, self.times[patient.id, nth], self._get_told(patient, nth)
        if day == self.terms.today:
            earliest = max(self.terms.now, self.terms.late.get(patient.id, 0))
            model.add(times.arrival >= earliest).only_enforce_if(literal)
        if told is not None and told.day == day and self._is_mixed(session, told):
            ready = told.mixing + session.mixing_slots if told.mixing_day == day else 0
            model.add(times.monitoring >= ready).only_enforce_if(literal)
            return
        ready_by = compute_ready(self.ahead, session)[day].tolist()
        if times.consultation is None or session.may_mix_ahead:
            model.add(times.monitoring >= ready_by[0]).only_enforce_if(literal)
        else:
            ready = model.new_int_var(0, self.problem.slots + 1, "")
            model.add_element(times.consultation + self.problem.consultation_slots, ready_by, ready)
            model.add(times.monitoring >= ready).only_enforce_if(literal)

    def _charge_change(self, told: Visit | None, times: _Times, on: Mapping[int, Any]) -> None:
        if told is None:
            self.objective += [self.terms.charge * literal for literal in on.values()]
        elif told.day in on:
            same = self.model.new_bool_var("")
            self.model.add_implication(same, on[told.day])
            self.model.add(times.arrival == told.arrival).only_enforce_if(same)
            self.objective.append(self.terms.charge * ~same)

    def _add_resources(self, firsts: Mapping[str, Sequence[int]]) -> None:
        """Let those whose cycles stay, and what is past, take their part first."""
        kept = [
            (session, visit)
            for patient in self.problem.patients
            for session, visit in zip(patient.sessions, self.told.visits.get(patient.id, ()), strict=False)
            if patient.id not in firsts or self.terms.is_past(visit)
        ]
        room = Room(self.problem, kept)
        calendars = {"nurses": room.nurses, "seats": room.seats}
        calendars |= {f"doctors {sector}": calendar for sector, calendar in room.doctors.items()}
        for (what, day), used in self.used.items():
            left = [max(0, int(n)) for n in calendars[what][day]]
            most = max(left)
            for slot, n in enumerate(left):
                if n < most:
                    used.append((self.model.new_fixed_size_interval_var(slot, 1, ""), most - n))
            intervals, demands = zip(*used, strict=True)
            self.model.add_cumulative(intervals, demands, most)


def _close_past(problem: Problem, terms: Terms) -> Problem:
    """Return the problem in which nothing can be mixed any more before now."""
    today = problem.pharmacy[terms.today]
    pharmacy = (
        *((0,) * problem.slots for _ in range(terms.today)),
        ((0,) * terms.now + tuple(today[terms.now :])),
        *problem.pharmacy[terms.today + 1 :],
    )
    return replace(problem, pharmacy=pharmacy)
