"""The files of a run: all or none, the same each time, tables that can be read elsewhere."""

import csv
import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from tests import runs

from oncopolis.foundation import InputError, NotFoundError
from oncopolis.report import TWIN_FILES, check_folder, write_twin
from oncopolis.twin.document import to_document


@cache
def build() -> dict[str, Any]:
    project = runs.read_clinic()
    return to_document([runs.build_result(project)], runs.build_about(project))


def read(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(path.read_text("utf-8").splitlines()))


def test_writes_all_files_and_only_them(tmp_path: Path) -> None:
    told: list[float] = []
    written = write_twin(
        build(), tmp_path / "new" / "run", "ru", on_progress=lambda doing, done: told.append(done)
    )
    assert [path.name for path in written] == list(TWIN_FILES)
    assert sorted(path.name for path in (tmp_path / "new" / "run").iterdir()) == sorted(TWIN_FILES)
    assert told[-1] == 1


def test_same_run_same_bytes(tmp_path: Path) -> None:
    for name in ("a", "b"):
        write_twin(build(), tmp_path / name)
    for name in TWIN_FILES:
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes(), name
        assert str(tmp_path) not in (tmp_path / "a" / name).read_text("utf-8")


def test_written_from_file_is_the_same(tmp_path: Path) -> None:
    write_twin(build(), tmp_path / "a")
    write_twin(json.loads((tmp_path / "a" / "twin.json").read_text("utf-8")), tmp_path / "b")
    for name in TWIN_FILES:
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes(), name


def test_tables_hold_what_the_document_holds(tmp_path: Path) -> None:
    write_twin(build(), tmp_path)
    waits, resources, pathways = (
        read(tmp_path / f"{name}.csv") for name in ("waits", "resources", "pathways")
    )
    document = json.loads((tmp_path / "twin.json").read_text("utf-8"))
    consult = next(line for line in waits if line["of"] == "activity" and line["id"] == "consult")
    told = next(line for line in document["waits"]["activities"] if line["id"] == "consult")
    assert float(consult["p90_min"]) == told["p90"]["value"]
    assert consult["mean_low_min"] == ""
    assert len(waits) == sum(len(document["waits"][key]) for key in ("activities", "steps", "pathways"))
    assert [line["id"] for line in resources] == [line["id"] for line in document["resources"]]
    assert float(resources[0]["utilisation"]) == document["resources"][0]["utilisation"]["value"]
    everybody = next(line for line in pathways if line["id"] == "all")
    assert float(everybody["target_day"]) == 31


def test_a_failure_leaves_the_old_files_alone(tmp_path: Path) -> None:
    write_twin(build(), tmp_path)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    broken = json.loads(before["twin.json"])
    del broken["resources"][0]["kind"]
    with pytest.raises(KeyError):
        write_twin(broken, tmp_path)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_refuses_bad_folders_and_languages(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", "utf-8")
    with pytest.raises(InputError) as caught:
        write_twin(build(), tmp_path / "file")
    assert caught.value.code == "REP-001"
    with pytest.raises(NotFoundError):
        write_twin(build(), tmp_path / "new", "xx")
    (tmp_path / "taken" / "twin.html").mkdir(parents=True)
    with pytest.raises(InputError):
        check_folder(tmp_path / "taken", TWIN_FILES)
