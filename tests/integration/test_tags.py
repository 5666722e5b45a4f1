"""Gateways of tags heard for real: things move, and floods and garbage end on a list somebody owns."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.integration.test_devices import find_port, needs_broker, publish, run_broker, wait_for
from tests.live import do, open_live
from tests.waiting import get_clinic

from oncopolis.foundation import InputError
from oncopolis.interop.devices.settings import Devices, Tags, find_devices
from oncopolis.interop.devices.tags import LONGEST, read_sightings
from oncopolis.operations import ACTS, VIEWS, Live
from oncopolis.operations.loop import Parked
from oncopolis.operations.things import Sighting, Thing
from oncopolis.record.store import open_store
from oncopolis.web.tracking import MOST_WAITING, Tracking

SAID: dict[str, Any] = {
    "topics": ["rtls/#"], "thing": "tag.id", "area": "room", "time": "seen", "areas": {"R-17": "surgery"},
}  # fmt: skip


@pytest.fixture
def live(tmp_path: Path) -> Iterator[Live]:
    with open_store(f"sqlite:///{tmp_path / 'record.db'}") as store:
        lived = open_live(store, VIEWS, get_clinic())
        do(lived, ACTS["add_thing"], {"thing": "pump-7", "kind": "infusion_pump", "area": "wards"}, at_ms=1)
        yield lived


def find_area(live: Live) -> str:
    return live.ask(lambda floor: floor.get(Thing, "pump-7").area)


def list_parked(live: Live) -> dict[str, Any]:
    return {one.why: json.loads(one.content) for one in live.ask(lambda floor: list(floor.list(Parked)))}


@needs_broker
def test_things_are_where_a_gateway_saw_them_also_after_the_broker_was_away(
    live: Live, tmp_path: Path
) -> None:
    port, said = find_port(), list[str]()
    devices = Devices.model_validate({"mqtt": {"host": "127.0.0.1", "port": port}, "tags": SAID})
    assert devices.mqtt is not None
    assert devices.tags is not None
    with Tracking(live, devices.mqtt, devices.tags, said.append):
        with run_broker(tmp_path, port):
            wait_for(lambda: said and "heard" in said[-1])
            flood = [("rtls/g1", b'{"tag": {"id": "pump-7"}, "room": "outpatient"}')] * 300
            publish(port, ("rtls/g1", b"\xff cold"), ("rtls/g1", b'[{"tag": {"id": "lost"}}, 7]'), *flood)
            wait_for(lambda: find_area(live) == "outpatient")
            wait_for(lambda: "garbage" in list_parked(live))
        wait_for(lambda: "away" in said[-1])
        with run_broker(tmp_path, port):
            wait_for(lambda: "heard" in said[-1])
            publish(port, ("rtls/g1", b'{"tag": {"id": "pump-7"}, "room": "R-17"}'))
            wait_for(lambda: find_area(live) == "surgery")
    assert len(list_parked(live)["garbage"]["told"]) == 3
    assert {one.owner for one in live.ask(lambda floor: list(floor.list(Parked)))} == {"administrator"}


def test_a_flood_becomes_one_act_and_what_has_no_room_is_counted(live: Live) -> None:
    tags = Tags(topics=("rtls/#",))
    tracking = Tracking(live, Devices.model_validate({"mqtt": {"host": "none"}}).mqtt, tags, print)  # type: ignore[arg-type]
    for i in range(MOST_WAITING // 1_000 + 1):
        message = [{"thing": f"t{i}-{k}", "area": "wards"} for k in range(1_000)]
        tracking.take("rtls/1", json.dumps(message).encode())
    tracking.tell()
    parked = list_parked(live)
    assert parked["flood"]["turned_away"] == 1_000
    assert parked["unknown"]["and_more"]
    before = live.store.read("Device", "pump-7")
    for _ in range(100):
        tracking.take("rtls/1", b'{"thing": "pump-7", "area": "surgery"}')
    tracking.tell()
    tracking.tell()
    after = live.store.read("Device", "pump-7")
    assert before is not None
    assert after is not None
    assert after.version == before.version + 1


@pytest.mark.parametrize(
    ("payload", "found"),
    [
        (b'{"tag": {"id": 7}, "room": "R-17"}', [Sighting(thing="7", area="surgery")]),
        (b'{"tag": {"id": "p"}, "room": "a", "seen": 5}', [Sighting(thing="p", area="a", at_ms=5_000)]),
        (
            b'[{"tag": {"id": "p"}, "room": "a", "seen": "1970-01-01T01:00:07+01:00"}]',
            [Sighting(thing="p", area="a", at_ms=7_000)],
        ),
        (b"", []), (b"7", []), (b"[]", []), (b"[[]]", []), (b'{"tag": "p", "room": "a"}', []),
        (b"\x00" * 400, []), (b"[" * 5_000, []), (b"[" + b"7," * LONGEST, []),
        (b"[" + b"7," * 1_000 + b"7]", []),
        (b'{"tag": {"id": "p"}, "room": "a", "seen": "today"}', []),
        (b'{"tag": {"id": "p"}, "room": "a", "seen": 1e300}', []),
        (b'{"tag": {"id": "p"}, "room": "a", "seen": -5}', []),
        (b'{"tag": {"id": "p"}, "room": "a", "seen": "2026-01-01T00:00:00"}', []),
        (b'{"tag": {"id": true}, "room": "a"}', []),
    ],
)  # fmt: skip
def test_what_says_where_a_thing_is_is_read_and_the_rest_is_garbage(
    payload: bytes, found: list[Sighting]
) -> None:
    tags = Tags.model_validate(SAID | {"unit": "s"})
    sightings, garbage = read_sightings(tags, "rtls/g1", payload)
    assert sightings == found
    assert bool(garbage) == (not found and payload != b"[]")


def test_a_level_of_the_topic_may_name_tag_or_place() -> None:
    tags = Tags(topics=("rtls/#",), thing="topic/3", area="topic/2")
    assert read_sightings(tags, "rtls/wards/p1", b"{}") == ([Sighting(thing="p1", area="wards")], [])
    assert read_sightings(tags, "rtls/wards", b"{}")[1]


@pytest.mark.parametrize("topics", ["['oncopolis/tags/#']", "['#']", "['+/x']", "['a#']", "[]"])
def test_topics_that_would_be_taken_for_readings_are_refused(tmp_path: Path, topics: str) -> None:
    (tmp_path / "devices").mkdir()
    (tmp_path / "devices" / "settings.yaml").write_text(f"mqtt: {{host: b}}\ntags: {{topics: {topics}}}\n")
    with pytest.raises(InputError, match="INT-051"):
        find_devices(tmp_path)
