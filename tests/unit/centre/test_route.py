# ruff: noqa: E501 -- one case a line
"""Routes are pathways made ready: blocks put in between a gate and a stop that leaves them, exits by index."""

import pytest

from oncopolis.centre import Project, Route, Stop
from oncopolis.centre.route import OUT, REST, find_worded
from oncopolis.foundation import OncopolisError

from .conftest import Reader

GATE, BEFORE, CHECKED, CUT, LEAVE, LOOK, REPEAT = range(1, 8)


def get_route(project: Project, pathway: str = "care") -> Route:
    return next(route for (name, _, _), route in project.network.routes.items() if name == pathway)


@pytest.fixture
def route(clinic: Project) -> Route:
    return get_route(clinic)


def list_ways(stop: Stop) -> list[tuple[int, object]]:
    return [(way.to, way.share) for way in stop.exits]


def test_blocks_are_put_in_their_place(route: Route) -> None:
    """A block becomes its steps between a gate and a stop that leaves it; nothing refers to the block any more."""
    assert [stop.id for stop in route.stops] == [
        "talk",
        "operation",
        "operation.before",
        "operation.checked",
        "operation.cut",
        "operation/",
        "look",
        "repeat",
    ]


def test_only_steps_of_the_pathway_can_be_entered(route: Route) -> None:
    """Entries name the steps as written, a block by its gate."""
    assert dict(route.entries) == {"talk": 0, "operation": GATE, "look": LOOK, "repeat": REPEAT}


def test_the_gate_holds_the_condition(route: Route) -> None:
    """Those for whom the block is not done pass it by whole."""
    gate = route.stops[GATE]
    assert (gate.share, gate.skip_to, gate.tasks, gate.setting) == ("test.half", LOOK, (), "none")
    assert list_ways(gate) == [(BEFORE, None)]


def test_the_end_of_a_block_leaves_the_block_only(route: Route) -> None:
    """`end` within a block leads on in the pathway, not out of it."""
    assert list_ways(route.stops[CHECKED]) == [(LEAVE, "test.tenth"), (CUT, REST)]
    assert list_ways(route.stops[CUT]) == [(LEAVE, None)]
    assert list_ways(route.stops[LEAVE]) == [(LOOK, None)]


def test_shares_of_the_block_hold_for_its_steps(route: Route) -> None:
    """Steps of a block know the share of people who come into it, the gate and the stop behind it do not."""
    assert {stop.id: stop.within for stop in route.stops if stop.within} == {
        "operation.before": ("test.half",),
        "operation.checked": ("test.half",),
        "operation.cut": ("test.half",),
    }


def test_modality_is_inherited_by_the_block(route: Route) -> None:
    """Referral and uptake of the step that pulls a block in hold for all its steps."""
    assert [stop.modality for stop in route.stops[GATE:LEAVE]] == ["surgery"] * 4
    assert route.stops[LEAVE].modality is None


def test_branches_out_of_the_pathway(route: Route) -> None:
    """`end` in a pathway leads out, and a branch may lead back."""
    repeat = route.stops[REPEAT]
    assert list_ways(repeat) == [(0, "pathways.care.steps.repeat.next.options.0.share"), (OUT, REST)]
    assert repeat.cadence is not None
    assert (repeat.cadence.n, repeat.cadence.every_days) == (3, 7)


def test_conditions_on_attributes_pass_the_step_by(route: Route) -> None:
    """A step for those with an attribute is passed by without it, and the step that gives it says so."""
    assert (route.stops[LOOK].has, route.stops[LOOK].skip_to) == (frozenset({"operated"}), REPEAT)
    assert route.stops[CUT].sets == {"operated"}


def test_parameters_are_bound(route: Route) -> None:
    """Parameters of blocks and activities are replaced by the coefficients handed in."""
    for index in (0, BEFORE):
        (phase,) = route.stops[index].tasks[0].activity.phases
        assert (phase.duration, dict(phase.hold)) == ("test.minutes", {"office": 1, "doctor": 1})
    assert route.stops[0].tasks[0].activity is route.stops[BEFORE].tasks[0].activity


def test_fallbacks_are_bound(route: Route) -> None:
    """An activity brings along what is done in its place."""
    fallback = route.stops[CUT].tasks[0].activity.fallback
    assert fallback is not None
    assert fallback.id == "call"


def test_blocks_within_blocks(read_changed: Reader) -> None:
    """A block may hold another; names, shares and the way out nest."""
    outer = """blocks:
  around:
    label: A block in a block
    parameters: {time: min}
    steps:
      - {id: first, do: [call]}
      - {id: inner, block: surgery, with: {talked: {parameter: time}}, when: {share: {evidence: test.most}}}
"""
    project = read_changed(
        ("blocks:\n", outer),
        ("        block: surgery\n", "        block: around\n"),
        ("with: {talked: {evidence: test.minutes}}", "with: {time: {evidence: test.minutes}}"),
    )
    stops = {stop.id: (i, stop) for i, stop in enumerate(get_route(project).stops)}
    assert stops["operation.inner.cut"][1].within == ("test.half", "test.most")
    assert stops["operation.inner.cut"][1].modality == "surgery"
    assert list_ways(stops["operation.inner/"][1]) == [(stops["operation/"][0], None)]
    assert stops["operation.inner"][1].skip_to == stops["operation/"][0]
    assert stops["operation.inner.before"][1].tasks[0].activity.phases[0].duration == "test.minutes"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (
            (
                "do: [operation], set: [operated]",
                "block: surgery, set: [operated], with: {talked: {parameter: talked}}",
            ),
            "CEN-023",
        ),
        (("        modality: surgery\n", "        modality: surgery\n        repeat: {n: 2}\n"), "CEN-022"),
    ],
)
def test_blocks_that_cannot_be_put_in_are_refused(
    read_changed: Reader, change: tuple[str, str], code: str
) -> None:
    """A block inside itself would never end, and a block cannot be repeated; both name file and line."""
    with pytest.raises(OncopolisError) as caught:
        read_changed(change)
    faults = {fault.code: fault for fault in getattr(caught.value, "errors", (caught.value,))}
    assert "centre.yaml:" in faults[code].where


def test_activities_that_depend_on_words_are_known(clinic: Project, read_changed: Reader) -> None:
    """Only activities whose keys hold placeholders, or whose fallback does, are bound for each site anew."""
    assert find_worded(clinic.centre) == frozenset()
    key = (
        "  test.call.breast: {label: x, value: 1, unit: min, source: test, status: published, opened: true}\n"
    )
    flow = "  test.call: {label: x, value: 1, unit: min, source: test, status: published, opened: true}\n"
    project = read_changed(
        (
            "duration: {label: Minutes of a call, value: 10, unit: min, source: test, status: assumption, opened: false, note: made up}",
            'duration: {evidence: "test.call.{site}", otherwise: test.call}',
        ),
        ("evidence:\n  test.weekly", f"evidence:\n{key}{flow}  test.weekly"),
    )
    assert find_worded(project.centre) == {"call", "operation"}
    durations = {
        name: get_route(project, name).stops[-1].tasks[0].activity.phases[0].duration
        for name in ("care", "short")
    }
    assert durations["care"] == "test.call.breast"
    assert {key[:2] for key in project.network.routes} == {
        ("care", "breast"),
        ("short", "breast"),
        ("short", ""),
    }
