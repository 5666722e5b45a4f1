"""Things with tags: where gateways see them, who has them, and which is nearest."""

import json
from collections.abc import Callable
from itertools import count
from typing import Any

import pytest
from tests.live import MONDAY_MS, SOMEBODY, make_floor
from tests.waiting import HOUR_MS, MINUTE_MS, get_clinic

from oncopolis.foundation import ConflictError, ForbiddenError, InputError
from oncopolis.operations import Decision, Floor, Moment
from oncopolis.operations.acts import ACTS
from oncopolis.operations.loop import Parked
from oncopolis.operations.things import Thing, list_near
from oncopolis.operations.things.unread import MOST_KEPT

Do = Callable[..., Decision]


def list_told(parked: Parked) -> list[Any]:
    return list(json.loads(parked.content)["told"])


@pytest.fixture
def floor() -> Floor:
    return make_floor(house=get_clinic())


@pytest.fixture
def do(floor: Floor) -> Do:
    ids = count()

    def act(name: str, at_ms: int = MONDAY_MS, /, **said: Any) -> Decision:
        moment = Moment(at_ms, SOMEBODY, lambda: f"made{next(ids)}", floor.house)
        decision = ACTS[name].decide(floor, ACTS[name].asked.model_validate(said), moment)
        floor.put(*decision.puts)
        return decision

    return act


def test_the_nearest_free_pump_is_first(floor: Floor, do: Do) -> None:
    for tag, area in (
        ("far", "wards"),
        ("building", "surgery"),
        ("here", "outpatient"),
        ("taken", "outpatient"),
    ):
        do("add_thing", thing=tag, kind="infusion_pump", area=area)
    do("add_thing", thing="chair", kind="wheelchair", area="outpatient")
    do("use_thing", thing="taken", in_use=True)
    near = list_near(floor, "infusion_pump", "outpatient")
    assert [one.thing.id for one in near] == ["here", "building", "far", "taken"]
    assert [(one.walk_min, one.is_here) for one in near[:3]] == [(0.0, True), (0.0, False), (6.0, False)]


def test_a_gateway_moves_things_and_what_it_cannot_know_is_answered(floor: Floor, do: Do) -> None:
    do("add_thing", thing="p1", kind="infusion_pump", area="wards")
    later = MONDAY_MS + HOUR_MS
    sightings = [
        {"thing": "p1", "area": "surgery", "at_ms": later},
        {"thing": "p1", "area": "wards", "at_ms": later - 1},
        {"thing": "stranger", "area": "wards"},
        {"thing": "p1", "area": "moon"},
        {"thing": "p1", "area": "wards", "at_ms": later + HOUR_MS},
        {"thing": "p1", "area": "wards", "at_ms": later - HOUR_MS},
    ]
    answer = do("locate_things", later, sightings=sightings).answer
    assert [one["why"] for one in answer["unread"]] == ["unknown", "area", "clock", "clock"]
    assert {one.why: len(list_told(one)) for one in floor.list(Parked)} == {
        "unknown": 1, "area": 1, "clock": 1,
    }  # fmt: skip
    thing = floor.get(Thing, "p1")
    assert (thing.area, thing.seen_ms) == ("surgery", later)
    assert Thing.from_record(thing.to_record()) == thing


def test_what_nobody_can_use_is_on_a_list_until_somebody_settles_it(floor: Floor, do: Do) -> None:
    lost = [{"thing": "lost", "area": "wards"}]
    garbage = [{"where": "tags/7", "said": "no JSON"}]
    do("locate_things", sightings=lost, garbage=garbage, turned_away=7)
    assert {one.why for one in floor.list(Parked)} == {"unknown", "garbage", "flood"}
    assert {one.owner for one in floor.list(Parked)} == {"administrator"}
    assert not do("locate_things", MONDAY_MS + MINUTE_MS, sightings=lost, garbage=garbage).puts
    (flood,) = do("locate_things", MONDAY_MS + MINUTE_MS, turned_away=5).puts
    assert isinstance(flood, Parked)
    assert json.loads(flood.content)["turned_away"] == 12
    (unknown,) = (one for one in floor.list(Parked) if one.why == "unknown")
    do("settle_sightings", parked=unknown.id, note="it has a name now")
    assert not [one for one in floor.list(Parked) if one.why == "unknown"]
    assert do("locate_things", sightings=lost).puts


def test_a_list_has_an_end_and_says_so(floor: Floor, do: Do) -> None:
    for first in (0, 300):
        do("locate_things", sightings=[{"thing": f"t{first + i}", "area": "wards"} for i in range(300)])
    (parked,) = floor.list(Parked)
    assert (len(list_told(parked)), json.loads(parked.content)["and_more"]) == (MOST_KEPT, True)


def test_only_lists_of_gateways_are_settled_by_who_sees_no_patient(floor: Floor, do: Do) -> None:
    floor.put(Parked("k", "values", "unknown", "laboratory", MONDAY_MS, "{}"))
    with pytest.raises(ForbiddenError, match="OPS-500"):
        do("settle_sightings", parked="k", note="n")


def test_what_stands_still_is_not_written_again_and_again(do: Do) -> None:
    do("add_thing", thing="p1", kind="infusion_pump", area="wards")
    seen = [{"thing": "p1", "area": "wards"}]
    assert not do("locate_things", MONDAY_MS + MINUTE_MS, sightings=seen).puts
    assert do("locate_things", MONDAY_MS + 10 * MINUTE_MS, sightings=seen).puts


def test_a_tag_is_one_things_and_who_takes_it_first_has_it(floor: Floor, do: Do) -> None:
    with pytest.raises(InputError, match="OPS-485"):
        do("add_thing", thing="p1", kind="infusion_pump", area="moon")
    do("add_thing", thing="p1", kind="infusion_pump", area="wards")
    do("use_thing", thing="p1", in_use=True)
    with pytest.raises(ConflictError, match="OPS-487"):
        do("use_thing", thing="p1", in_use=True)
    do("use_thing", thing="p1", in_use=False)
    assert not floor.get(Thing, "p1").in_use
