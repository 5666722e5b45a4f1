"""What is found in rows of files and scans is said in every language, whatever values it has."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import oncopolis.biobank
from oncopolis.web.live.accessions import PROBLEMS as OF_SCANS
from oncopolis.web.live.found_words import SENTENCES, tell_found
from oncopolis.web.live.importing import PROBLEMS as OF_FILES
from oncopolis.web.live.loggers import _FAULTS as OF_READINGS
from oncopolis.web.pages import find_words

SHOWN = OF_SCANS.keys() | OF_FILES.keys() | OF_READINGS.keys() | {"BIO-212"}
VALUES_ALONE = {
    "BIO-030",
    "BIO-162",
    "BIO-164",
    "BIO-165",
    "BIO-166",
    "BIO-191",
    "BIO-043",
    "BIO-210",
    "BIO-212",
}
"""Their words are looked at one by one below, or there is none."""


def write(node: ast.expr) -> Iterator[str]:
    """Each way in which an expression can read, with 7 for every value."""
    if isinstance(node, ast.Constant):
        yield str(node.value)
    elif isinstance(node, ast.IfExp):
        yield from write(node.body)
        yield from write(node.orelse)
    elif isinstance(node, ast.JoinedStr):
        yield "".join(str(part.value) if isinstance(part, ast.Constant) else "7" for part in node.values)


def list_said() -> Iterator[tuple[str, str]]:
    """Code and words of every refusal in the biobank that such a page can show."""
    for path in Path(str(oncopolis.biobank.__file__)).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call):
                said = {one.arg: one.value for one in node.keywords}
                code = said.get("code")
                if isinstance(code, ast.Constant) and code.value in SHOWN - VALUES_ALONE and "got" in said:
                    yield from ((str(code.value), one) for one in write(said["got"]))


def test_every_refusal_of_a_row_has_its_words_in_russian() -> None:
    words, said = find_words("ru"), sorted(set(list_said()))
    assert len(said) > 25
    silent = [
        (code, got) for code, got in said if re.search("[a-z]{3}", got) and tell_found(words, got) == got
    ]
    assert silent == []


@pytest.mark.parametrize(
    ("got", "ru"),
    [
        ("position 'C9'", "'C9'"), ("a position that is blocked (broken)", "заблокировано"),
        ("transplant material for research storage", "исследования"), ("amount 'x'", "'x'"),
        ("subject T99", "T99"), ("another value at the same time", "время"), ("left nothing", "left"),
        ("3 readings, -180 to -140 degrees Celsius, outside for 20 min", "20"),
        ("V7 at B1, of no parent", "V7"), ("nothing for unit; unknown x", "unit"),
    ],
)  # fmt: skip
def test_values_stay_and_words_are_translated(got: str, ru: str) -> None:
    for code in ("ko", "ru", "uz", "uz-Cyrl"):
        told = tell_found(find_words(code), got)
        assert told != got
        assert "{" not in told
    assert ru in tell_found(find_words("ru"), got)
    assert tell_found(find_words("en"), got) == got


def test_what_is_a_value_alone_stays() -> None:
    for got in ("12.5 mg", "ff", "{barcode}", "a position"):
        assert tell_found(find_words("ru"), got) == got
    assert len(set(SENTENCES)) == len(SENTENCES)
