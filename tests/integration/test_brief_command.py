"""``oncopolis brief``: whole or not at all, the same every time, in every language."""

import json
import zlib
from io import BytesIO
from pathlib import Path

import ifcopenshell
import openpyxl
import pytest
from tests.buildings import make_small_programme
from tests.shared import EXAMPLES, share_folder, share_programme

from oncopolis.cli.entry import run
from oncopolis.design.layout import make_layout
from oncopolis.report.brief import BRIEF_FILES, label_in, write_brief
from oncopolis.report.brief.fonts import find_fonts
from oncopolis.report.brief.opentype import find_usable
from oncopolis.studies.briefing import brief_project

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def brief(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The brief of the national centre, in Russian."""

    def write(folder: Path) -> None:
        assert run(["brief", str(EXAMPLES / "tashkent"), "--out", str(folder), "--language", "ru"]) == 0

    return share_folder(tmp_path_factory, "brief", write)


def test_all_files_are_there(brief: Path) -> None:
    names = {path.name for path in brief.iterdir()}
    assert set(BRIEF_FILES) <= names
    plans = names - set(BRIEF_FILES)
    summary = json.loads((brief / "brief.json").read_text("utf-8"))
    assert len(plans) == len(summary["storeys"])
    assert all(name.startswith("plan_") and name.endswith(".svg") for name in plans)


def test_its_figures_are_those_of_the_plan(brief: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    summary = json.loads((brief / "brief.json").read_text("utf-8"))
    programme = share_programme(tmp_path_factory)
    assert summary["building_gross_m2"] == pytest.approx(programme.building_m2, rel=1e-5)
    assert summary["drawn_department_m2"] == pytest.approx(summary["department_gross_m2"], rel=0.03)
    assert 0 < summary["layout_score_percent"] <= 100
    model = ifcopenshell.open(str(brief / "concept.ifc"))
    rooms = [space for space in model.by_type("IfcSpace") if space.PredefinedType == "SPACE"]
    assert len(rooms) == summary["rooms"]


def test_the_workbook_holds_every_room_and_sums_by_formula(brief: Path) -> None:
    book = openpyxl.load_workbook(BytesIO((brief / "brief.xlsx").read_bytes()))
    sheet = book.worksheets[1]
    keys = [row[2].value for row in sheet.iter_rows(min_row=5) if row[2].value]
    assert "linac_bunker" in keys
    assert str(sheet.cell(sheet.max_row, 8).value).startswith("=SUBTOTAL(")


def test_plans_are_labelled_in_the_language(brief: Path) -> None:
    text = (brief / "plan_radiotherapy_minus1.svg").read_text("utf-8")
    assert "Дверь" in text
    assert "Лучев" in text or "лучев" in text


def test_the_document_embeds_its_font(brief: Path) -> None:
    data = (brief / "brief.pdf").read_bytes()
    assert data.startswith(b"%PDF")
    assert b"/FontFile2" in data


@pytest.mark.parametrize("language", ["en", "ko", "uz"])
def test_the_same_layout_gives_the_same_bytes(tmp_path: Path, language: str) -> None:
    layout = make_layout(make_small_programme())
    written = [write_brief(layout, tmp_path / name, language=language)[0] for name in ("one", "two")]
    assert [path.name for path in written[0]] == [path.name for path in written[1]]
    for one, two in zip(*written, strict=True):
        assert one.read_bytes() == two.read_bytes(), one.name


def test_a_failure_leaves_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A project that cannot be read, a folder that is a file: a message and exit code 2."""
    out = tmp_path / "out"
    assert run(["brief", str(tmp_path / "nowhere"), "--out", str(out)]) == 2
    taken = tmp_path / "taken"
    taken.write_text("a file")
    assert run(["brief", str(EXAMPLES / "tashkent"), "--out", str(taken / "deeper")]) == 2
    assert not out.exists()
    assert "Traceback" not in capsys.readouterr().err


@pytest.mark.soak
@pytest.mark.parametrize("name", ["tyumen", "severance"])
def test_the_other_examples_are_laid_out(name: str) -> None:
    """Buildings without stated storeys, campuses of many clinics."""
    layout = brief_project(EXAMPLES / name, settings={}, translate=label_in)
    rooms = [space for storey in layout.storeys for space in storey.drawing.spaces if space.kind == "room"]
    assert len(rooms) == sum(room.n for room in layout.programme.rooms)


@pytest.mark.parametrize("language", ["en", "ru", "uz", "ko"])
def test_a_font_is_embedded_or_a_finding_says_so(tmp_path: Path, language: str) -> None:
    write_brief(make_layout(make_small_programme()), tmp_path, language=language)
    fonts, data = find_fonts(language), (tmp_path / "brief.pdf").read_bytes()
    assert (b"/FontFile2" in data or b"/FontFile3" in data) != bool(fonts.findings)
    rules = [finding["rule"] for finding in json.loads((tmp_path / "brief.json").read_text())["findings"]]
    assert ("font-not-embedded" in rules) == bool(fonts.findings)


def test_a_font_is_embedded_with_the_glyphs_in_use_only() -> None:
    """Glyphs that are kept stay as they are, the others draw nothing, and nothing moves."""
    path = Path("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc")
    if not path.exists():
        pytest.skip("this machine has no CJK font to embed")
    font = find_usable(path)
    assert font is not None
    glyph = font.glyphs[ord("한")]
    emptied = font.empty_others({glyph})
    assert len(emptied) == len(font.outlines)
    assert len(zlib.compress(emptied)) < len(font.outlines) / 8
    assert find_usable(ROOT / "README.md") is None
