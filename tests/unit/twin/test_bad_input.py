"""What cannot be run is refused, or named beforehand, with the place it is at."""

from datetime import date
from typing import Any

import pytest
from tests.clinic import lay, row, share
from tests.queues import (
    START,
    activity,
    exponential,
    flow,
    pathway,
    queue_project,
    server,
    station,
    time,
)

from oncopolis.centre import Project
from oncopolis.foundation import OncopolisError
from oncopolis.studies import equip, make_intake
from oncopolis.twin import compile_model, simulate


def tell(project: Project, *, start: date = START, days: int = 7) -> str:
    """Everything that is said before a run: the error, or the findings."""
    try:
        model = compile_model(equip(project), make_intake(project), start=start, days=days)
    except OncopolisError as error:
        return str(error)
    return "\n".join(
        f"{found.rule} {found.where} {found.message} {found.actual} {found.fix}" for found in model.findings
    )


def test_nothing_is_said_of_a_queue_that_holds() -> None:
    assert tell(station(between=exponential(1), service=exponential(0.8), n=1)) == ""


def test_resource_the_centre_lacks() -> None:
    with pytest.raises(OncopolisError, match=r"centre\.yaml:\d+: activities\.serve.*scanner"):
        queue_project(
            flows={"people": flow("way", between=exponential(1))},
            resources={"server": server(1)},
            activities={"serve": activity((time(1), {"scanner": 1}))},
            pathways={"way": pathway({"id": "serve", "do": ["serve"]})},
        )


@pytest.mark.parametrize(("there", "asked"), [(0, 1), (2, 3)])
def test_more_of_a_resource_than_there_ever_is(there: int, asked: int) -> None:
    project = queue_project(
        flows={"people": flow("way", between=exponential(10))},
        resources={"server": server(there)},
        activities={"serve": activity((time(1), {"server": asked}))},
        pathways={"way": pathway({"id": "serve", "do": ["serve"]})},
    )
    with pytest.raises(OncopolisError, match="server"):
        compile_model(equip(project), make_intake(project), start=START, days=7)


def test_more_of_a_resource_than_there_ever_is_matters_only_on_a_way_that_is_taken() -> None:
    project = queue_project(
        flows={"people": flow("way", between=exponential(10))},
        resources={"server": server(1)},
        activities={"serve": activity((time(1), {"server": 1})), "big": activity((time(1), {"server": 3}))},
        pathways={
            "way": pathway({"id": "serve", "do": ["serve"]}),
            "other": pathway({"id": "big", "do": ["big"]}),
        },
    )
    model = compile_model(equip(project), make_intake(project), start=START, days=1)
    assert simulate(model, seed=1, days=1).contacts > 0


@pytest.mark.parametrize(
    "shift", [{"calendar": "always", "n": 0}, {"calendar": "always", "n": 2, "from_year": 2031}]
)
def test_shift_that_never_opens(shift: dict[str, Any]) -> None:
    said = tell(
        station(between=exponential(10), service=exponential(1), n=1, server_more={"shifts": [shift]})
    )
    assert "server" in said


def test_resource_that_opens_only_when_the_other_is_closed() -> None:
    """Doctor by day, room by night: nobody is ever served."""
    project = queue_project(
        flows={"people": flow("way", between=exponential(10))},
        resources={"doctor": server(1, calendar="day"), "room": server(1, calendar="night")},
        activities={"serve": activity((time(1), {"doctor": 1, "room": 1}))},
        pathways={"way": pathway({"id": "serve", "do": ["serve"]})},
        calendars={
            "day": {"label": "Day", "opens": "08:00", "closes": "16:00"},
            "night": {"label": "Night", "opens": "20:00"},
        },
    )
    said = tell(project)
    assert "serve" in said
    assert "doctor" in said or "room" in said


@pytest.mark.parametrize(("load", "percent"), [(1.25, "125"), (1.05, "105")])
def test_utilisation_above_one_is_said_beforehand(load: float, percent: str) -> None:
    said = tell(station(between=exponential(1), service=exponential(load), n=1))
    assert "server" in said
    assert f"{load:g}" in said or percent in said


