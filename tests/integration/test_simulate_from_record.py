"""A run that starts with the people of a live centre's record, by the command."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import polars as pl
import pytest
from tests.clinic import Data, build, lay, write
from tests.databases import cluster, database_url
from tests.live import MONDAY_MS, SOMEBODY, do, open_live
from tests.records import make_keys

from oncopolis.cli import entry
from oncopolis.operations import ACTS, VIEWS, Live, make_house
from oncopolis.operations.courses import Course
from oncopolis.operations.courses.trail import Mark
from oncopolis.record import Act
from oncopolis.record.store import Transaction, open_store
from oncopolis.record.store.keys import Keys
from oncopolis.studies.preparing import prepare
from oncopolis.studies.standing import read_beginning
from oncopolis.twin import Beginning
from oncopolis.twin.document import to_twin_schema
from oncopolis.web.definition import apply_differences, find_differences, make_records

__all__ = ["cluster", "database_url"]

MADE = Act("C", "create", SOMEBODY, "request")
MONDAY, HOUR_MS, DAY_MS = "2027-03-01", 3_600_000, 86_400_000
BOOKED_MS = MONDAY_MS + 2 * DAY_MS + 2 * HOUR_MS
BOOKED, HOME = "2027-03-03T10:00:00", "2027-03-04T08:00:00"
"""The appointment by the clock of the centre, and the end of a stay of four days that began a day before."""

Capture = pytest.CaptureFixture[str]


class Centre:
    """A small live centre with its project, and its database open."""

    def __init__(self, project: Path, live: Live, url: str, keys: Path | None = None) -> None:
        self.project, self.live, self.url, self.keys = project, live, url, keys

    def put(self, record: dict[str, Any]) -> None:
        def command(transaction: Transaction) -> None:
            transaction.put(record)

        self.live.store.submit(command, MADE).result()

    def start(self, patient: str, **said: Any) -> str:
        self.put({"resourceType": "Patient", "id": patient})
        said = {"patient": patient, "pathway": "care"} | said
        return str(do(self.live, ACTS["start_course"], said)["course"])

    def fill(self) -> None:
        """Two in beds, one booked for a first visit, one waiting for it."""
        for patient in ("a", "b"):
            self.start(patient, at="stay", attributes=("operated",))
            do(self.live, ACTS["admit"], {"patient": patient, "activity": "stay"}, MONDAY_MS - DAY_MS)
        course = self.start("c")
        said = {"patient": "c", "activity": "consult", "course": course, "step": "visit", "pathway": "care"}
        do(self.live, ACTS["book"], said | {"start_ms": BOOKED_MS})
        self.start("d")

    def run(self, out: Path, *more: str) -> int:
        command = ("simulate", str(self.project), "--from-record", self.url, "--start", MONDAY, "--days", "9")
        keys = [] if self.keys is None else ["--keys", str(self.keys)]
        return entry.run([*command, "--out", str(out), *keys, *more])

    def read(self, now_ms: int = 0) -> Beginning:
        house = self.live.house
        keys = None if self.keys is None else Keys.load(self.keys)
        day = house.to_local(MONDAY_MS).date()
        return read_beginning(self.url, keys, house.equipped, day, clock_ms=lambda: now_ms)


def make_project(folder: Path) -> Data:
    data = lay(build(), "time_zone", "Asia/Tashkent")
    data["resources"]["consult_room"]["booking"] = {"horizon_days": 200}
    write(folder, data)
    return data


@contextmanager
def open_centre(folder: Path, url: str, keys: Path | None) -> Iterator[Centre]:
    project = folder / "clinic"
    make_project(project)
    house = make_house(prepare(project, {}, lambda _doing, _done: None).equipped)
    master = None if keys is None else Keys.load(keys)
    with open_store(url, keys=master, clock_ms=lambda: MONDAY_MS) as store:
        apply_differences(store, find_differences(store, make_records(house.equipped)))
        yield Centre(project, open_live(store, VIEWS, house), url, keys)


@pytest.fixture
def centre(tmp_path: Path) -> Iterator[Centre]:
    with open_centre(tmp_path, f"sqlite:///{tmp_path / 'record.db'}?synchronous=OFF", None) as opened:
        yield opened


@pytest.fixture(params=["sealed", "in the open"])
def any_centre(database_url: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Centre]:
    """On a file or PostgreSQL, with or without a master key."""
    keys = tmp_path / "master.key" if request.param == "sealed" else None
    if keys is not None:
        make_keys(tmp_path)
    with open_centre(tmp_path, database_url, keys) as opened:
        yield opened


def refuse(capture: Capture, *arguments: str) -> str:
    assert entry.run(arguments) == 2
    told = capture.readouterr()
    assert "Traceback" not in told.err
    return told.err


def test_a_live_centre_is_lived_on(any_centre: Centre, tmp_path: Path) -> None:
    centre = any_centre
    centre.fill()
    out, log = tmp_path / "run", tmp_path / "log.parquet"
    assert centre.run(out, "--log", str(log)) in (0, 1)
    document = json.loads((out / "twin.json").read_text("utf-8"))
    jsonschema.validate(document, to_twin_schema())
    care = {"id": "care", "label": "Care", "n": 4}
    expected = {"day": MONDAY, "people": 4, "in_beds": 2, "booked": 1, "pathways": [care]}
    assert document["run"]["from_record"] == expected
    assert (document["run"]["start"], document["run"]["warmup_days"]) == (MONDAY, 0)
    page = (out / "twin.html").read_text("utf-8")
    assert "4 people on 2027-03-01: 2 in beds, 1 with an appointment" in page
    rows = pl.read_parquet(log)
    booked = rows.filter(pl.col("planned").dt.strftime("%FT%T") == BOOKED)
    assert BOOKED in booked["start"].dt.strftime("%FT%T").to_list()
    stays = rows.filter(pl.col("activity") == "stay").sort("end")
    assert stays["end"].dt.strftime("%FT%T").to_list()[:2] == [HOME] * 2
    assert any("Opening in phases" in told for told in document["not_modelled"])


def test_what_is_read(centre: Centre) -> None:
    centre.fill()
    people = {person.step: person for person in centre.read().people if person.appointments_ms}
    assert people["visit"].appointments_ms == (2 * DAY_MS + 10 * HOUR_MS,)
    lying = [person.lying for person in centre.read().people if person.lying is not None]
    assert [(bed.activity, bed.ward, bed.lain_ms) for bed in lying] == [("stay", "bed", 16 * HOUR_MS)] * 2
    assert [one.partition(":")[0] for one in centre.read().omitted] == ["Opening in phases"]


def test_a_sealed_record_is_not_read_without_its_key(tmp_path: Path, capsys: Capture) -> None:
    keys = tmp_path / "master.key"
    make_keys(tmp_path)
    with open_centre(tmp_path, f"sqlite:///{tmp_path / 'record.db'}", keys) as centre:
        centre.fill()
        centre.keys = None
        assert centre.run(tmp_path / "run") == 2
    assert "REC-056" in capsys.readouterr().err
    assert not (tmp_path / "run").exists()


def test_today_begins_now(centre: Centre) -> None:
    """At eleven the appointment of ten has passed, and beds are known to be taken until then."""
    centre.fill()
    now_ms = MONDAY_MS + 3 * HOUR_MS
    found = centre.read(now_ms)
    assert found.at_ms == 11 * HOUR_MS
    assert any("read at 11:00" in told for told in found.omitted)
    lying = [person.lying for person in found.people if person.lying is not None]
    assert [bed.lain_ms for bed in lying] == [DAY_MS + 3 * HOUR_MS] * 2
    assert centre.read(now_ms - DAY_MS).at_ms == 0
    assert centre.read(now_ms + DAY_MS).at_ms == 0


def test_what_the_definition_cannot_say_is_counted(centre: Centre) -> None:
    centre.fill()
    course = Course("x", "a", "way-x", "care", 3, "Care", MONDAY_MS, "", centre.read().day, "gone")
    by_hand = Mark("more", "", "Added", None)
    for number, one in enumerate((course, replace(course, at="visit", marks=(by_hand,)))):
        centre.put(replace(one, id=f"x{number}").to_record())
    centre.put({"resourceType": "Patient", "id": "e"})
    do(centre.live, ACTS["admit"], {"patient": "e", "activity": "stay"})
    do(centre.live, ACTS["book"], {"patient": "e", "activity": "consult", "start_ms": BOOKED_MS + HOUR_MS})
    told = " ".join(centre.read().omitted)
    for text in (
        "on a pathway or step that the definition does not have: 1",
        "on another version of their pathway, who go on by the one of today: 1",
        "added by hand: 1",
        "belong to no open course: 1",
        "in a bed that no step of theirs holds: 1",
    ):
        assert text in told
    assert len(centre.read().people) == 5


def test_databases_that_cannot_be_started_from(centre: Centre, tmp_path: Path, capsys: Capture) -> None:
    out = tmp_path / "run"
    assert centre.run(out) == 2
    assert "TWN-071" in capsys.readouterr().err
    assert centre.run(out, "--warmup", "3") == 2
    assert "TWN-072" in capsys.readouterr().err
    missing = f"sqlite:///{tmp_path / 'none.db'}"
    project = ("simulate", str(centre.project), "--out", str(out), "--from-record")
    assert "REC-130" in refuse(capsys, *project, missing)
    assert not (tmp_path / "none.db").exists()
    assert "REC-" in refuse(capsys, *project, "somewhere")
    centre.fill()
    other = tmp_path / "other"
    write(other, lay(make_project(tmp_path / "again"), "name", "Another clinic"))
    told = refuse(capsys, "simulate", str(other), "--out", str(out), "--from-record", centre.url)
    assert "TWN-070" in told
    assert "Small clinic" in told
    assert not out.exists()
