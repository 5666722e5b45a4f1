"""Plans of a day clinic: what may be meant, and each rule kept and broken."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.unit.scheduling.clinics import make_problem, make_solution, session

from oncopolis.foundation import InputError, InputErrors
from oncopolis.scheduling.chairs import (
    Patient,
    Problem,
    Solution,
    Visit,
    check,
    check_files,
    check_problem,
    is_instance,
    read_problem,
    read_solution,
    to_json,
)
from oncopolis.scheduling.chairs.checking import RULES
from oncopolis.scheduling.links import Link

EIGHT = (1,) * 8
TUESDAY = Link(frozenset({2}), "fractions are given on day 2")
OTHER = make_problem().patients[1]


def change(patient: str, nth: int, **changes: Any) -> Solution:
    """The plan with another visit."""
    visits = dict(make_solution().visits)
    every = list(visits[patient])
    every[nth] = replace(every[nth], **changes)
    return Solution(visits | {patient: tuple(every)})


def both_at_once(**changes: Any) -> tuple[Problem, Solution]:
    """A plan in which p1 is where p0 is, in a clinic with less of something."""
    return make_problem(**changes), Solution(
        dict(make_solution().visits) | {"p1": (Visit(1, None, 0, 0, 1, 3),)}
    )


BROKEN: dict[str, tuple[Problem, Solution]] = {
    "unknown-patient": (make_problem(), Solution(dict(make_solution().visits) | {"nobody": ()})),
    "every-session": (make_problem(), Solution({"p0": make_solution().visits["p0"]})),
    "day": (make_problem(), change("p1", 0, day=4, mixing_day=3)),
    "within-day": (make_problem(), change("p1", 0, monitoring=7)),
    "rest-days": (make_problem(), change("p0", 1, day=2, mixing_day=2)),
    "consultation": (make_problem(), change("p0", 0, consultation=None)),
    "mixing-day": (make_problem(), change("p0", 0, mixing_day=0)),
    "mixing-order": (make_problem(), change("p0", 0, monitoring=2)),
    "pharmacy-open": (make_problem(), change("p0", 0, mixing=5, monitoring=7)),
    "installation-order": (make_problem(), change("p0", 0, installation=0)),
    "monitoring-order": (make_problem(), change("p1", 0, monitoring=0)),
    "doctors": (make_problem(doctors={"A": ((0,) * 8,) * 4}), make_solution()),
    "nurses": both_at_once(nurses=((0,) * 8, *(EIGHT,) * 3)),
    "seats": both_at_once(n_seats=1),
    "linked-day": (
        make_problem(patients=(Patient("p0", (session(link=TUESDAY), session(rest_days=2))), OTHER)),
        make_solution(),
    ),
}


def test_a_plan_that_keeps_every_rule_costs_the_sum_of_its_ends() -> None:
    verdict = check(make_problem(), make_solution())
    assert verdict.violations == ()
    assert verdict.cost == (3 + 2) + (2 * 8 + 3 + 2) + (1 + 2)
    assert verdict.costs["days"] == 2 * 8


def test_every_rule_has_a_case() -> None:
    assert set(BROKEN) == set(RULES)


@pytest.mark.parametrize("rule", BROKEN)
def test_a_broken_rule_is_seen(rule: str) -> None:
    problem, solution = BROKEN[rule]
    assert rule in {finding.rule for finding in check(problem, solution).violations}


def test_a_drug_may_be_mixed_before_the_consultation_only_if_it_may_be_mixed_ahead() -> None:
    early = Solution({"p0": (Visit(1, 3, 1, 0, 4, 5),)})
    for may_mix_ahead, broken in ((True, set()), (False, {"mixing-order"})):
        problem = make_problem(patients=(Patient("p0", (session(may_mix_ahead=may_mix_ahead),)),))
        assert {finding.rule for finding in check(problem, early).violations} == broken


def test_one_nurse_monitors_as_many_as_may_be() -> None:
    visits = {f"p{row}": (Visit(1, None, 0, 0, row, 3),) for row in range(3)}
    patients = tuple(Patient(id_, (session(has_consultation=False, may_mix_ahead=True),)) for id_ in visits)
    for per_nurse, n_broken in ((3, 0), (2, 2)):
        problem = make_problem(
            n_seats=3, patients_per_nurse=per_nurse, nurses=((1,) * 8,) * 4, patients=patients
        )
        assert len(check(problem, Solution(visits)).violations) == n_broken


FAULTS: dict[str, tuple[str, dict[str, Any]]] = {
    "no days": (
        "SCH-042",
        {"days": 0, "doctors": {}, "nurses": (EIGHT,), "pharmacy": (EIGHT,), "patients": ()},
    ),
    "twice": ("SCH-043", {"patients": (Patient("p0", (session(),)),) * 2}),
    "too few days of nurses": ("SCH-044", {"nurses": (EIGHT,)}),
    "too few slots": ("SCH-044", {"pharmacy": (EIGHT, EIGHT, EIGHT, (1,))}),
    "negative nurses": ("SCH-042", {"nurses": ((-1,) * 8,) * 4}),
    "no session": ("SCH-044", {"patients": (Patient("p0", ()),)}),
    "rest of nought": ("SCH-042", {"patients": (Patient("p0", (session(), session())),)}),
    "negative length": ("SCH-042", {"patients": (Patient("p0", (session(mixing_slots=-1),)),)}),
    "unknown sector": ("SCH-045", {"patients": (Patient("p0", (session(sector="Z"),)),)}),
}


@pytest.mark.parametrize("name", FAULTS)
def test_what_cannot_be_meant_is_refused(name: str) -> None:
    code, changes = FAULTS[name]
    with pytest.raises(InputError) as caught:
        check_problem(make_problem(**changes))
    errors = caught.value.errors if isinstance(caught.value, InputErrors) else (caught.value,)
    assert {error.code for error in errors} == {code}


def test_all_faults_are_told_at_once() -> None:
    with pytest.raises(InputErrors) as caught:
        check_problem(
            make_problem(n_seats=-1, nurses=(EIGHT,), patients=(Patient("p0", (session(sector="Z"),)),))
        )
    assert {error.code for error in caught.value.errors} == {"SCH-042", "SCH-044", "SCH-045"}


def make_instance() -> dict[str, Any]:
    """An instance in the published form, with the moment at the end of each day."""
    rows = [[1] * 5] * 3
    demand = {"id": 0, "sectorId": 7, "afterLastRequest": 0, "needingConsultation": True,
              "medPreparedSameDay": False, "medPrepDuration": 1, "treatmentDuration": 2}  # fmt: skip
    return {
        "param": {"days": 2, "numTimeSlots": 4, "sectorIds": [7], "multitasks": 6, "numMaterials": 3,
                  "consultationLength": 1, "installationLength": 1, "nurses": rows, "doctors": {"7": rows},
                  "pharmacy": [[True] * 5] * 3},
        "demands": [{"id": 3, "rdvDemands": [demand]}],
    }  # fmt: skip


def test_an_instance_and_a_plan_are_read_as_they_are_written(tmp_path: Path) -> None:
    instance, plan = tmp_path / "i.json", tmp_path / "s.json"
    instance.write_text(json.dumps(make_instance()), "utf-8")
    problem = read_problem(instance)
    assert is_instance(instance)
    assert problem.slots == len(problem.nurses[0]) == 4
    assert problem.patients[0].sessions[0].may_mix_ahead
    solution = Solution({"3": (Visit(1, 0, 0, 0, 1, 2),)})
    plan.write_text(json.dumps(to_json(problem, solution)), "utf-8")
    assert read_solution(plan, problem) == solution
    assert check_files(instance, plan).violations == ()
    assert not is_instance(plan)


def test_a_file_of_another_form_is_refused_with_every_place(tmp_path: Path) -> None:
    made = make_instance()
    made["param"]["days"] = "two"
    del made["demands"][0]["rdvDemands"][0]["medPrepDuration"]
    path = tmp_path / "i.json"
    path.write_text(json.dumps(made), "utf-8")
    with pytest.raises(InputErrors) as caught:
        read_problem(path)
    assert {error.code for error in caught.value.errors} == {"SCH-041"}
    assert "param.days" in str(caught.value)
    assert "demands.0.rdvDemands.0.medPrepDuration" in str(caught.value)
    with pytest.raises(InputError, match="SCH-040"):
        read_problem(tmp_path / "nothing.json")
