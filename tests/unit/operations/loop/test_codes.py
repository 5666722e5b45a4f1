"""Codes of scanners: whole ones are read, half ones and mistyped ones are not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oncopolis.operations.loop.codes import LETTERS, read_code, write_code
from oncopolis.operations.loop.gs1 import read_day, read_gs1
from oncopolis.operations.loop.isbt import read_isbt

GTIN = "09506000134352"
"""Of the GS1 specifications' own examples."""
PACKAGE = f"01{GTIN}17270331" + "10ABC123\x1d" + "21S-1"
BLOOD = "=W12342600000100=<E0336V00=%5100&>0270592359"
IDS = st.text("abcdefghijklmnopqrstuvwxyzABC0123456789-.", min_size=1, max_size=64)


@given(kind=st.sampled_from(sorted(LETTERS)), id_=IDS)
def test_own_labels_are_read_and_no_part_of_one_is(kind: str, id_: str) -> None:
    text = write_code(kind, id_)  # type: ignore[arg-type]
    read = read_code(f" {text}\r\n")
    assert (read.kind, read.value, read.fault) == (kind, id_, "")
    for half in (text[: len(text) // 2], text[:-1], text[len(text) // 2 :], text[1:]):
        assert read_code(half).fault, half


@given(id_=IDS, at=st.integers(min_value=0, max_value=80), with_=st.sampled_from("abcXYZ019.-ё한"))
def test_a_label_with_one_wrong_sign_is_none(id_: str, at: int, with_: str) -> None:
    text = write_code("patient", id_)
    at %= len(text)
    wrong = text[:at] + with_ + text[at + 1 :]
    read = read_code(wrong)
    assert wrong == text or (read.kind, read.value) != ("patient", id_)


@given(text=st.text(max_size=500))
def test_anything_may_come_from_a_scanner(text: str) -> None:
    read = read_code(text)
    assert bool(read.fault) != bool(read.kind)


@pytest.mark.parametrize(
    "text",
    [
        PACKAGE,
        f"]d2{PACKAGE}",
        f"]C1{PACKAGE}",
        f"\x1d{PACKAGE}",
        f"(01){GTIN}(17)270331(10)ABC123(21)S-1",
    ],
)
def test_packages_are_read_as_scanners_send_them(text: str) -> None:
    read = read_code(text)
    assert (read.kind, read.value) == ("package", GTIN)
    assert read.facts == {"expires": "2027-03-31", "lot": "ABC123", "serial": "S-1"}


@pytest.mark.parametrize(
    "text",
    [
        f"01{GTIN[:-2]}",
        f"01{GTIN[:-1]}3",
        f"01{GTIN}1727033",
        f"01{GTIN}17271331",
        f"01{GTIN}21",
        f"01{GTIN}01{GTIN}",
        f"01{GTIN}9912",
        "10ABC123",
        f"(01){GTIN}(17",
        f"01{GTIN[:-1]}²",
    ],
)
def test_half_and_wrong_packages_are_refused(text: str) -> None:
    assert read_gs1(text) is None
    assert read_code(text).fault


@pytest.mark.parametrize(
    ("text", "year", "day"),
    [
        ("270200", 2027, "2027-02-28"),
        ("281200", 2027, "2028-12-31"),
        ("770101", 2026, "1977-01-01"),
        ("760101", 2026, "2076-01-01"),
        ("010101", 2060, "2101-01-01"),
    ],
)
def test_days_of_packages(text: str, year: int, day: str) -> None:
    assert str(read_day(text, year)) == day


def test_blood_is_read_one_by_one_and_in_a_row() -> None:
    read = read_code(BLOOD)
    assert (read.kind, read.value) == ("blood", "W123426000001")
    assert read.facts == {"product": "E0336V00", "group": "5100", "expires": "2027-02-28"}
    assert read_code("=+04001" + BLOOD).facts == read.facts
    assert read_code("=W12342600000100").value == "W123426000001"


@pytest.mark.parametrize(
    "text", [BLOOD[:10], BLOOD[:-1], BLOOD[20:], BLOOD + BLOOD, "=W12342600000!00", "=&"]
)
def test_half_of_a_label_of_blood_is_refused(text: str) -> None:
    assert read_isbt(text) is None
    assert read_code(text).fault
