"""YAML with places: every value knows its line, and what cannot be read says where it breaks."""

from pathlib import Path

import pytest

from oncopolis.foundation import InputError, InputErrors, Located, Place, load_yaml, read_text
from oncopolis.foundation.located import to_key

TEXT = """\
name: x
steps:
  - id: first
    do: [a,
         b]
  - {id: second}
"""


def write(folder: Path, content: str | bytes) -> Path:
    path = folder / "file.yaml"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def load(folder: Path, content: str | bytes) -> Located:
    return load_yaml(write(folder, content), "file.yaml")


def fail(folder: Path, content: str | bytes) -> InputError:
    with pytest.raises(InputError) as caught:
        load(folder, content)
    return caught.value


@pytest.mark.parametrize(
    ("path", "line", "column"),
    [
        ((), 1, 1),
        (("name",), 1, 1),
        (("steps",), 2, 1),
        (("steps", 0), 3, 5),
        (("steps", 0, "do"), 4, 5),
        (("steps", 0, "do", 1), 5, 10),
        (("steps", 1, "id"), 6, 6),
    ],
)
def test_keys_and_entries_know_line_and_column(
    tmp_path: Path, path: tuple[str | int, ...], line: int, column: int
) -> None:
    """Keys and list entries are found at the line and column they were written."""
    assert load(tmp_path, TEXT).places[path] == Place("file.yaml", line, column)


def test_what_was_not_written_is_found_at_what_is_around_it(tmp_path: Path) -> None:
    """A missing key is reported at the thing it is missing from."""
    located = load(tmp_path, TEXT)
    assert located.where(("steps", 1, "label", "en")) == "file.yaml:6: steps[1].label.en"
    assert located.where(("nothing",)) == "file.yaml:1: nothing"
    assert located.where(()) == "file.yaml:1"


def test_a_thing_without_lines_is_named_alone() -> None:
    """An option of the command line has no line to name."""
    assert Located({}, "f", {("a",): Place("--set", 0, 0)}).where(("a",)) == "--set: a"


def test_keys_are_written_the_way_people_do() -> None:
    """Names are joined by dots and positions stand in brackets."""
    assert to_key(("a", 0, 2, "b", "c")) == "a[0][2].b.c"


def test_every_key_twice_is_told(tmp_path: Path) -> None:
    """All repeated keys of a file are reported at once, each with the line of the first."""
    with pytest.raises(InputErrors) as caught:
        load(tmp_path, "a: 1\nb: {c: 1, c: 2}\na: 3\n")
    assert [(error.code, error.where) for error in caught.value.errors] == [
        ("FIL-004", "file.yaml:2: b.c"),
        ("FIL-004", "file.yaml:3: a"),
    ]
    assert "first at line 1" in caught.value.errors[1].expected


def test_merged_keys_may_be_written_over(tmp_path: Path) -> None:
    """A key brought in by `<<` gives way to the same key written beside it, without a fault."""
    located = load(tmp_path, "a: &a {v: 1, w: 2}\nb:\n  <<: *a\n  v: 3\n")
    assert located.data["b"] == {"v": 3, "w": 2}
    assert located.places["b", "v"].line == 4
    assert located.places["b", "w"].line == 1


def test_merged_keys_do_not_hide_a_key_written_twice(tmp_path: Path) -> None:
    """A key written twice is a fault even where a merge also brings it in."""
    assert fail(tmp_path, "a: &a {v: 1}\nb: {<<: *a, v: 2, v: 3}\n").code == "FIL-004"


@pytest.mark.parametrize(
    ("content", "line", "told"),
    [
        ("a: 1\n\tb: 2\n", 2, "'\\t'|cannot start any token|tab"),
        ("a: [1,\n- b: 2\n", 2, "expected"),
        ("a: 1\nb: *nope\n", 2, "undefined alias"),
        ("a: 1\nb: !!python/name:os.system x\n", 2, "could not determine a constructor"),
        ("a: 1\n---\nb: 2\n", 2, "another document"),
        ("a: 1\nb: 2024-13-45\n", 2, "2024-13-45"),
        ("a: &a [*a]\n", 1, "nested without end"),
        ("a: x\0y\n", 1, "control characters"),
    ],
)
def test_broken_yaml_names_its_line(tmp_path: Path, content: str, line: int, told: str) -> None:
    """Whatever is wrong with the YAML is an error that names the line, never a traceback of the parser."""
    error = fail(tmp_path, content)
    assert (error.code, error.where) == ("FIL-003", f"file.yaml:{line}")
    assert any(part in error.got for part in told.split("|"))


def test_an_empty_file_is_no_fault_here(tmp_path: Path) -> None:
    """An empty file or one of comments alone reads as None; the reader above decides what that means."""
    assert load(tmp_path, "# nothing\n").data is None


def test_bytes_that_are_not_utf8_name_line_and_byte(tmp_path: Path) -> None:
    """A file in another encoding is refused with line, byte and remedy."""
    error = fail(tmp_path, "a: 1\nb: 2\nc: é\n".encode("latin-1"))
    assert (error.code, error.where) == ("FIL-002", "file.yaml:3")
    assert "0xe9" in error.got
    assert "UTF-8" in error.fix


def test_a_byte_order_mark_is_not_text(tmp_path: Path) -> None:
    """Editors that write a byte order mark do no harm."""
    assert load(tmp_path, b"\xef\xbb\xbfa: 1\n").data == {"a": 1}


@pytest.mark.parametrize("name", ["missing.yaml", "."])
def test_what_cannot_be_read_is_named(tmp_path: Path, name: str) -> None:
    """A missing file and a folder are errors that name the path."""
    with pytest.raises(InputError) as caught:
        read_text(tmp_path / name)
    assert (caught.value.code, caught.value.where) == ("FIL-001", str(tmp_path / name))


def test_scalars_keep_their_types_and_keys_are_text(tmp_path: Path) -> None:
    """Numbers, truth values and nothing are read as such, while keys are always text."""
    assert load(tmp_path, "1: 2\ny: 2.5\nz: true\nn: null\n").data == {"1": 2, "y": 2.5, "z": True, "n": None}
