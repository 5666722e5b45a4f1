# ruff: noqa: E501 -- one case a line
"""The network holds every route somebody can be on, once, and knows what makes a difference there."""

from oncopolis.centre import Project

from .conftest import Reader


def test_routes_are_those_that_can_be_reached(clinic: Project) -> None:
    """Cohorts, flows and what they start have their routes; stages that make no difference share one."""
    assert set(clinic.network.routes) == {("care", "breast", ""), ("short", "breast", ""), ("short", "", "")}
    assert clinic.network.staged == frozenset()


def test_entries_of_cohorts_and_flows(clinic: Project) -> None:
    """Each stage enters with its share at its step, and each flow with its volume."""
    entries = {entry.stage: entry for entry in clinic.network.entries}
    assert (entries["i"].share, entries["i"].at) == ("cohorts.breast.stages.i.share", None)
    assert (entries["iv"].share, entries["iv"].at) == ("rest", "talk")
    (flow,) = clinic.network.flows
    assert (flow.flow, flow.volume, flow.route) == ("others", "flows.others.volume", ("short", "", ""))


def test_a_pathway_that_names_the_stage_has_a_route_for_each(read_changed: Reader) -> None:
    """A placeholder for the stage anywhere in a pathway makes it differ between stages."""
    rows = "".join(
        f"  test.half.{stage}: {{label: x, value: 0.5, unit: share, per: case, source: test, status: published, opened: true}}\n"
        for stage in ("i", "iv")
    )
    project = read_changed(
        (
            "when: {share: {evidence: test.half}, decider: tumour_board}",
            'when: {share: {evidence: "test.half.{stage}"}}',
        ),
        ("evidence:\n  test.weekly", f"evidence:\n{rows}  test.weekly"),
    )
    network = project.network
    assert network.staged == {"care"}
    assert {key for key in network.routes if key[0] == "care"} == {
        ("care", "breast", "i"),
        ("care", "breast", "iv"),
    }
    assert network.routes["care", "breast", "iv"].stops[1].share == "test.half.iv"


def test_an_episode_that_changes_the_stage_leads_to_its_route(read_changed: Reader) -> None:
    """What an episode starts is a route of the new stage, where stages differ."""
    project = read_changed(
        ("    label: Short\n", "    label: Short\n    survival: cohort\n"),
        ("share: {evidence: test.tenth}, at: ring}", "share: {evidence: test.tenth}, at: ring, stage: iv}"),
        ("    pathway: short\n", "    pathway: shorter\n"),
        ("  short:\n", "  shorter:\n    label: Shorter\n    steps: [{id: ring, do: [call]}]\n  short:\n"),
    )
    assert project.network.staged == {"short"}
    assert ("short", "breast", "iv") in project.network.routes
    route = project.network.routes["care", "breast", ""]
    assert project.network.start(route.episodes[0], route) == ("short", "breast", "iv")


def test_what_starts_a_staged_pathway_is_staged(read_changed: Reader) -> None:
    """A pathway that hands its stage on to one that differs by stage differs as well."""
    project = read_changed(
        ("    label: Short\n", "    label: Short\n    survival: cohort\n"),
        ("    pathway: short\n", "    pathway: shorter\n"),
        ("  short:\n", "  shorter:\n    label: Shorter\n    steps: [{id: ring, do: [call]}]\n  short:\n"),
    )
    assert project.network.staged == {"short", "care"}


def test_attributes_that_make_a_difference_are_tracked(clinic: Project, read_changed: Reader) -> None:
    """An attribute is tracked if a condition asks for it or something is counted on it, and not otherwise."""
    assert clinic.network.tracked == {"operated"}
    ignored = read_changed(("- {id: look, do: [call], when: {has: [operated]}}", "- {id: look, do: [call]}"))
    assert ignored.network.tracked == frozenset()


def test_an_attribute_counted_on_is_tracked(read_changed: Reader) -> None:
    """A norm per patients with an attribute keeps the attribute."""
    project = read_changed(
        ("- {id: look, do: [call], when: {has: [operated]}}", "- {id: look, do: [call]}"),
        (
            "{per: demand.cases, each: {evidence: test.cases}}",
            "{per: patients.operated, each: {evidence: test.cases}}",
        ),
    )
    assert project.network.tracked == {"operated"}


def test_attributes_are_kept_as_long_as_they_matter(clinic: Project, read_changed: Reader) -> None:
    """A route keeps what it or anything it starts reads or sets."""
    care, short = ("care", "breast", ""), ("short", "breast", "")
    assert clinic.network.kept[care] == {"operated"}
    assert clinic.network.kept[short] == frozenset()
    asked = read_changed(
        ("- {id: ring, do: [call]}", "- {id: ring, do: [call], when: {lacks: [operated]}}"),
        ("- {id: look, do: [call], when: {has: [operated]}}", "- {id: look, do: [call]}"),
        ("at: ring}", "at: ring, set: [seen]}"),
    )
    assert asked.network.kept[short] == {"operated"}
    assert asked.network.read[care] == {"operated"}
