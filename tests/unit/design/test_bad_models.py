"""Bad files: a clear error with its code, never a traceback, before anything is written."""

import random
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import xlsxwriter  # type: ignore[import-untyped]  # ships no types
from tests.unit.design.ifc_files import SQUARE, Author, write_house

from oncopolis.design.bcf import Header, Topic, read_bcf, write_bcf
from oncopolis.design.ids import check_ids
from oncopolis.design.reading import read_models
from oncopolis.design.reading.refusing import MAX_MODEL_BYTES
from oncopolis.foundation import OncopolisError

ENTITIES = '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>'


def write(path: Path, content: str | bytes) -> Path:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def make_empty(folder: Path) -> Path:
    return write(folder / "m.ifc", "")


def make_no_ifc(folder: Path) -> Path:
    return write(folder / "m.ifc", "<html>404</html>")


def make_zipped(folder: Path) -> Path:
    with zipfile.ZipFile(folder / "m.ifc", "w") as archive:
        archive.writestr("m.ifc", "ISO-10303-21;")
    return folder / "m.ifc"


def make_truncated(folder: Path) -> Path:
    whole = write_house(folder / "whole.ifc").read_bytes()
    return write(folder / "m.ifc", whole[: len(whole) * 2 // 3])


def make_huge(folder: Path) -> Path:
    with (folder / "m.ifc").open("wb") as stream:  # sparse: takes no room on the disk
        stream.write(b"ISO-10303-21;")
        stream.truncate(4 << 30)
    assert (folder / "m.ifc").stat().st_size > MAX_MODEL_BYTES
    return folder / "m.ifc"


def make_other_schema(folder: Path) -> Path:
    text = write_house(folder / "whole.ifc").read_text()
    return write(folder / "m.ifc", text.replace("FILE_SCHEMA(('IFC4'))", "FILE_SCHEMA(('AP203'))"))


def make_garbled(folder: Path) -> Path:
    return write(folder / "m.ifc", "ISO-10303-21;\nHEADER;\nrubbish(((\nENDSEC;\nEND-ISO-10303-21;\n")


def make_no_units(folder: Path) -> Path:
    author = Author(has_units=False)
    author.add_space("1", "Exam room", SQUARE)
    return author.save(folder / "m.ifc")


def make_no_spaces(folder: Path) -> Path:
    return Author().save(folder / "m.ifc")


def make_no_project(folder: Path) -> Path:
    author = Author()
    author.file.remove(author.project)
    return author.save(folder / "m.ifc")


def make_circle(folder: Path) -> Path:
    author = Author()
    author.add_space("1", "Exam room", SQUARE)
    author.aggregate(author.storey, author.building)
    return author.save(folder / "m.ifc")


def make_missing(folder: Path) -> Path:
    return folder / "none.ifc"


def make_workbook_of_text(folder: Path) -> Path:
    return write(folder / "m.xlsx", "Name,Area")


def make_workbook_without_sheets(folder: Path) -> Path:
    with xlsxwriter.Workbook(folder / "m.xlsx") as book:
        book.add_worksheet("Rooms")
    return folder / "m.xlsx"


def make_workbook_without_units(folder: Path) -> Path:
    with xlsxwriter.Workbook(folder / "m.xlsx") as book:
        sheets = {
            "Facility": ("Name", "LinearUnits", "AreaUnits"),
            "Floor": ("Name",),
            "Space": ("Name", "FloorName"),
        }
        for name, columns in sheets.items():
            book.add_worksheet(name).write_row(0, 0, columns)
    return folder / "m.xlsx"


def make_workbook_bomb(folder: Path) -> Path:
    with zipfile.ZipFile(folder / "m.xlsx", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b" " * (64 << 20))
    return folder / "m.xlsx"


def make_workbook_with_entities(folder: Path) -> Path:
    with zipfile.ZipFile(folder / "m.xlsx", "w") as archive:
        archive.writestr("xl/workbook.xml", ENTITIES)
    return folder / "m.xlsx"


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (make_missing, "FIL-001"),
        (make_huge, "FIL-005"),
        (make_empty, "DES-032"),
        (make_no_ifc, "DES-032"),
        (make_zipped, "DES-032"),
        (make_truncated, "DES-033"),
        (make_workbook_of_text, "DES-034"),
        (make_workbook_bomb, "DES-035"),
        (make_workbook_with_entities, "DES-036"),
        (make_no_units, "DES-037"),
        (make_garbled, "DES-039"),
        (make_other_schema, "DES-040"),
        (make_no_project, "DES-041"),
        (make_circle, "DES-042"),
        (make_workbook_without_sheets, "DES-043"),
        (make_workbook_without_units, "DES-044"),
        (make_no_spaces, "DES-046"),
    ],
    ids=lambda value: value if isinstance(value, str) else value.__name__,
)
def test_bad_model(tmp_path: Path, make: Callable[[Path], Path], code: str) -> None:
    with pytest.raises(OncopolisError) as raised:
        read_models([make(tmp_path)])
    assert raised.value.code == code
    assert raised.value.exit_code == 2
    assert raised.value.fix


