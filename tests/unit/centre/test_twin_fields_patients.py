# ruff: noqa: E501 -- one case a line
"""What holds for the one patient: who is still there, who is frail, who goes first, who gives up."""

import pytest

from oncopolis.centre import Project, Route
from oncopolis.centre.route import OUT, Stop
from oncopolis.foundation import OncopolisError

from .conftest import Change, Reader

CUT = "- {id: cut, duration: {evidence: test.hours}, hold: {doctor: 1}}"
CLEAN = "- {id: clean, duration: {evidence: test.minutes}, hold: {doctor: 1}, patient: false}"
LOOK = "- {id: look, do: [call], when: {has: [operated]}}"
REPEAT = "repeat: {n: 3, every_days: 7}"
RING = "- {id: ring, do: [call]}"
OFFICE = "calendar: day, sizing: {utilisation: {evidence: test.most}}}"
DOCTOR = "doctor: {kind: role,"


def get_route(project: Project, pathway: str = "care") -> Route:
    return next(route for (name, _, _), route in project.network.routes.items() if name == pathway)


def get_stop(project: Project, name: str) -> Stop:
    return next(stop for stop in get_route(project).stops if stop.id == name)


def refuse(read_changed: Reader, *changes: Change) -> OncopolisError:
    with pytest.raises(OncopolisError) as caught:
        read_changed(*changes)
    (fault,) = getattr(caught.value, "errors", (caught.value,))
    assert "centre.yaml:" in fault.where
    return fault


def test_what_is_not_stated_is_as_before(clinic: Project) -> None:
    """Everybody is there, nobody frail or urgent, all wait for ever."""
    route = get_route(clinic)
    assert route.priority == 5
    for stop in route.stops:
        assert (stop.priority, stop.patience, stop.gives_up, stop.frailty) == (None, None, OUT, None)
        assert all(
            phase.patient and phase.frailty is None for task in stop.tasks for phase in task.activity.phases
        )
    cadence = get_stop(clinic, "repeat").cadence
    assert cadence is not None
    assert (cadence.deferral, cadence.deferral_days, cadence.deferral_frailty) == (None, 0, None)


def test_the_patient_may_be_gone_in_the_last_phases(read_changed: Reader) -> None:
    project = read_changed((CUT, f"{CUT}\n      {CLEAN}"))
    (task,) = get_stop(project, "operation.cut").tasks
    assert [phase.patient for phase in task.activity.phases] == [True, False]


def test_the_patient_does_not_come_back_into_an_activity(read_changed: Reader) -> None:
    fault = refuse(read_changed, (CUT, f"{CLEAN}\n      {CUT}"))
    assert "after all those of the patient" in fault.expected


def test_frailty_of_durations_conditions_and_deferrals(read_changed: Reader) -> None:
    """A correlation with the patient's frailty may stand at a duration, a share and a deferral."""
    project = read_changed(
        (CUT, CUT.replace("hold", "frailty: {evidence: test.half}, hold")),
        (
            "when: {share: {evidence: test.half}, decider",
            "when: {share: {evidence: test.half}, frailty: {evidence: test.tenth}, decider",
        ),
        (
            REPEAT,
            "repeat: {n: 3, every_days: 7, deferral: {share: {evidence: test.tenth}, days: 7, frailty: {evidence: test.most}}}",
        ),
    )
    (task,) = get_stop(project, "operation.cut").tasks
    assert [phase.frailty for phase in task.activity.phases] == ["test.half"]
    assert get_stop(project, "operation").frailty == "test.tenth"
    cadence = get_stop(project, "repeat").cadence
    assert cadence is not None
    assert (cadence.deferral, cadence.deferral_days, cadence.deferral_frailty) == (
        "test.tenth",
        7,
        "test.most",
    )


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ((CUT, CUT.replace("hold", "frailty: {evidence: test.minutes}, hold")), "CEN-021"),
        ((LOOK, LOOK.replace("has:", "frailty: {evidence: test.half}, has:")), "CEN-002"),
        ((REPEAT, "repeat: {n: 3, deferral: {share: {evidence: test.tenth}, days: 0}}"), "CEN-002"),
        ((REPEAT, "repeat: {n: 3, deferral: {days: 7}}"), "CEN-002"),
        ((REPEAT, "repeat: {n: 3, deferral: {share: {evidence: test.minutes}, days: 7}}"), "CEN-021"),
    ],
)
def test_frailty_and_deferral_are_checked(read_changed: Reader, change: Change, code: str) -> None:
    """They are shares; a condition needs a share to be correlated with; a deferral is of a day at least."""
    assert refuse(read_changed, change).code == code


