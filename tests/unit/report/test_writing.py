"""The files of a plan: all or none, the same each time."""

import json
from pathlib import Path

import openpyxl
import pytest
from tests.unit.report.sample_plan import build_plan

from oncopolis.foundation import InputError, NotFoundError
from oncopolis.report import summarise, write_plan

NAMES = ["plan.json", "report.html", "equipment.xlsx", "staffing.xlsx", "space_programme.xlsx"]


@pytest.mark.parametrize("language", ["en", "ko", "ru", "uz"])
def test_writes_all_files_and_only_them(tmp_path: Path, language: str) -> None:
    written = write_plan(build_plan(), tmp_path / "new" / "plan", language=language)
    assert [path.name for path in written] == NAMES
    assert sorted(path.name for path in (tmp_path / "new" / "plan").iterdir()) == sorted(NAMES)


def test_same_plan_same_bytes(tmp_path: Path) -> None:
    for name in ("a", "b"):
        write_plan(build_plan(), tmp_path / name, language="ru")
    for name in NAMES:
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes(), name


def test_plan_written_from_file_is_the_same(tmp_path: Path) -> None:
    write_plan(build_plan(), tmp_path / "a", language="en")
    again = json.loads((tmp_path / "a" / "plan.json").read_text("utf-8"))
    write_plan(again, tmp_path / "b", language="en")
    for name in NAMES:
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes(), name


def test_progress_runs_to_the_end(tmp_path: Path) -> None:
    told: list[tuple[str, float]] = []
    write_plan(
        build_plan(), tmp_path, language="en", on_progress=lambda doing, done: told.append((doing, done))
    )
    assert [doing for doing, _ in told] == [*NAMES, "written"]
    assert [done for _, done in told] == sorted(done for _, done in told)
    assert told[-1][1] == 1


def test_refuses_a_file_in_the_way(tmp_path: Path) -> None:
    (tmp_path / "plan").write_text("not a folder", "utf-8")
    with pytest.raises(InputError) as caught:
        write_plan(build_plan(), tmp_path / "plan", language="en")
    assert caught.value.code == "REP-001"
    assert caught.value.exit_code == 2


def test_refuses_a_folder_that_takes_no_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # Permissions do not bind the superuser that tests may run as, so the refusal is made by hand.
    def refuse(*args: object, **named: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("oncopolis.report.folder.tempfile.TemporaryFile", refuse)
    with pytest.raises(InputError) as caught:
        write_plan(build_plan(), tmp_path, language="en")
    assert caught.value.code == "REP-001"
    assert not list(tmp_path.iterdir())


def test_a_failure_leaves_the_old_files_alone(tmp_path: Path) -> None:
    write_plan(build_plan(), tmp_path, language="en")
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    broken = build_plan()
    broken["staff"][0]["fte"] = "many"
    with pytest.raises((TypeError, ValueError)):
        write_plan(broken, tmp_path, language="en")
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_refuses_numbers_that_are_none(tmp_path: Path) -> None:
    broken = build_plan()
    broken["staff"][0]["fte"] = float("nan")
    with pytest.raises(ValueError, match="finite"):
        write_plan(broken, tmp_path, language="en")
    assert not list(tmp_path.iterdir())


def test_refuses_an_unknown_language(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError) as caught:
        write_plan(build_plan(), tmp_path / "plan", language="xx")
    assert caught.value.code == "REP-002"
    assert not (tmp_path / "plan").exists()


def test_plan_json_names_no_place_and_keeps_six_digits(tmp_path: Path) -> None:
    write_plan(build_plan(), tmp_path, language="en")
    text = (tmp_path / "plan.json").read_text("utf-8")
    assert str(tmp_path) not in text
    assert json.loads(text)["figures"]["money.capital"]["value"] == 412346000.0


@pytest.mark.parametrize("name", [name for name in NAMES if name.endswith("xlsx")])
def test_workbooks_have_headings_sums_sources_and_notes(tmp_path: Path, name: str) -> None:
    write_plan(build_plan(), tmp_path, language="en")
    book = openpyxl.load_workbook(tmp_path / name)
    assert book.sheetnames[-2:] == ["Sources", "Notes"]
    sheet = book.worksheets[0]
    assert sheet.freeze_panes == "B5"
    assert sheet.auto_filter.ref
    last = [cell.value for cell in sheet[sheet.max_row]]
    assert last[0] == "Total"
    assert any(str(value).startswith("=SUBTOTAL(109,") for value in last)
    assert book.properties.created.year == 2000


def test_workbook_formulas_agree_with_the_plan(tmp_path: Path) -> None:
    write_plan(build_plan(), tmp_path, language="en")
    values = openpyxl.load_workbook(tmp_path / "equipment.xlsx", data_only=True).worksheets[0]
    formulas = openpyxl.load_workbook(tmp_path / "equipment.xlsx").worksheets[0]
    heads = [cell.value for cell in formulas[4]]
    price, n, total = (heads.index(name) for name in ("Price each, USD", "Pieces", "Price, USD"))
    row = [cell.value for cell in values[5]]
    assert (row[n], row[price], row[total]) == (8, 3_000_000, 24_000_000)
    assert formulas[5][total].value == "=D5*E5"


def test_summary_shows_headlines_marks_and_findings() -> None:
    text = summarise(build_plan(), language="en")
    assert "Linacs" in text
    assert "8 ○" in text
    assert "USD 412 million" in text
    assert "A proton room is planned" in text
    assert "Two rows are unsigned" not in text


def test_summary_speaks_russian() -> None:
    assert "Линейные ускорители" in summarise(build_plan(), language="ru")
