"""Reading tables: encodings, separators, numbers, limits."""

from pathlib import Path

import pytest

from oncopolis.centre.importers import delimited
from oncopolis.centre.importers.delimited import Faults, Row, read_rows
from oncopolis.foundation.errors import InputError, InputErrors

ALIASES = {"site": ("Site",), "cases": ("New cases", "N")}


def write(folder: Path, content: str | bytes) -> Path:
    path = folder / "table.csv"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def read(path: Path) -> list[Row]:
    return list(read_rows(path, ALIASES, ("site", "cases")))


@pytest.mark.parametrize(
    "content",
    [
        "site,cases\nlung,5\n",
        "\ufeffsite,cases\nlung,5\n",
        "site;cases\r\nlung;5\r\n",
        "Site\tNew cases\tother\nlung\t5\tx\n",
        "# a note, with commas, in it\n\nSITE,new_cases\n\nlung,5\n,\n# note\n",
        'site,cases\n"lung","5"',
    ],
)
def test_usual_forms_read_alike(tmp_path: Path, content: str) -> None:
    rows = read(write(tmp_path, content))
    assert [(row.get("site"), row.read_count("cases")) for row in rows] == [("lung", 5)]


def test_row_knows_its_place(tmp_path: Path) -> None:
    path = write(tmp_path, "# note\nSite,N\nlung,5\n\nbreast,x\n")
    row = read(path)[1]
    with pytest.raises(InputError) as caught:
        row.read_number("cases")
    assert caught.value.where == f"{path}:5: N"
    assert str(caught.value).startswith(f"{path}:5: N: got 'x', expected a number, ")


@pytest.mark.parametrize(
    ("text", "comma", "value"),
    [
        ("1234", True, 1234),
        ("1,234", True, 1234),
        ("1,234,567", False, 1234567),
        ("1,234.5", False, 1234.5),
        ("1 234", True, 1234),
        ("1\u00a0234\u202f567", True, 1234567),
        ("1'234", True, 1234),
        ("12,5", False, 12.5),
        ("12,5", True, 12.5),
        ("1.234,5", False, 1234.5),
        ("1.234.567", False, 1234567),
        ("1.234", False, 1.234),
        ("1e3", True, 1000),
        (" 7 ", True, 7),
    ],
)
def test_numbers_are_read_where_they_are_clear(text: str, comma: bool, value: float) -> None:
    assert Row("f", 1, {"cases": text}, {}, comma).read_number("cases") == value


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "IMP-010"),
        ("NA", "IMP-010"),
        ("-3", "IMP-011"),
        ("\u22123", "IMP-011"),
        ("1,234", "IMP-013"),
        ("about 5", "IMP-014"),
        ("1,23,4", "IMP-014"),
        ("inf", "IMP-014"),
        ("٣", "IMP-014"),
    ],
)
def test_other_numbers_are_refused(text: str, code: str) -> None:
    with pytest.raises(InputError) as caught:
        Row("f", 1, {"cases": text}, {}, comma_splits=False).read_number("cases")
    assert caught.value.code == code


def test_count_is_whole() -> None:
    with pytest.raises(InputError) as caught:
        Row("f", 1, {"cases": "1.234"}, {}, comma_splits=True).read_count("cases")
    assert caught.value.code == "IMP-012"


@pytest.mark.parametrize(
    ("content", "code", "words"),
    [
        (b"", "IMP-004", "an empty file"),
        (b"# only a note\n", "IMP-004", "an empty file"),
        ("site,cases\nлёгкое,5\n".encode("cp1251"), "IMP-005", ":2: byte 1: got 0xeb"),
        ("site,cases\nlung,5\n".encode("utf-16"), "IMP-005", ":1: byte 1: got 0xff"),
        ("site,cases\nlung,5\n".encode("utf-16-be"), "IMP-005", "iconv -f UTF-16"),
        (b"site,number\nlung,5\n", "IMP-006", "cases: 'cases' or 'New cases' or 'N'"),
        (b"site,cases,N\nlung,5,5\n", "IMP-007", "'cases' and 'N'"),
        (b"site,cases\nlung\n", "IMP-008", ":2: got 1 cells"),
        (b"site,cases\nlung,1,234\n", "IMP-008", "quote a cell"),
        (b'site,cases\n"lung,5\n' + b"x,1\n" * 40_000, "IMP-009", "never closed"),
        (b"site,cases\n" + b"x" * (delimited.MAX_LINE_BYTES + 1), "IMP-002", "line 2"),
    ],
)
def test_broken_files_are_refused_with_their_place(
    tmp_path: Path, content: bytes, code: str, words: str
) -> None:
    with pytest.raises(InputError) as caught:
        read(write(tmp_path, content))
    assert caught.value.code == code
    assert words in str(caught.value)
    assert caught.value.exit_code == 2


def test_missing_file_and_folder_are_refused(tmp_path: Path) -> None:
    for path in (tmp_path / "none.csv", tmp_path):
        with pytest.raises(InputError) as caught:
            read(path)
        assert caught.value.code == "FIL-001"


def test_two_gigabytes_are_refused_without_reading(tmp_path: Path) -> None:
    path = write(tmp_path, "site,cases\n")
    with path.open("r+b") as file:
        file.truncate(2 << 30)
    with pytest.raises(InputError, match="at most 1,024 MiB"):
        read(path)


def test_rows_have_a_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delimited, "MAX_ROWS", 3)
    with pytest.raises(InputError, match="more than 3 rows"):
        read(write(tmp_path, "site,cases\n" + "lung,1\n" * 4))


def test_growing_file_is_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write(tmp_path, "site,cases\n" + "lung,1\n" * 100)
    rows = read_rows(path, ALIASES, ("site",))
    next(rows)
    monkeypatch.setattr(delimited, "MAX_FILE_BYTES", 50)
    with pytest.raises(InputError, match="FIL-005"):
        list(rows)


def test_faults_stop_at_their_limit() -> None:
    faults = Faults()
    fault = InputError(code="X", where="here", got="a", expected="b", fix="c")
    for _ in range(delimited.MAX_FAULTS - 1):
        faults.add(fault)
    with pytest.raises(InputErrors) as caught:
        faults.add(fault)
    assert len(caught.value.errors) == delimited.MAX_FAULTS
