"""Every rule and every cost of a schedule, kept and broken, counted by hand."""

from dataclasses import replace

import pytest
from tests.unit.scheduling.wards import admit, care, make_problem, make_solution

from oncopolis.scheduling.links import link_after
from oncopolis.scheduling.theatres.checking import FIXES, check
from oncopolis.scheduling.theatres.counting import COMPONENTS
from oncopolis.scheduling.theatres.problem import Duty, Nurse, Priority, Problem, Room, Surgeon, Theatre
from oncopolis.scheduling.theatres.solution import Admission, Solution

RULES = {
    "emergency-reserve",
    "intensive-care",
    "isolation",
    "linked-day",
    "mandatory-admitted",
    "admission-day",
    "target-day",
    "room-compatible",
    "one-gender",
    "room-capacity",
    "surgeon-time",
    "theatre-time",
    "nurse-on-duty",
    "room-covered",
    "unknown-id",
}


def list_rules(problem: Problem, solution: Solution) -> list[str]:
    return [finding.rule for finding in check(problem, solution).violations]


def test_the_solution_keeps_every_rule_and_costs_what_one_counts() -> None:
    verdict = check(make_problem(), make_solution())
    assert verdict.violations == ()
    assert verdict.costs == {
        # r0 holds an adult and an elderly for two days.
        "room_mixed_age": 5 * 2,
        # n1 of level 1 looks after p2, who asks for 2, in three late shifts.
        "room_nurse_skill": 10 * 3,
        # Four people in bed, two nurses each.
        "continuity_of_care": 1 * 8,
        # p0 and p2 give 5 a shift, o0 2 on day 0, p1 2 on days 1 and 2: 7 of 6 on two days, in both shifts.
        "nurse_excessive_workload": 3 * 4,
        "open_operating_theatre": 30 * 2,
        "surgeon_transfer": 0,
        "patient_delay": 11 * 1,
        "unscheduled_optional": 0,
    }
    assert verdict.cost == sum(verdict.costs.values())


def break_rules() -> dict[str, tuple[Problem, Solution]]:
    problem, solution = make_problem(), make_solution()
    uncovered = {at: nurse for at, nurse in solution.nurses.items() if at != ("r0", 1, 0)}
    crowded = replace(problem, rooms=(Room("r0", 1), Room("r1", 2)))
    hasty = replace(problem, surgeons=(Surgeon("s0", (59, 150, 0)), problem.surgeons[1]))
    kept = replace(problem, theatres=(Theatre("t0", (120,) * 3, (31, 0, 0)), problem.theatres[1]))
    lonely = replace(problem.patients[0], care=replace(problem.patients[0].care, is_alone=True))
    alone = replace(problem, patients=(lonely, *problem.patients[1:]))
    late = replace(problem.patients[1], link=link_after(0, 2, 2, "six to eight weeks after radiotherapy"))
    tied = replace(problem, patients=(problem.patients[0], late, problem.patients[2]))
    ill = replace(
        problem,
        patients=tuple(replace(one, care=replace(one.care, intensive_days=1)) for one in problem.patients),
        intensive_beds=(1, 1, 1),
    )
    asked = replace(problem.patients[1], priority=Priority(1, 0))
    classed = replace(
        problem, patients=(problem.patients[0], asked, problem.patients[2]), hard_classes=frozenset({1})
    )
    short = replace(problem, theatres=(Theatre("t0", (89, 120, 120)), problem.theatres[1]))
    return {
        "mandatory-admitted": (problem, admit(solution, p0=None)),
        "admission-day": (
            replace(problem, surgeons=(Surgeon("s0", (150,) * 3), problem.surgeons[1])),
            admit(solution, p0=Admission(2, "r0", "t0")),
        ),
        "target-day": (classed, solution),
        "room-compatible": (problem, admit(solution, p0=Admission(0, "r1", "t0"), p1=None)),
        "one-gender": (problem, admit(solution, p1=Admission(1, "r0", "t0"))),
        "room-capacity": (crowded, solution),
        "surgeon-time": (hasty, solution),
        "emergency-reserve": (kept, solution),
        "isolation": (alone, solution),
        "intensive-care": (ill, solution),
        "linked-day": (tied, solution),
        "theatre-time": (short, solution),
        "nurse-on-duty": (problem, replace(solution, nurses={**solution.nurses, ("r0", 1, 0): "n1"})),
        "room-covered": (problem, replace(solution, nurses=uncovered)),
        "unknown-id": (problem, admit(solution, px=Admission(0, "r0", "t0"))),
    }