def test_utilisation_above_one_by_opening_hours() -> None:
    """A load of a half around the clock is 1.5 in eight hours."""
    project = station(
        between=exponential(1),
        service=exponential(0.5),
        n=1,
        server_more={"calendar": "day"},
        calendars={"day": {"label": "Day", "opens": "08:00", "closes": "16:00"}},
    )
    said = tell(project)
    assert "server" in said
    assert "1.5" in said or "150" in said


@pytest.mark.parametrize(
    "more",
    [
        {"step_more": {"patience": time(0)}},
        {"step_more": {"patience": exponential(3)}},
        {"server_more": {"waiting": 4}},
        {"flow_more": {"members": 6}},
    ],
    ids=["does not wait", "gives up", "waiting room", "members"],
)
def test_a_queue_that_people_leave_cannot_be_unstable(more: dict[str, Any]) -> None:
    project = station(between=exponential(1), service=exponential(1.5), n=1, **more)
    model = compile_model(equip(project), make_intake(project), start=START, days=1)
    assert simulate(model, seed=1, days=1).contacts > 0
    assert not [found for found in model.findings if found.severity == "error"]


def loop(**step: Any) -> Project:
    """A step that leads back to itself."""
    return queue_project(
        flows={"people": flow("way", between=exponential(10))},
        resources={"server": server(1)},
        activities={"serve": activity((time(0), {"server": 1}))},
        pathways={"way": pathway({"id": "serve", "do": ["serve"], "next": "again"}, {"id": "again"} | step)},
    )


def test_loop_without_end() -> None:
    with pytest.raises(OncopolisError, match="loop"):
        loop(next="serve")


def test_loop_without_end_by_episodes() -> None:
    """A pathway that takes no time and starts itself again whenever it is over."""
    data: dict[str, Any] = {
        "flows": {"people": flow("way", between=exponential(10))},
        "resources": {"server": server(1)},
        "activities": {"serve": activity((time(0), {"server": 1}))},
        "pathways": {"way": pathway({"id": "serve", "do": ["serve"]})},
    }
    lay(data, "pathways.way.episodes", [{"id": "again", "start": "way", "when": "completion"}])
    with pytest.raises(OncopolisError, match="way"):
        tell_or_raise(queue_project(**data))


def tell_or_raise(project: Project) -> None:
    compile_model(equip(project), make_intake(project), start=START, days=1)


def test_loop_that_takes_no_time_but_ends() -> None:
    """Half go round again: nothing wrong with that, and the run ends."""
    project = loop(next={"options": [{"to": "serve", "share": share(0.5)}, {"to": "end", "share": "rest"}]})
    model = compile_model(equip(project), make_intake(project), start=START, days=2)
    result = simulate(model, seed=1, days=2)
    assert result.activities.done[0] > 1.5 * result.arrivals.sum()


def test_run_beyond_the_last_year() -> None:
    project = station(
        between=exponential(100),
        service=exponential(1),
        n=1,
        horizon={"first": 2026, "last": 2027},
    )
    said = tell(project, days=3 * 365)
    assert "2027" in said or "2028" in said


def test_run_before_anything_opens() -> None:
    project = station(
        between=exponential(100),
        service=exponential(1),
        n=1,
        openings=[{"id": "all", "label": "Everything", "year": 2030, "sized_for": 2030}],
    )
    said = tell(project)
    assert "server" in said


@pytest.mark.parametrize("days", [0, -1])
def test_run_of_no_days(days: int) -> None:
    project = station(between=exponential(1), service=exponential(0.5), n=1)
    with pytest.raises((OncopolisError, ValueError), match="days"):
        compile_model(equip(project), make_intake(project), start=START, days=days)


def test_longer_run_than_was_made_ready() -> None:
    project = station(between=exponential(1), service=exponential(0.5), n=1)
    model = compile_model(equip(project), make_intake(project), start=START, days=2)
    with pytest.raises((OncopolisError, ValueError), match="days"):
        simulate(model, seed=1, days=3)


def test_nobody_comes() -> None:
    """No arrivals at all: a run of nothing, without any fault."""
    project = queue_project(
        flows={"people": flow("way", volume=row(0, "patient/year"))},
        resources={"server": server(1)},
        activities={"serve": activity((time(1), {"server": 1}))},
        pathways={"way": pathway({"id": "serve", "do": ["serve"]})},
    )
    model = compile_model(equip(project), make_intake(project), start=START, days=2)
    result = simulate(model, seed=1, days=2)
    assert result.events == 0
    assert result.flow["entered"] == 0