def damage(text: bytes, seed: int) -> bytes:
    """Take away lines, references, names and numbers, or put one line's content into another's place."""
    chance = random.Random(seed)
    lines = text.split(b"\n")
    for _ in range(chance.choice((1, 3, 10))):
        i, kind = chance.randrange(len(lines)), chance.randrange(4)
        head, equals, tail = lines[i].partition(b"=")
        if kind == 0:
            del lines[i]
        elif kind == 1 and equals:
            lines[i] = head + equals + re.sub(rb"#\d+", b"$", tail, count=1)
        elif kind == 2:
            lines[i] = re.sub(rb"-?\d+\.\d*", chance.choice((b"0.", b"1.E300", b"-5.")), lines[i])
        elif equals:
            other = lines[chance.randrange(len(lines))].partition(b"=")
            lines[i] = head + equals + (other[2] or tail)
    return b"\n".join(lines)


@pytest.mark.slow
def test_damaged_models_are_read_or_refused(tmp_path: Path) -> None:
    whole = write_house(tmp_path / "whole.ifc", "IFC2X3", "foot").read_bytes()
    codes = []
    for seed in range(60):
        try:
            read_models([write(tmp_path / "m.ifc", damage(whole, seed))])
        except OncopolisError as error:
            codes.append(error.code)
    assert 0 < len(codes) < 60
    assert all(code.startswith("DES-") for code in codes)


def test_faults_of_all_files_are_told_at_once(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    paths = [make_no_ifc(tmp_path), make_truncated(tmp_path / "a")]
    with pytest.raises(OncopolisError) as raised:
        read_models(paths)
    assert "DES-032" in str(raised.value)
    assert "DES-033" in str(raised.value)


def test_two_projects_with_one_id(tmp_path: Path) -> None:
    path = write_house(tmp_path / "m.ifc")
    copy = write(tmp_path / "n.ifc", path.read_bytes())
    with pytest.raises(OncopolisError, match="DES-045"):
        read_models([path, copy])


TOPIC = Topic(
    "f47ac10b-58cc-4372-a567-0e02b2c3d479", "Too small", "Error", "Open", "High", "programme.short", "", ()
)


def repack(path: Path, **files: bytes | str) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name.replace("__", "."), content)
    return path


@pytest.mark.parametrize(
    ("files", "code"),
    [
        ({"bcf__version": b" " * (64 << 20)}, "DES-035"),
        ({"bcf__version": ENTITIES}, "DES-036"),
        ({"readme__txt": "no version"}, "DES-055"),
        ({"bcf__version": '<Version VersionId="1.0"/>'}, "DES-055"),
        ({"bcf__version": "<Version"}, "DES-055"),
    ],
    ids=["bomb", "entities", "no version", "old version", "broken"],
)
def test_bad_bcf(tmp_path: Path, files: dict[str, bytes | str], code: str) -> None:
    with pytest.raises(OncopolisError) as raised:
        read_bcf(repack(tmp_path / "b.bcf", **files))
    assert raised.value.code == code


def test_entities_in_any_part_of_a_bcf(tmp_path: Path) -> None:
    path = write(tmp_path / "b.bcf", write_bcf(Header("p", (), "2026-01-01"), [TOPIC], "3.0"))
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("x/markup.bcf", ENTITIES)
    with pytest.raises(OncopolisError, match="DES-036"):
        read_bcf(path)


@pytest.mark.parametrize(("text", "code"), [(ENTITIES, "DES-036"), ("<ids/>", "DES-056"), ("{}", "DES-056")])
def test_bad_ids(tmp_path: Path, text: str, code: str) -> None:
    model = write_house(tmp_path / "m.ifc")
    building = read_models([model])
    with pytest.raises(OncopolisError) as raised:
        check_ids([write(tmp_path / "a.ids", text)], [model], building)
    assert raised.value.code == code
