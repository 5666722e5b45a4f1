"""Findings go out as BCF and come back; waivers, baselines, revisions and IDS files count as they say."""

import importlib
import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from tests.reviewed import make_building, make_programme, make_space
from tests.unit.design.ifc_files import SQUARE, Author

from oncopolis.design.bcf import VERSIONS, Header, Topic, read_bcf, write_bcf
from oncopolis.design.ids import check_ids
from oncopolis.design.model import Measured
from oncopolis.design.reading import read_models
from oncopolis.design.review import (
    Review,
    Ruling,
    Waiver,
    make_case,
    make_review,
    read_baseline,
    read_waivers,
    to_document,
)
from oncopolis.design.rules import find_pack
from oncopolis.design.snapshots import read_older, take_snapshots
from oncopolis.foundation import OncopolisError
from oncopolis.report.review import write_review

GUID = "2O2Fr$t4X7Zf8NOew3FNr2"
SPACES = [make_space(GUID, "Exam room", area=10.0)]
TODAY = date(2026, 6, 1)
FIRST, SECOND = "f47ac10b-58cc-4372-a567-0e02b2c3d479", "f47ac10b-58cc-4372-a567-0e02b2c3d480"
PLACE = (1.0, 2.0, 3.0)
TOPICS = [
    Topic(FIRST, "Мало & <так>", "Error", "Open", "High", "programme.short", "a\nb", (GUID,), PLACE, 20.0),
    Topic(SECOND, "No place", "Request", "Open", "Low", "sheet.air", "", ()),
]
HEADER = Header("Centre", (("m.ifc", GUID),), "2026-06-01")


def review(*waivers: Waiver, baseline: set[tuple[str, str]] = frozenset()) -> Review:  # type: ignore[assignment]  # an empty set
    case = make_case(make_building(SPACES), make_programme(), {}, None)
    return make_review(case, [find_pack("programme")], Ruling(TODAY, waivers, baseline))


@pytest.mark.parametrize("version", VERSIONS)
def test_topics_come_back_as_they_went(tmp_path: Path, version: str) -> None:
    path = tmp_path / "b.bcf"
    path.write_bytes(write_bcf(HEADER, TOPICS, version))
    assert path.read_bytes() == write_bcf(HEADER, TOPICS, version)
    back = read_bcf(path)
    assert [replace(topic, centre=(0.0, 0.0, 0.0), width_m=1.0) for topic in TOPICS] == back


@pytest.mark.parametrize(("version", "module"), [("2.1", "bcf.v2.bcfxml"), ("3.0", "bcf.v3.bcfxml")])
def test_another_program_reads_them(tmp_path: Path, version: str, module: str) -> None:
    client = pytest.importorskip("bcf.bcfxml", reason="bcf-client is not installed")
    importlib.import_module(module)
    path = tmp_path / "b.bcf"
    path.write_bytes(write_bcf(HEADER, TOPICS, version))
    with client.load(path) as book:
        topics = list(book.topics.values())
        titles = {topic.topic.title for topic in topics}
        assert titles == {topic.title for topic in TOPICS}
        views = [view for topic in topics for view in topic.viewpoints.values()]
        selected = [
            part.ifc_guid
            for view in views
            if view.visualization_info.components.selection
            for part in view.visualization_info.components.selection.component
        ]
    assert selected == [GUID]


def test_a_waiver_in_force_lets_pass_and_one_that_has_run_out_does_not() -> None:
    waiver = Waiver(
        rule="programme.short",
        where=GUID,
        reason="listed building",
        owner="Ministry",
        until=date(2026, 12, 31),
    )
    whole = waiver.model_copy(update={"rule": "programme.department-net", "where": "*", "until": None})
    assert review().is_failing
    assert not review(waiver, whole).is_failing
    expired = review(waiver.model_copy(update={"until": date(2026, 5, 31)}), whole)
    assert expired.is_failing
    [group] = [group for group in expired.groups if group.is_failing]
    assert group.is_expired
    assert group.waiver is not None


def test_a_waiver_that_nothing_needs_is_told() -> None:
    waiver = Waiver(rule="programme.short", where="nowhere", reason="r", owner="o")
    assert review(waiver).unused_waivers == (waiver,)


def test_waivers_are_read_with_every_fault_told(tmp_path: Path) -> None:
    path = tmp_path / "w.yaml"
    path.write_text("waivers:\n  - {rule: a, where: b, reason: c, owner: d, until: 2027-01-01}\n", "utf-8")
    assert read_waivers(path)[0].until == date(2027, 1, 1)
    path.write_text("waivers:\n  - {rule: a, where: b}\n  - {rule: a, when: b}\n", "utf-8")
    with pytest.raises(OncopolisError) as raised:
        read_waivers(path)
    assert str(raised.value).count("DES-054") > 3
    path.write_text("waivers:\n  - {rule: a, where: b, reason: ' ', owner: ''}\n", "utf-8")
    with pytest.raises(OncopolisError) as raised:
        read_waivers(path)
    assert str(raised.value).count("DES-054") == 2


@pytest.mark.parametrize("name", ["review.json", "review_2.1.bcf", "review_3.0.bcf"])
def test_what_was_found_before_fails_nothing(tmp_path: Path, name: str) -> None:
    document = to_document(review(), "Test", TODAY.isoformat())
    write_review(document, tmp_path, language="en")
    again = review(baseline=read_baseline(tmp_path / name))
    short = [group for group in again.groups if group.rule.id == "programme.short"]
    assert [group.state for group in short] == ["known"]


