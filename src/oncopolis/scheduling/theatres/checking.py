"""Whether a solution keeps every rule, and what it costs; written from the definition, apart from solvers."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from oncopolis.foundation.findings import Finding
from oncopolis.scheduling.theatres.problem import Care, Problem
from oncopolis.scheduling.theatres.solution import Solution
from oncopolis.scheduling.verdict import Verdict

COMPONENTS = (
    "room_mixed_age",
    "room_nurse_skill",
    "continuity_of_care",
    "nurse_excessive_workload",
    "open_operating_theatre",
    "surgeon_transfer",
    "patient_delay",
    "unscheduled_optional",
)

PREFERENCE = "surgeon_preference"
"""Counted beside them where a surgeon has days of their own choice."""

FIXES = {
    "unknown-id": "correct the name",
    "mandatory-admitted": "admit the patient",
    "admission-day": "choose a day from release to due day",
    "target-day": "admit the patient by then, or let another class be hard",
    "linked-day": "choose a day that the link allows",
    "room-compatible": "choose a room that is open to the patient",
    "one-gender": "move one of them to another room or day",
    "room-capacity": "move one of them to another room or day",
    "intensive-care": "move one of them to another day",
    "isolation": "move one of them to another room or day",
    "surgeon-time": "move an operation to another day",
    "theatre-time": "move an operation to another theatre or day",
    "emergency-reserve": "move an operation to another theatre or day",
    "nurse-on-duty": "give the room a nurse who works then",
    "room-covered": "give the room a nurse who works then",
}
"""Rule -> what to do."""


@dataclass(frozen=True, slots=True)
class _Lying:
    """Somebody in a bed on a day.

    Parameters
    ----------
    nth
        Day of their stay.
    """

    id: str
    care: Care
    nth: int


def check(problem: Problem, solution: Solution) -> Verdict:
    """Look at a solution, rule by rule and cost by cost.

    Ids that the problem does not know are violations, and what names them is left out of everything else.
    """
    return _Check(problem, solution).run()


class _Check:
    def __init__(self, problem: Problem, solution: Solution) -> None:
        self.problem, self.solution = problem, solution
        self.patients = {patient.id: patient for patient in problem.patients}
        self.rooms = {room.id: room for room in problem.rooms}
        self.theatres = {theatre.id: theatre for theatre in problem.theatres}
        self.skills = {nurse.id: nurse.skill for nurse in problem.nurses}
        self.duties = {
            (nurse.id, duty.day, duty.shift): duty.most_load
            for nurse in problem.nurses
            for duty in nurse.duties
        }
        self.found: list[Finding] = []
        self.unknown = set(self._find_unknown())
        self.admitted = {
            id_: one for id_, one in solution.admissions.items() if ("patient", id_) not in self.unknown
        }
        self.lying = self._lay_down()

    def run(self) -> Verdict:
        for kind, name in sorted(self.unknown):
            self._report("unknown-id", name, f"There is no {kind} of that name.", name, "one of the problem")
        self._check_patients()
        self._check_targets()
        self._check_rooms()
        self._check_intensive_care()
        self._check_theatres()
        self._check_nurses()
        weights = self.problem.weights
        counted = [*COMPONENTS]
        if any(surgeon.unwanted_days for surgeon in self.problem.surgeons):
            counted.append(PREFERENCE)
        costs = {name: getattr(weights, name) * getattr(self, f"_count_{name}")() for name in counted}
        return Verdict(costs, tuple(self.found), self._count_past_target())

    def _find_unknown(self) -> Iterator[tuple[str, str]]:
        for id_, one in self.solution.admissions.items():
            is_known = (
                one.room in self.rooms and one.theatre in self.theatres and 0 <= one.day < self.problem.days
            )
            if id_ not in self.patients or not is_known:
                yield "patient", id_
            if one.room not in self.rooms:
                yield "room", one.room
            if one.theatre not in self.theatres:
                yield "theatre", one.theatre
            if not 0 <= one.day < self.problem.days:
                yield "day", str(one.day)
        for (room, day, shift), nurse in self.solution.nurses.items():
            if room not in self.rooms:
                yield "room", room
            if nurse not in self.skills:
                yield "nurse", nurse
            if not (0 <= day < self.problem.days and 0 <= shift < len(self.problem.shifts)):
                yield "shift", f"{day} {shift}"

    def _lay_down(self) -> dict[tuple[str, int], list[_Lying]]:
        """(room, day) -> who lies there."""
        lying: dict[tuple[str, int], list[_Lying]] = defaultdict(list)
        stays = [(one.id, one.care, one.room, 0) for one in self.problem.occupants]
        stays += [(id_, self.patients[id_].care, one.room, one.day) for id_, one in self.admitted.items()]
        for id_, care, room, first in stays:
            for day in range(first, min(first + care.stay_days, self.problem.days)):
                lying[room, day].append(_Lying(id_, care, day - first))
        return lying

    # --- Rules ---

    def _check_patients(self) -> None:
        for id_, patient in self.patients.items():
            admission = self.admitted.get(id_)
            if admission is None:
                if patient.is_mandatory:
                    self._report(
                        "mandatory-admitted", id_, "A mandatory patient is left out.", "out", "admitted"
                    )
                continue
            last = self.problem.days - 1 if patient.due_day is None else patient.due_day
            if not patient.release_day <= admission.day <= last:
                self._report(
                    "admission-day",
                    id_,
                    "The admission is outside of its window.",
                    f"day {admission.day}",
                    f"day {patient.release_day} to {last}",
                )
            if patient.link is not None and admission.day not in patient.link.days:
                self._report(
                    "linked-day",
                    id_,
                    "The day does not go with another treatment.",
                    f"day {admission.day}",
                    patient.link.because,
                )
            if admission.room in patient.closed_rooms:
                self._report(
                    "room-compatible",
                    id_,
                    "The room is closed to the patient.",
                    admission.room,
                    "another room",
                )

    def _check_targets(self) -> None:
        for id_, patient in self.patients.items():
            asked = patient.priority
            if asked is None or asked.clinical_class not in self.problem.hard_classes:
                continue
            admission = self.admitted.get(id_)
            if asked.target_day is not None and (admission is None or admission.day > asked.target_day):
                self._report(
                    "target-day",
                    id_,
                    f"A patient of class {asked.clinical_class} is not admitted by the target day.",
                    "out" if admission is None else f"day {admission.day}",
                    f"day {asked.target_day} or earlier",
                )

    def _check_rooms(self) -> None:
        for (room, day), people in sorted(self.lying.items()):
            genders = {one.care.gender for one in people}
            if len(genders) > 1:
                self._report(
                    "one-gender",
                    f"{room}, day {day}",
                    "Two genders lie in one room.",
                    ", ".join(sorted(genders)),
                    "one",
                )
            if len(people) > 1 and any(one.care.is_alone for one in people):
                self._report(
                    "isolation",
                    f"{room}, day {day}",
                    "Somebody who has to lie alone does not.",
                    ", ".join(sorted(one.id for one in people)),
                    "one person",
                )
            if len(people) > self.rooms[room].n_beds:
                self._report(
                    "room-capacity",
                    f"{room}, day {day}",
                    "More people than beds.",
                    str(len(people)),
                    f"at most {self.rooms[room].n_beds}",
                )

    def _check_intensive_care(self) -> None:
        beds = self.problem.intensive_beds
        there: dict[int, list[str]] = defaultdict(list)
        for (_, day), people in self.lying.items() if beds else ():
            there[day] += [one.id for one in people if one.nth < one.care.intensive_days]
        for day, ids in sorted(there.items()):
            if len(ids) > beds[day]:
                self._report(
                    "intensive-care",
                    f"day {day}",
                    "More people in intensive care than beds.",
                    f"{len(ids)}: {', '.join(sorted(ids))}",
                    f"at most {beds[day]}",
                )

    def _check_theatres(self) -> None:
        by_surgeon: Counter[tuple[str, int]] = Counter()
        by_theatre: Counter[tuple[str, int]] = Counter()
        for id_, one in self.admitted.items():
            by_surgeon[self.patients[id_].surgeon, one.day] += self.patients[id_].surgery_min
            by_theatre[one.theatre, one.day] += self.patients[id_].surgery_min
        most = {surgeon.id: surgeon.most_min for surgeon in self.problem.surgeons}
        for (surgeon, day), minutes in sorted(by_surgeon.items()):
            if minutes > most[surgeon][day]:
                self._report(
                    "surgeon-time",
                    f"{surgeon}, day {day}",
                    "A surgeon operates for too long.",
                    f"{minutes} min",
                    f"at most {most[surgeon][day]} min",
                )
        for (theatre, day), minutes in sorted(by_theatre.items()):
            opened = self.theatres[theatre].open_min[day]
            kept = self.theatres[theatre].reserve_min[day] if self.theatres[theatre].reserve_min else 0
            if minutes > opened:
                self._report(
                    "theatre-time",
                    f"{theatre}, day {day}",
                    "A theatre is used for longer than it is open.",
                    f"{minutes} min",
                    f"at most {opened} min",
                )
            elif minutes > max(0, opened - kept):
                self._report(
                    "emergency-reserve",
                    f"{theatre}, day {day}",
                    "A list takes minutes that are kept for emergencies.",
                    f"{minutes} min",
                    f"at most {opened - kept} min",
                )

    def _check_nurses(self) -> None:
        for (room, day, shift), nurse in sorted(self.solution.nurses.items()):
            if nurse in self.skills and (nurse, day, shift) not in self.duties:
                self._report(
                    "nurse-on-duty",
                    f"{nurse}, day {day}, shift {shift}",
                    "A nurse has a room and no duty.",
                    room,
                    "a nurse who works then",
                )
        for room, day in sorted(self.lying):
            for shift in range(len(self.problem.shifts)):
                if (room, day, shift) not in self.solution.nurses:
                    self._report(
                        "room-covered",
                        f"{room}, day {day}, shift {shift}",
                        "Nobody looks after a room where somebody lies.",
                        "no nurse",
                        "one",
                    )

    def _report(self, rule: str, where: str, message: str, actual: str, expected: str) -> None:
        self.found.append(
            Finding(
                rule=rule,
                severity="error",
                where=where,
                message=message,
                actual=actual,
                expected=expected,
                fix=FIXES[rule],
            )
        )

    def _count_past_target(self) -> dict[int, tuple[int, int]]:
        late: Counter[int] = Counter()
        out: Counter[int] = Counter()
        classes = set()
        for id_, patient in self.patients.items():
            if patient.priority is None:
                continue
            classes.add(patient.priority.clinical_class)
            if patient.priority.target_day is None:
                continue
            if id_ not in self.admitted:
                out[patient.priority.clinical_class] += 1
            elif self.admitted[id_].day > patient.priority.target_day:
                late[patient.priority.clinical_class] += 1
        return {one: (late[one], out[one]) for one in sorted(classes)}

    # --- Costs ---

    def _count_room_mixed_age(self) -> int:
        rank = {group: place for place, group in enumerate(self.problem.age_groups)}
        spans = ([rank[one.care.age_group] for one in people] for people in self.lying.values())
        return sum(max(ranks) - min(ranks) for ranks in spans)

    def _list_care(self) -> Iterator[tuple[str, str, int, int, int, int]]:
        """Yield (patient, nurse, day, shift, load, skill) of all who have a nurse that is known."""
        n = len(self.problem.shifts)
        for (room, day), people in self.lying.items():
            for shift in range(n):
                nurse = self.solution.nurses.get((room, day, shift))
                if nurse is None or nurse not in self.skills:
                    continue
                for one in people:
                    place = one.nth * n + shift
                    yield one.id, nurse, day, shift, one.care.workload[place], one.care.skill[place]

    def _count_room_nurse_skill(self) -> int:
        return sum(max(0, skill - self.skills[nurse]) for _, nurse, _, _, _, skill in self._list_care())

    def _count_continuity_of_care(self) -> int:
        return len({(patient, nurse) for patient, nurse, *_ in self._list_care()})

    def _count_nurse_excessive_workload(self) -> int:
        loads: Counter[tuple[str, int, int]] = Counter()
        for _, nurse, day, shift, load, _ in self._list_care():
            loads[nurse, day, shift] += load
        return sum(max(0, load - self.duties[at]) for at, load in loads.items() if at in self.duties)

    def _count_open_operating_theatre(self) -> int:
        return len({(one.theatre, one.day) for one in self.admitted.values()})

    def _count_surgeon_transfer(self) -> int:
        used: dict[tuple[str, int], set[str]] = defaultdict(set)
        for id_, one in self.admitted.items():
            used[self.patients[id_].surgeon, one.day].add(one.theatre)
        return sum(len(theatres) - 1 for theatres in used.values())

    def _count_patient_delay(self) -> int:
        return sum(one.day - self.patients[id_].release_day for id_, one in self.admitted.items())

    def _count_surgeon_preference(self) -> int:
        unwanted = {surgeon.id: surgeon.unwanted_days for surgeon in self.problem.surgeons}
        return sum(one.day in unwanted[self.patients[id_].surgeon] for id_, one in self.admitted.items())

    def _count_unscheduled_optional(self) -> int:
        return sum(
            not patient.is_mandatory and id_ not in self.admitted for id_, patient in self.patients.items()
        )
