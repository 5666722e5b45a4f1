"""Whether a solution keeps every rule, and what it costs; written from the definition, apart from solvers."""

from collections import Counter, defaultdict

from oncopolis.foundation.findings import Finding
from oncopolis.scheduling.theatres.counting import count_costs, count_past_target
from oncopolis.scheduling.theatres.problem import Problem
from oncopolis.scheduling.theatres.solution import Solution
from oncopolis.scheduling.theatres.standing import Standing
from oncopolis.scheduling.verdict import Verdict

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


def check(problem: Problem, solution: Solution) -> Verdict:
    """Look at a solution, rule by rule and cost by cost.

    Ids that the problem does not know are violations, and what names them is left out of everything else.
    """
    standing = Standing(problem, solution)
    return Verdict(count_costs(standing), _Check(standing).run(), count_past_target(standing))


class _Check:
    def __init__(self, standing: Standing) -> None:
        self.problem, self.solution, self.unknown = standing.problem, standing.solution, standing.unknown
        self.patients, self.admitted, self.lying = standing.patients, standing.admitted, standing.lying
        self.rooms, self.theatres = standing.rooms, standing.theatres
        self.skills, self.duties = standing.skills, standing.duties
        self.found: list[Finding] = []

    def run(self) -> tuple[Finding, ...]:
        for kind, name in sorted(self.unknown):
            self._report("unknown-id", name, f"There is no {kind} of that name.", name, "one of the problem")
        self._check_patients()
        self._check_targets()
        self._check_rooms()
        self._check_intensive_care()
        self._check_theatres()
        self._check_nurses()
        return tuple(self.found)

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