@pytest.mark.parametrize("name", ["review.json", "review_2.1.bcf", "review_3.0.bcf"])
def test_what_was_waived_or_not_checkable_before_is_not_known(tmp_path: Path, name: str) -> None:
    waived = Waiver(rule="programme.short", where=GUID, reason="listed building", owner="Ministry")
    write_review(to_document(review(waived), "Test", TODAY.isoformat()), tmp_path, language="en")
    assert ("programme.short", GUID) not in read_baseline(tmp_path / name)
    silent = [replace(SPACES[0], area=None, drawn_m2=None)]
    case = make_case(make_building(silent), make_programme(), {}, None)
    before = make_review(case, [find_pack("programme")], Ruling(TODAY))
    assert "unknown" in {group.state for group in before.groups if group.rule.id == "programme.short"}
    write_review(to_document(before, "Test", TODAY.isoformat()), tmp_path, language="en")
    again = review(baseline=read_baseline(tmp_path / name))
    assert ("programme.short", "failed") in {(group.rule.id, group.state) for group in again.groups}


@pytest.mark.parametrize("version", VERSIONS)
def test_what_was_closed_is_not_known(tmp_path: Path, version: str) -> None:
    path = tmp_path / "b.bcf"
    path.write_bytes(write_bcf(HEADER, [replace(TOPICS[0], status="Closed")], version))
    assert read_bcf(path)[0].status == "Closed"
    assert read_baseline(path) == set()


def test_an_older_revision_is_its_review_or_its_model(tmp_path: Path) -> None:
    before = make_building(SPACES)
    case = make_case(before, make_programme(), {}, None)
    document = to_document(make_review(case, [], Ruling(TODAY)), "Test", TODAY.isoformat())
    (tmp_path / "review.json").write_text(json.dumps(document), "utf-8")
    older = read_older([tmp_path / "review.json"])
    assert older == take_snapshots(before)
    now = make_building([replace(SPACES[0], area=Measured(8.0, "x")), make_space("new")])
    made = make_review(make_case(now, None, {}, older), [find_pack("revision")], Ruling(TODAY))
    assert {group.rule.id: group.tell_actual() for group in made.groups} == {
        "revision.shrunk": "10 m² → 8 m²",
        "revision.added": "new, 20 m²",
    }


@pytest.mark.parametrize(
    "text",
    [
        "{}",
        "[",
        "[" * 100_000,
        '{"kind": "review"}',
        '{"kind": "review", "spaces": [1], "groups": []}',
        '{"kind": "review", "spaces": [], "groups": [{"rule": "a", "state": "failed", "outcomes": [1]}]}',
        '{"kind": "review", "spaces": [{"id": [], "words": "", "area_m2": "x", "digest": ""}], "groups": []}',
    ],
)
def test_what_is_no_review_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "r.json").write_text(text, "utf-8")
    with pytest.raises(OncopolisError, match="DES-053"):
        read_older([tmp_path / "r.json"])


REST = "severity: error, message: m, fix: f, source: s, standing: own"


@pytest.mark.parametrize(
    ("rule", "code"),
    [
        ("{id: a, check: short, severity: grave}", "DES-051"),
        (f"{{id: a, check: nothing, {REST}}}", "DES-052"),
        (f"{{id: a, check: least_area, {REST}}}", "DES-052"),
    ],
)
def test_bad_rules_are_refused(tmp_path: Path, rule: str, code: str) -> None:
    (tmp_path / "mine.yaml").write_text(f"id: mine\nlabel: Mine\nrules:\n  - {rule}\n", "utf-8")
    with pytest.raises(OncopolisError) as raised:
        find_pack(str(tmp_path / "mine.yaml"))
    assert raised.value.code == code


def test_an_unknown_pack_is_named() -> None:
    with pytest.raises(OncopolisError, match="va-277") as raised:
        find_pack("va-999")
    assert raised.value.code == "DES-050"


IDS = """<ids xmlns="http://standards.buildingsmart.org/IDS" xmlns:xs="http://www.w3.org/2001/XMLSchema"
 xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
 <info><title>Areas</title></info>
 <specifications>
  <specification name="Rooms state their area" ifcVersion="IFC4">
   <applicability minOccurs="0" maxOccurs="unbounded">
    <entity><name><simpleValue>IFCSPACE</simpleValue></name></entity>
   </applicability>
   <requirements><property dataType="IFCAREAMEASURE" cardinality="required">
    <propertySet><simpleValue>Mine</simpleValue></propertySet><baseName><simpleValue>Area</simpleValue></baseName>
    <value><xs:restriction base="xs:double"><xs:minInclusive value="42"/></xs:restriction></value>
   </property></requirements>
  </specification>
 </specifications>
</ids>"""


def test_ids_bounds_have_the_tolerance_of_the_standard(tmp_path: Path) -> None:
    author = Author()
    for i, area in enumerate((42.0, 41.99999, 41.9, None)):
        space = author.add_space(str(i), "Exam room", SQUARE)
        if area is not None:
            author.add_property(space, "Mine", "Area", "IfcAreaMeasure", area)
    path = author.save(tmp_path / "m.ifc")
    (tmp_path / "a.ids").write_text(IDS, "utf-8")
    [(rule, outcomes)] = check_ids([tmp_path / "a.ids"], [path], read_models([path]))
    assert rule.message == "Rooms state their area"
    states: dict[str, Any] = {
        outcome.things[0].words[:1]: outcome.state for outcome in outcomes if outcome.things
    }
    assert states == {"2": "failed", "3": "failed"}
    assert len(outcomes) == 4