def test_no_rule_is_without_a_case() -> None:
    assert break_rules().keys() == RULES == FIXES.keys()


@pytest.mark.parametrize("rule", sorted(RULES))
def test_a_broken_rule_is_found(rule: str) -> None:
    assert rule in list_rules(*break_rules()[rule])


@pytest.mark.parametrize(
    "admission",
    [Admission(0, "rx", "t0"), Admission(0, "r0", "tx"), Admission(9, "r0", "t0"), Admission(-1, "r0", "t0")],
)
def test_what_is_not_known_is_found_and_else_left_out(admission: Admission) -> None:
    problem, solution = make_problem(), make_solution()
    verdict = check(problem, admit(solution, p1=admission))
    assert {finding.rule for finding in verdict.violations} == {"unknown-id"}
    assert verdict.costs["unscheduled_optional"] == 350
    foreign = replace(solution, nurses={**solution.nurses, ("r0", 0, 0): "nx"})
    assert "unknown-id" in list_rules(problem, foreign)


def cost_more() -> dict[str, tuple[Problem, Solution, int]]:
    """Component -> a change, and what it adds to that component."""
    problem, solution = make_problem(), make_solution()
    younger = replace(
        problem, patients=(replace(problem.patients[0], care=care(age="child")), *problem.patients[1:])
    )
    skilled = replace(
        problem, patients=(replace(problem.patients[0], care=care(skill=3)), *problem.patients[1:])
    )
    third = Nurse("n2", 1, (Duty(1, 1, 9),))
    more = replace(problem, nurses=(*problem.nurses, third))
    busy = replace(problem, patients=(replace(problem.patients[0], care=care(load=4)), *problem.patients[1:]))
    return {
        "room_mixed_age": (younger, solution, 5 * 2),
        "room_nurse_skill": (skilled, solution, 10 * 2 * (1 + 2)),
        "continuity_of_care": (more, replace(solution, nurses={**solution.nurses, ("r0", 1, 1): "n2"}), 2),
        "nurse_excessive_workload": (busy, solution, 3 * 2 * 4),
        "open_operating_theatre": (problem, admit(solution, p2=Admission(0, "r0", "t1")), 30),
        "surgeon_transfer": (
            replace(
                problem,
                patients=tuple(replace(one, surgeon="s0", surgery_min=50) for one in problem.patients),
            ),
            admit(solution, p2=Admission(0, "r0", "t1")),
            7,
        ),
        "patient_delay": (problem, admit(solution, p2=Admission(1, "r0", "t0")), 11),
        "unscheduled_optional": (problem, admit(solution, p1=None), 350),
    }


def test_no_component_is_without_a_case() -> None:
    assert cost_more().keys() == set(COMPONENTS)


@pytest.mark.parametrize("component", COMPONENTS)
def test_a_component_costs_what_one_counts(component: str) -> None:
    problem, solution, more = cost_more()[component]
    before = check(make_problem(), make_solution()).costs[component]
    assert check(problem, solution).costs[component] - before == more


def test_a_stay_beyond_the_horizon_ends_with_it() -> None:
    problem = make_problem()
    long = replace(problem, patients=(*problem.patients[:2], replace(problem.patients[2], care=care(days=9))))
    assert check(long, make_solution()).violations == ()


def test_who_is_operated_on_when_the_surgeon_would_rather_not_costs_a_wish() -> None:
    problem = make_problem()
    choosy = replace(
        problem,
        weights=replace(problem.weights, surgeon_preference=9),
        surgeons=(replace(problem.surgeons[0], unwanted_days=frozenset({1})), problem.surgeons[1]),
    )
    assert "surgeon_preference" not in check(problem, make_solution()).costs
    assert check(choosy, make_solution()).costs["surgeon_preference"] == 9
    assert check(choosy, admit(make_solution(), p1=None)).costs["surgeon_preference"] == 0


def test_intensive_care_is_taken_from_the_first_day_for_so_many() -> None:
    problem, solution = make_problem(), make_solution()
    for days, beds, n in ((1, (2, 1, 0), 0), (1, (1, 1, 0), 1), (2, (2, 2, 1), 1), (2, (2, 3, 1), 0)):
        patients = tuple(
            replace(one, care=replace(one.care, intensive_days=days)) for one in problem.patients
        )
        found = check(replace(problem, patients=patients, intensive_beds=beds), solution).violations
        assert [one.rule for one in found] == ["intensive-care"] * n
