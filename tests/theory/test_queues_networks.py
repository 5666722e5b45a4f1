"""Networks: stations one after the other, and rooms that share one beam."""

import pytest
from tests.queues import (
    TICKS,
    Data,
    activity,
    check,
    days_of,
    exponential,
    find,
    flow,
    held,
    pathway,
    queue_project,
    run,
    server,
    share,
    step_wait,
    time,
    time_in_system,
    wait,
)
from tests.theory.exact import Case, list_cases
from tests.theory.formulas import mg1_wait, mmc_wait, solve_finite_source, solve_two_phase_rooms

from oncopolis.centre import Project
from oncopolis.twin import Result


def make_network(lam: float, cs: list[int], means: list[float]) -> Project:
    """Five stations with a loop: visits 1, 10/9, 5/9, 7/9 and 31/45 a person."""
    ways: list[Data] = [
        {"next": "s1"},
        {"next": _split(s2=0.5, s3=0.4, s4=0.1)},
        {"next": _split(s1=0.2, s3=0.6, s4=0.2)},
        {"next": _split(s4=0.6, end=0.4)},
        {},
    ]
    return queue_project(
        flows={"people": flow("way", between=exponential(1 / lam))},
        resources={f"r{k}": server(c) for k, c in enumerate(cs)},
        activities={f"a{k}": activity((exponential(mean), {f"r{k}": 1})) for k, mean in enumerate(means)},
        pathways={"way": pathway(*[{"id": f"s{k}", "do": [f"a{k}"]} | way for k, way in enumerate(ways)])},
    )


def _split(**ways: float) -> Data:
    *first, last = ways
    options = [{"to": name, "share": share(ways[name])} for name in first]
    return {"options": [*options, {"to": last, "share": "rest"}]}


VISITS = (1.0, 10 / 9, 5 / 9, 7 / 9, 31 / 45)


@pytest.mark.parametrize("case", list_cases("jackson_model_B"))
def test_network_of_the_file(case: Case) -> None:
    assert case["visits"] == pytest.approx(VISITS)
    results = run(make_network(case["lam"], case["c"], case["mean"]), days=days_of(7e4), warmup_days=2)
    check(map(time_in_system(), results), case["time_in_system"])


@pytest.mark.parametrize("case", list_cases("jackson_model_B", long=(0,)))
def test_stations_of_the_network_of_the_file(case: Case) -> None:
    """A thousand million events: the waits of five stations at loads up to 0.875."""
    results = run(make_network(case["lam"], case["c"], case["mean"]), days=days_of(5.5e6), warmup_days=2)
    for k, exact in enumerate(case["wq"]):
        check(map(wait(f"a{k}"), results), exact)


def test_network_of_single_servers() -> None:
    means = [0.6, 0.5, 0.9, 0.6, 0.7]
    project = make_network(1.0, [1] * 5, means)
    results = run(project, days=days_of(2.6e5))
    for k, (visits, mean) in enumerate(zip(VISITS, means, strict=True)):
        check(map(step_wait(f"way/s{k}"), results), mmc_wait(visits, 1 / mean, 1))


# --- One beam, many rooms ---


def make_rooms(people: Data, rooms: int, before: Data, beam: Data, after: Data | None) -> Project:
    """Rooms held from set-up to leaving, in the middle the one beam beside."""
    phases = [(before, {"room": 1}), (beam, {"room": 1, "beam": 1})]
    if after is not None:
        phases.append((after, {"room": 1}))
    return queue_project(
        flows={"people": flow("way", **people)},
        resources={"room": server(rooms), "beam": server(1)},
        activities={"treat": activity(*phases)},
        pathways={"way": pathway({"id": "treat", "do": ["treat"]})},
    )


def wait_in_room(result: Result) -> float:
    """Mean time in the room without the beam, a patient; units."""
    i = find(result.resources.names, "room")
    done = float(result.activities.done[find(result.activities.names, "treat")])
    return float(result.resources.blocked[i]) / done / TICKS


@pytest.mark.parametrize(
    ("beam", "cv2"), [(time(1), 0.0), (exponential(1), 1.0), (time(1, "gamma", cv=0.5), 0.25)]
)
def test_beam_with_rooms_enough_is_one_server(beam: Data, cv2: float) -> None:
    """From many rooms with exponential set-up people come to the beam as a Poisson stream: M/G/1."""
    project = make_rooms({"between": exponential(1 / 0.7)}, 200, exponential(3), beam, None)
    results = run(project, days=days_of(2.8e5))
    check(map(wait_in_room, results), mg1_wait(0.7, 1.0, cv2))


@pytest.mark.parametrize("rooms", [2, 4])
def test_beam_of_rooms_that_are_never_empty(rooms: int) -> None:
    """Rooms with a queue before them are a finite source of the beam, whatever the shape of set-up."""
    project = make_rooms(
        {"between": exponential(0.01), "members": 6 * rooms},
        rooms,
        time(2, "lognormal", cv=0.4),
        exponential(1),
        time(1),
    )
    results = run(project, days=days_of(1e4))
    idle = float(solve_finite_source(rooms, 1, 1 / 3, 1.0)[0])
    check(map(held("beam"), results), 1 - idle)
    check(map(held("room"), results), rooms)


def test_beam_of_two_rooms() -> None:
    """The chain of two rooms with a queue, solved as it stands."""
    lam, setting_up, beam, leaving = 0.4, 0.8, 1.0, 2.0
    for_room, for_beam = solve_two_phase_rooms(lam, 2, setting_up, beam, leaving)
    project = make_rooms(
        {"between": exponential(1 / lam)},
        2,
        exponential(1 / setting_up),
        exponential(1 / beam),
        exponential(1 / leaving),
    )
    results = run(project, days=days_of(4.6e5))
    check(map(wait("treat"), results), for_room)
    check(map(wait_in_room, results), for_beam)
