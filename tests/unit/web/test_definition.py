"""Records from a definition: which, how often, and what a changed one changes."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

from tests.clinic import build, write
from tests.unit.web.calling import Client

from oncopolis.record.fhir.checking import check_resource
from oncopolis.record.store import Store
from oncopolis.studies.preparing import Prepared, prepare
from oncopolis.web.definition import apply_differences, find_differences, make_records
from oncopolis.web.definition.records import MANAGED, SYSTEM
from oncopolis.web.serving import bring_up_to_date


def get_prepared(folder: Path, **changes: Any) -> Prepared:
    return prepare(write(folder, build(**changes)), {}, lambda _doing, _done: None)


def test_a_centre_becomes_sound_records_that_refer_to_each_other(tmp_path: Path) -> None:
    prepared = get_prepared(tmp_path / "p")
    records = make_records(prepared.equipped)
    for (type_, id_), record in records.items():
        assert not check_resource(record)
        assert (record["resourceType"], record["id"]) == (type_, id_)
        assert record.keys() - {"resourceType", "id"} <= set(MANAGED[type_])
        assert record["identifier"][0]["system"] == SYSTEM
        for reference in json.dumps(record).split('"reference": "')[1:]:
            target = tuple(reference.split('"')[0].split("/"))
            assert target in records
    assert len({(key[0], record["identifier"][0]["value"]) for key, record in records.items()}) == len(
        records
    )
    centre = prepared.equipped.project.centre
    kinds = Counter(resource.kind for resource in centre.resources.values())
    types = Counter(type_ for type_, _ in records)
    assert types["Organization"] == 1
    assert types["HealthcareService"] == len(centre.departments)
    assert types["PractitionerRole"] == kinds["role"]
    assert make_records(prepared.equipped) == records


def start(store: Store, prepared: Prepared, *, is_to_apply: bool = False) -> list[str]:
    said: list[str] = []
    bring_up_to_date(store, prepared, is_to_apply, said.append)
    return said


def rename(prepared: Prepared, name: str) -> Prepared:
    """The same with another name of the centre."""
    project = prepared.equipped.project
    centre = project.centre.model_copy(update={"name": name})
    return replace_project(prepared, centre)


def replace_project(prepared: Prepared, centre: Any) -> Prepared:
    from dataclasses import replace

    project = replace(prepared.equipped.project, centre=centre)
    return replace(prepared, equipped=replace(prepared.equipped, project=project))


def drop_resource(prepared: Prepared, key: str) -> Prepared:
    resources = {name: one for name, one in prepared.equipped.project.centre.resources.items() if name != key}
    centre = prepared.equipped.project.centre.model_copy(update={"resources": resources})
    return replace_project(prepared, centre)


def test_a_start_makes_records_once_and_a_changed_definition_only_when_told(
    store: Store, tmp_path: Path
) -> None:
    prepared = get_prepared(tmp_path / "p")
    n_records = len(make_records(prepared.equipped))
    assert start(store, prepared) == [f"{n_records} records made from the definition"]
    assert len(store.history(limit=10_000)) == n_records
    assert start(store, prepared) == [f"{n_records} records follow from the definition; nothing has changed"]

    renamed = rename(prepared, "Another name")
    said = start(store, renamed)
    assert said[0].startswith("changed Organization/centre: name: ")
    assert said[0].endswith('-> "Another name"')
    assert "--apply" in said[-1]
    assert len(store.history(limit=10_000)) == n_records
    start(store, renamed, is_to_apply=True)
    assert store.get("Organization", "centre").version == 2
    assert "nothing has changed" in start(store, renamed)[-1]


def test_what_is_gone_is_kept_and_marked_and_may_come_back(store: Store, tmp_path: Path) -> None:
    prepared = get_prepared(tmp_path / "p")
    start(store, prepared)
    centre = prepared.equipped.project.centre
    key = next(name for name, one in centre.resources.items() if one.kind != "role")
    fewer = drop_resource(prepared, key)
    differences = find_differences(store, make_records(fewer.equipped))
    assert differences
    assert {one.kind for one in differences} == {"gone"}
    start(store, fewer, is_to_apply=True)
    assert not find_differences(store, make_records(fewer.equipped))
    for one in differences:
        body = json.loads(store.get(one.record["resourceType"], one.record["id"]).body or b"")
        assert body.get("status") == "inactive" or body.get("active") is False
    back = find_differences(store, make_records(prepared.equipped))
    assert {one.kind for one in back} == {"changed"}
    assert {one.name for one in back} == {one.name for one in differences}
    apply_differences(store, back)
    assert not find_differences(store, make_records(prepared.equipped))


def test_what_people_add_to_a_record_stays(client: Client, tmp_path: Path) -> None:
    prepared = get_prepared(tmp_path / "p")
    start(client.store, prepared)
    own = [
        {"op": "add", "path": "/telecom", "value": [{"system": "phone", "value": "1"}]},
        {"op": "add", "path": "/active", "value": True},
    ]
    assert client.call("PATCH", "/Organization/centre", own).status_code == 200
    site = [{"op": "replace", "path": "/status", "value": "suspended"}]
    assert client.call("PATCH", "/Location/site", site).status_code == 200
    assert not find_differences(client.store, make_records(prepared.equipped))
    renamed = rename(prepared, "Another name")
    start(client.store, renamed, is_to_apply=True)
    organization = client.call("GET", "/Organization/centre").json()
    assert (organization["name"], organization["telecom"][0]["value"]) == ("Another name", "1")
    location = client.call("GET", "/Location/site").json()
    assert (location["name"], location["status"]) == ("Another name", "suspended")
