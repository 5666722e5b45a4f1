"""Complaints of pydantic become errors with file, line and key, of the likeliest form of a union only."""

from pathlib import Path
from typing import Annotated, Any, Literal

import pytest
from pydantic import Field, ValidationError

from oncopolis.foundation import Frozen, InputError, load_yaml
from oncopolis.foundation.faults import to_errors


class Named(Frozen):
    evidence: str
    otherwise: str | None = None


class Stated(Frozen):
    label: str
    value: float


class Part(Frozen):
    id: Annotated[str, Field(pattern="^[a-z]+$")]
    n: Annotated[int, Field(ge=0)] | Named | Stated = 1
    using: Annotated[dict[str, Named], Field(alias="with")] = {}
    kind: Literal["a", "b"] = "a"


class Whole(Frozen):
    parts: Annotated[tuple[Part | str, ...], Field(min_length=1)]
    sections: dict[str, Part] = {}


def find_faults(folder: Path, text: str) -> list[InputError]:
    path = folder / "file.yaml"
    path.write_text(text, encoding="utf-8")
    located = load_yaml(path, "f")
    with pytest.raises(ValidationError) as caught:
        Whole.model_validate(located.data)
    return list(to_errors(caught.value, located, (), code="X-001", model=Whole))


def tell(faults: list[InputError]) -> list[tuple[str, str, str]]:
    return [(fault.where, fault.got, fault.expected) for fault in faults]


def test_a_missing_key_is_named(tmp_path: Path) -> None:
    """A required key that is not there is asked for by name."""
    (fault,) = find_faults(tmp_path, "sections: {}\n")
    assert (fault.code, fault.where, fault.got) == ("X-001", "f:1: parts", "nothing")
    assert fault.fix == "add 'parts'"


@pytest.mark.parametrize(
    ("text", "where", "near"),
    [
        ("parts: [x]\nsectons: {}\n", "f:2: sectons", "sections"),
        ("parts:\n- {id: a, knd: a}\n", "f:2: parts[0].knd", "kind"),
        ("parts: [x]\nsections:\n  s: {id: a, wth: {}}\n", "f:3: sections.s.wth", "with"),
        (
            "parts: [x]\nsections:\n  s: {id: a, with: {w: {evidence: e, otherwis: o}}}\n",
            "f:3: sections.s.with.w.otherwis",
            "otherwise",
        ),
        ("parts: [x]\nName: y\n", "f:2: Name", ""),
    ],
)
def test_an_unknown_key_names_the_nearest(tmp_path: Path, text: str, where: str, near: str) -> None:
    """A key that is not known is told with the nearest known one of the same mapping, at any depth."""
    (fault,) = find_faults(tmp_path, text)
    assert (fault.where, fault.expected) == (where, "only known keys")
    assert (f"did you mean {near!r}" in fault.fix) == bool(near)


@pytest.mark.parametrize(
    ("value", "where", "expected"),
    [
        ("-1", "n", "greater than or equal to 0"),
        ("{evidence: 3}", "n.evidence", "a valid string"),
        ("{label: x}", "n.value", "a value (the key is required)"),
        ("{label: x, value: many}", "n.value", "a valid number, unable to parse string as a number"),
        ("{evidnce: x}", "n.evidnce", "only known keys"),
    ],
)
def test_only_the_likeliest_form_is_told(tmp_path: Path, value: str, where: str, expected: str) -> None:
    """Of the forms a value may have, only faults of the one that was meant are told."""
    faults = find_faults(tmp_path, f"parts:\n- id: a\n  n: {value}\n")
    assert (f"f:3: parts[0].{where}", expected) in [(fault.where, fault.expected) for fault in faults]
    assert not [fault for fault in faults if "constrained" in str(fault) or "Named" in fault.where]
    assert len({fault.where.rpartition(".")[0] for fault in faults}) == 1


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("parts: []\n", ("f:1: parts", "[]", "at least one entry")),
        ("parts: x\n", ("f:1: parts", "'x'", "a list")),
        ("parts: [x]\nsections: [1]\n", ("f:2: sections", "[1]", "a mapping of keys")),
        ("parts:\n- {id: A1}\n", ("f:2: parts[0].id", "'A1'", "text that matches ^[a-z]+$")),
        ("parts:\n- {id: a, kind: c}\n", ("f:2: parts[0].kind", "'c'", "'a' or 'b'")),
    ],
)
def test_complaints_are_told_in_plain_words(tmp_path: Path, text: str, told: tuple[str, str, str]) -> None:
    """What is expected is said in words of the file, not of the library that checks it."""
    assert tell(find_faults(tmp_path, text)) == [told]


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    """Two independent faults are two errors."""
    faults = find_faults(tmp_path, "parts:\n- {id: a, kind: c}\n- {id: B}\n")
    assert [fault.where for fault in faults] == ["f:2: parts[0].kind", "f:3: parts[1].id"]


def test_long_values_are_cut(tmp_path: Path) -> None:
    """A message repeats no more of a wrong value than helps."""
    (fault,) = find_faults(tmp_path, f"parts: {'x' * 500}\n")
    assert len(fault.got) < 100
    assert fault.got.endswith("…")


def test_without_a_model_nothing_is_suggested(tmp_path: Path) -> None:
    """The nearest key is told only where the model is known."""
    data: dict[str, Any] = {"parts": ["x"], "sectons": {}}
    with pytest.raises(ValidationError) as caught:
        Whole.model_validate(data)
    path = tmp_path / "f.yaml"
    path.write_text("sectons: {}\n", encoding="utf-8")
    (fault,) = to_errors(caught.value, load_yaml(path, "f"), (), code="X-001")
    assert fault.fix == "remove it"
