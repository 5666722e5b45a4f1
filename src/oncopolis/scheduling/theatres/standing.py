"""`Standing`: who lies where, comes when and is on duty, by what a solution says."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from oncopolis.scheduling.theatres.problem import Care, Problem
from oncopolis.scheduling.theatres.solution import Solution


@dataclass(frozen=True, slots=True)
class Lying:
    """Somebody in a bed on a day.

    Parameters
    ----------
    nth
        Day of their stay.
    """

    id: str
    care: Care
    nth: int


class Standing:
    """What a solution says, without whatever names ids that the problem does not know.

    Attributes
    ----------
    unknown
        (kind, name) of those ids.
    admitted
        Patient -> admission.
    lying
        (room, day) -> who lies there.
    duties
        (nurse, day, shift) -> most load.
    """

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
        self.unknown = set(self._find_unknown())
        self.admitted = {
            id_: one for id_, one in solution.admissions.items() if ("patient", id_) not in self.unknown
        }
        self.lying = self._lay_down()

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

    def _lay_down(self) -> dict[tuple[str, int], list[Lying]]:
        """(room, day) -> who lies there."""
        lying: dict[tuple[str, int], list[Lying]] = defaultdict(list)
        stays = [(one.id, one.care, one.room, 0) for one in self.problem.occupants]
        stays += [(id_, self.patients[id_].care, one.room, one.day) for id_, one in self.admitted.items()]
        for id_, care, room, first in stays:
            for day in range(first, min(first + care.stay_days, self.problem.days)):
                lying[room, day].append(Lying(id_, care, day - first))
        return lying
