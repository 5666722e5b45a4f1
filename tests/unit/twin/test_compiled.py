"""What a compiled model has of its definition: clock times, and ways that somebody goes."""

from dataclasses import replace
from datetime import timedelta

import pytest
from tests.clinic import share
from tests.folders import PROJECTS
from tests.queues import START, activity, exponential, flow, pathway, queue_project, server, time

from oncopolis.centre import Project
from oncopolis.centre.intake import Intake
from oncopolis.foundation import InputError
from oncopolis.studies import equip, make_intake
from oncopolis.studies.preparing import prepare
from oncopolis.twin import Model, compile_model, simulate
from oncopolis.twin.compiling.walked import find_walked


def compile_days(project: Project, intake: Intake | None = None) -> Model:
    return compile_model(equip(project), intake or make_intake(project), start=START, days=7)


def test_clock_times_are_kept_to_the_millisecond() -> None:
    project = queue_project(
        flows={"people": flow("way", times=["08:15:30", "08:15", "17:00:00.250"])},
        resources={"server": server(1)},
        activities={"serve": activity((time(1), {"server": 1}))},
        pathways={"way": pathway({"id": "serve", "do": ["serve"]})},
    )
    at = [timedelta(milliseconds=int(tick)) for tick in compile_days(project).tables.clock]
    assert at == [
        timedelta(hours=8, minutes=15),
        timedelta(hours=8, minutes=15, seconds=30),
        timedelta(hours=17, milliseconds=250),
    ]


def test_opening_hours_are_kept_to_the_second() -> None:
    office = {"label": "Office", "opens": "08:15:30", "closes": "16:00:45"}
    project = queue_project(
        flows={"people": flow("way", between=exponential(10))},
        resources={"server": server(1, calendar="office")},
        activities={"serve": activity((time(1), {"server": 1}))},
        pathways={"way": pathway({"id": "serve", "do": ["serve"]})},
        calendars={"office": office},
    )
    tables = compile_days(project).tables
    opened, closed = [timedelta(milliseconds=int(at[0, 0])) for at in (tables.dw_open, tables.dw_close)]
    assert opened == timedelta(hours=8, minutes=15, seconds=30)
    assert closed == timedelta(hours=16, seconds=45)


def make_two_ways() -> Project:
    """One way for everybody, and one on which more is held than there is, by night and by day at once."""
    return queue_project(
        flows={"people": flow("way", between=exponential(10)), "few": flow("other", between=exponential(10))},
        resources={"server": server(1), "room": server(1, calendar="night")},
        activities={
            "serve": activity((time(1), {"server": 1})),
            "big": activity((time(1), {"server": 3}), (time(1), {"room": 1})),
        },
        pathways={
            "way": pathway({"id": "serve", "do": ["serve"]}),
            "other": pathway({"id": "big", "do": ["big"]}),
        },
        calendars={"night": {"label": "Night", "opens": "20:00"}},
    )


def test_a_way_that_nobody_goes_is_no_fault() -> None:
    project = make_two_ways()
    with pytest.raises(InputError, match="TWN-001"):
        compile_days(project)
    intake = make_intake(project)
    inflows = tuple(
        replace(inflow, per_year=dict.fromkeys(inflow.per_year, 0.0)) if "few" in inflow.name else inflow
        for inflow in intake.inflows
    )
    assert compile_days(project, replace(intake, inflows=inflows)).findings == ()


def test_a_site_of_which_nothing_is_done_here_sends_nobody() -> None:
    project = prepare(PROJECTS / "clinic", {}, lambda what, share: None)
    network, intake = project.project.network, project.intake
    everything = set(find_walked(network, intake, None))
    assert everything == set(network.routes)
    sites = {site for _, site, _ in everything if site}
    assert sites
    nothing = {key: dict.fromkeys(by_year, 0.0) for key, by_year in intake.here.items()}
    left = find_walked(network, replace(intake, here=nothing), None)
    assert left
    assert not [site for _, site, _ in left if site]


@pytest.mark.parametrize(("has_way_out", "n_after"), [(False, 1), (True, 0)])
def test_who_is_left_out_goes_to_the_step_below(has_way_out: bool, n_after: int) -> None:
    """As the guide says: `next: end` is for those for whom the step is done."""
    nobody = share(0)
    ways = {"options": [{"to": "first", "share": nobody}, {"to": "end", "share": "rest"}]}
    decision = {"id": "decision", "setting": "none", "next": ways}
    first = {"id": "first", "do": ["serve"], "next": "end"}
    before = [decision, first] if has_way_out else [first | {"when": {"share": nobody}}]
    project = queue_project(
        flows={"people": flow("way", times=["08:00"])},
        resources={"server": server(1)},
        activities={name: activity((time(1), {"server": 1})) for name in ("serve", "after")},
        pathways={"way": pathway(*before, {"id": "after", "do": ["after"]})},
    )
    result = simulate(compile_days(project), seed=1, days=7)
    done = dict(zip(result.activities.names, result.activities.done.tolist(), strict=True))
    assert done.get("serve", 0) == 0
    assert done.get("after", 0) == 7 * n_after


def test_an_activity_that_holds_nothing_is_a_random_interval() -> None:
    project = queue_project(
        flows={"people": flow("way", times=["08:00"])},
        resources={"server": server(1)},
        activities={
            "serve": activity((time(1), {"server": 1})),
            "interval": activity((exponential(600), {})),
        },
        pathways={"way": pathway({"id": "between", "do": ["interval"]}, {"id": "serve", "do": ["serve"]})},
    )
    result = simulate(compile_days(project), seed=1, days=7)
    assert result.flow["entered"] == 7
    assert len({int(result.in_system.most[0]), int(result.in_system.sum[0] / 7)}) == 2
    assert result.step_waiting.sum.sum() == 0