def test_ranks_of_pathways_and_steps(read_changed: Reader) -> None:
    """A pathway has a rank, a step may have its own, and the steps of a block have that of the block's step
    unless they state one."""
    project = read_changed(
        ("    label: Short\n", "    label: Short\n    priority: 1\n"),
        (LOOK, LOOK.replace("do:", "priority: 0, do:")),
        ("        block: surgery\n", "        block: surgery\n        priority: 3\n"),
        ("- {id: cut, do: [operation]", "- {id: cut, priority: 8, do: [operation]"),
    )
    assert (get_route(project, "short").priority, get_route(project).priority) == (1, 5)
    assert {stop.id: stop.priority for stop in get_route(project).stops} == {
        "talk": None,
        "operation": 3,
        "operation.before": 3,
        "operation.checked": 3,
        "operation.cut": 8,
        "operation/": None,
        "look": 0,
        "repeat": None,
    }


@pytest.mark.parametrize("rank", [-1, 10, "high"])
def test_ranks_are_from_0_to_9(read_changed: Reader, rank: int | str) -> None:
    assert refuse(read_changed, (LOOK, LOOK.replace("do:", f"priority: {rank}, do:"))).code == "CEN-002"


PATIENCE = "patience: {evidence: test.minutes}"


def test_who_gives_up_goes_elsewhere_or_leaves(read_changed: Reader) -> None:
    """Those who wait too long go to the step named, or out of the pathway."""
    project = read_changed((LOOK, LOOK.replace("do:", f"{PATIENCE}, gives_up: talk, do:")))
    assert (get_stop(project, "look").patience, get_stop(project, "look").gives_up) == ("test.minutes", 0)
    project = read_changed((LOOK, LOOK.replace("do:", f"{PATIENCE}, do:")))
    assert get_stop(project, "look").gives_up == OUT


def test_giving_up_within_a_block(read_changed: Reader) -> None:
    """`end` leaves the block, a name is one of the block, and nothing at all leaves the pathway."""
    cut = "- {id: cut, do: [operation]"
    ids = [stop.id for stop in get_route(read_changed()).stops]
    for where, index in (
        ("gives_up: end, ", ids.index("operation/")),
        ("gives_up: before, ", ids.index("operation.before")),
        ("", OUT),
    ):
        project = read_changed((cut, f"- {{id: cut, {PATIENCE}, {where}do: [operation]"))
        assert get_stop(project, "operation.cut").gives_up == index


@pytest.mark.parametrize(
    "full",
    [(OFFICE, f"waiting: 4, {OFFICE}"), (DOCTOR, f"{DOCTOR} waiting: 4,")],
    ids=["room", "role"],
)
def test_a_queue_that_can_be_full_turns_people_away(read_changed: Reader, full: Change) -> None:
    """`gives_up` without patience makes sense where something held by the step has a queue with an end."""
    project = read_changed(full, ("- {id: talk, do:", "- {id: talk, gives_up: look, do:"))
    assert get_stop(project, "talk").gives_up == [stop.id for stop in get_route(project).stops].index("look")


@pytest.mark.parametrize(
    ("change", "code", "path"),
    [
        ((LOOK, LOOK.replace("do:", "gives_up: talk, do:")), "CEN-027", "pathways.care.steps[2].gives_up"),
        ((LOOK, LOOK.replace("do:", f"{PATIENCE}, gives_up: tlak, do:")), "CEN-010", "pathways.care.steps[2].gives_up"),
        ((LOOK, LOOK.replace("do:", f"{PATIENCE}, gives_up: look, do:")), "CEN-028", "pathways.care.steps[2].gives_up"),
        ((LOOK, LOOK.replace("do:", "patience: {evidence: test.half}, do:")), "CEN-021", "pathways.care.steps[2].patience"),
        (("        block: surgery\n", f"        block: surgery\n        {PATIENCE}\n"), "CEN-002", "pathways.care.steps[1]"),
    ],
)  # fmt: skip
def test_ways_to_give_up_are_checked(read_changed: Reader, change: Change, code: str, path: str) -> None:
    """They need a reason, lead to another step that exists, and stand at steps of `do`."""
    fault = refuse(read_changed, change)
    assert (fault.code, fault.where.split(": ", 1)[1]) == (code, path)
