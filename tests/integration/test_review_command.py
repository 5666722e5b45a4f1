"""`oncopolis review` on the command line: exit codes, all files or none, what comes back is used."""

import csv
import json
import zipfile
from pathlib import Path

import pytest
from tests.folders import PROJECTS
from tests.unit.design.ifc_files import SQUARE, Author, write_house

from oncopolis.cli.entry import run
from oncopolis.report.review import REVIEW_FILES

CLINIC = str(PROJECTS / "clinic")


@pytest.fixture
def model(tmp_path: Path) -> str:
    return str(write_house(tmp_path / "house.ifc"))


def test_findings_fail_and_all_files_are_written(model: str, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert run(["review", CLINIC, model, "--out", str(out), "--language", "ru", "--rules", "va-277"]) == 1
    assert sorted(path.name for path in out.iterdir()) == sorted(REVIEW_FILES)
    page = (out / "review.html").read_text("utf-8")
    assert "http://" not in page.replace("http://www.w3.org", "")
    assert "<script src" not in page
    document = json.loads((out / "review.json").read_text("utf-8"))
    assert document["is_failing"]
    assert "va-277" in document["packs"]
    assert zipfile.ZipFile(out / "review_3.0.bcf").testzip() is None


def test_what_is_known_or_waived_passes(model: str, tmp_path: Path) -> None:
    out = tmp_path / "out"
    run(["review", CLINIC, model, "--out", str(out)])
    again = ["review", CLINIC, model, "--out", str(tmp_path / "again")]
    assert run([*again, "--baseline", str(out / "review.json")]) == 0
    document = json.loads((out / "review.json").read_text("utf-8"))
    rules = {rule["id"] for rule in document["rules"]}
    waivers = tmp_path / "waivers.yaml"
    lines = [f"  - {{rule: {rule}, where: '*', reason: trial, owner: me}}" for rule in sorted(rules)]
    waivers.write_text("\n".join(["waivers:", *lines, ""]), "utf-8")
    assert run([*again, "--waivers", str(waivers)]) == 0


def test_the_mapping_that_is_written_can_be_corrected_and_given_back(model: str, tmp_path: Path) -> None:
    out = tmp_path / "out"
    run(["review", CLINIC, model, "--out", str(out)])
    with (out / "mapping.csv").open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert [row["name"] for row in rows] == ["Exam room", "Office"]
    room = json.loads((out / "review.json").read_text("utf-8"))["programme"][0]["id"]
    mapping = tmp_path / "mapping.csv"
    mapping.write_text("space,room\n" + "".join(f"{row['space']},{room}\n" for row in rows), "utf-8")
    run(["review", CLINIC, model, "--out", str(out), "--mapping", str(mapping)])
    document = json.loads((out / "review.json").read_text("utf-8"))
    assert document["programme"][0]["n_found"] == 2
    assert {match["reason"] for match in document["matches"]} == {"mapping file"}


def test_a_revision_is_compared(model: str, tmp_path: Path) -> None:
    author = Author()
    author.add_space("1", "Exam room", SQUARE)
    newer = author.save(tmp_path / "newer.ifc")
    run(["review", CLINIC, str(newer), "--out", str(tmp_path / "out"), "--against", model])
    document = json.loads((tmp_path / "out" / "review.json").read_text("utf-8"))
    n_failed = {rule["id"]: rule["n_failed"] for rule in document["rules"]}
    assert (n_failed["revision.removed"], n_failed["revision.added"]) == (2, 1)


def test_bad_input_leaves_nothing_behind(
    model: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bad = tmp_path / "bad.ifc"
    bad.write_text("<html/>", "utf-8")
    out = tmp_path / "out"
    assert run(["review", CLINIC, model, str(bad), "--out", str(out)]) == 2
    assert not out.exists()
    assert "DES-032" in capsys.readouterr().err
    run(["review", CLINIC, model, "--out", str(out)])
    before = {path.name: path.read_bytes() for path in out.iterdir()}
    assert run(["review", CLINIC, str(bad), "--out", str(out)]) == 2
    assert {path.name: path.read_bytes() for path in out.iterdir()} == before
