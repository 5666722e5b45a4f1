"""What a solution costs, component by component, and who is past target."""

from collections import Counter, defaultdict
from collections.abc import Iterator

from oncopolis.scheduling.theatres.standing import Standing

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


def count_costs(standing: Standing) -> dict[str, int]:
    """Return component -> cost."""
    problem = standing.problem
    counted = [*COMPONENTS]
    if any(surgeon.unwanted_days for surgeon in problem.surgeons):
        counted.append(PREFERENCE)
    of = _Counts(standing)
    return {name: getattr(problem.weights, name) * getattr(of, f"count_{name}")() for name in counted}


def count_past_target(standing: Standing) -> dict[int, tuple[int, int]]:
    """Return clinical class -> those admitted after their target day, and those left out."""
    late: Counter[int] = Counter()
    out: Counter[int] = Counter()
    classes = set()
    for id_, patient in standing.patients.items():
        if patient.priority is None:
            continue
        classes.add(patient.priority.clinical_class)
        if patient.priority.target_day is None:
            continue
        if id_ not in standing.admitted:
            out[patient.priority.clinical_class] += 1
        elif standing.admitted[id_].day > patient.priority.target_day:
            late[patient.priority.clinical_class] += 1
    return {one: (late[one], out[one]) for one in sorted(classes)}


class _Counts:
    """Units of each component."""

    def __init__(self, standing: Standing) -> None:
        self.problem, self.solution = standing.problem, standing.solution
        self.patients, self.admitted, self.lying = standing.patients, standing.admitted, standing.lying
        self.skills, self.duties = standing.skills, standing.duties

    def count_room_mixed_age(self) -> int:
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

    def count_room_nurse_skill(self) -> int:
        return sum(max(0, skill - self.skills[nurse]) for _, nurse, _, _, _, skill in self._list_care())

    def count_continuity_of_care(self) -> int:
        return len({(patient, nurse) for patient, nurse, *_ in self._list_care()})

    def count_nurse_excessive_workload(self) -> int:
        loads: Counter[tuple[str, int, int]] = Counter()
        for _, nurse, day, shift, load, _ in self._list_care():
            loads[nurse, day, shift] += load
        return sum(max(0, load - self.duties[at]) for at, load in loads.items() if at in self.duties)

    def count_open_operating_theatre(self) -> int:
        return len({(one.theatre, one.day) for one in self.admitted.values()})

    def count_surgeon_transfer(self) -> int:
        used: dict[tuple[str, int], set[str]] = defaultdict(set)
        for id_, one in self.admitted.items():
            used[self.patients[id_].surgeon, one.day].add(one.theatre)
        return sum(len(theatres) - 1 for theatres in used.values())

    def count_patient_delay(self) -> int:
        return sum(one.day - self.patients[id_].release_day for id_, one in self.admitted.items())

    def count_surgeon_preference(self) -> int:
        unwanted = {surgeon.id: surgeon.unwanted_days for surgeon in self.problem.surgeons}
        return sum(one.day in unwanted[self.patients[id_].surgeon] for id_, one in self.admitted.items())

    def count_unscheduled_optional(self) -> int:
        return sum(
            not patient.is_mandatory and id_ not in self.admitted for id_, patient in self.patients.items()
        )
