"""Codes of cancer: what is one, how it is written, and what mistyping is found."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oncopolis.record.oncology import (
    SYSTEMS,
    check_agreement,
    check_atc,
    check_icd10,
    check_loinc,
    check_morphology,
    check_snomed,
    check_topography,
    find_group,
    parse_icd10,
)
from oncopolis.record.oncology.codes import find_atc_level
from oncopolis.record.oncology.digits import compute_luhn, is_verhoeff
from oncopolis.record.oncology.icd10 import GROUPS

DIGITS = st.text("0123456789", min_size=5, max_size=17)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("C50.9", "C50.9"),
        ("c509", "C50.9"),
        (" C50 ", "C50"),
        ("D05.1", "D05.1"),
        ("C83.3†", "C83.3"),
        ("c83.30", "C83.30"),
    ],
)
def test_icd10_has_one_normal_form(text: str, code: str) -> None:
    assert check_icd10(text).text == code
    assert check_icd10(text).is_sound


@pytest.mark.parametrize("text", ["", "C5", "50.9", "C50..9", "C50.", "U07.1", "C50.12345", "С50.9", "C50 9"])
def test_what_is_no_icd10_is_told(text: str) -> None:
    checked = check_icd10(text)
    assert [issue.rule for issue in checked.issues] == ["icd10-form"]
    assert checked.text == text


@pytest.mark.parametrize(
    ("text", "nature"),
    [("C00", "malignant"), ("C76.0", "malignant"), ("C77.0", "secondary"), ("C79.9", "secondary"),
     ("C80", "malignant"), ("C97", "malignant"),
     ("D00", "in situ"), ("D09.9", "in situ"), ("D10", "benign"), ("D36", "benign"),
     ("D37", "uncertain"), ("D48.9", "uncertain"), ("D50", None), ("C98", None), ("B20", None)],
)  # fmt: skip
def test_chapters_tell_the_nature_of_a_neoplasm(text: str, nature: str | None) -> None:
    code = parse_icd10(text)
    assert code is not None
    group = find_group(code)
    assert (group.nature if group else None) == nature


def test_groups_do_not_overlap() -> None:
    for before, after in pairwise(GROUPS):
        assert before.first <= before.last < after.first


@pytest.mark.parametrize(
    ("text", "code"),
    [("C50.9", "C50.9"), ("c180", "C18.0"), ("C80.9", "C80.9")],
)
def test_topography(text: str, code: str) -> None:
    assert check_topography(text).text == code


@pytest.mark.parametrize("text", ["C81.0", "C50", "D05.1", "C50.99", "8140/3"])
def test_what_is_no_topography(text: str) -> None:
    assert not check_topography(text).is_sound


@pytest.mark.parametrize(
    ("text", "code", "rules"),
    [
        ("8140/3", "8140/3", []),
        ("M8140/3", "8140/3", []),
        ("m-81403", "8140/3", []),
        ("8500/32", "8500/32", []),
        ("8140/4", "8140/4", ["icdo3-behaviour"]),
        ("80463/3", "80463/3", ["icdo3-morphology"]),
        ("7140/3", "7140/3", ["icdo3-morphology"]),
    ],
)
def test_morphology(text: str, code: str, rules: list[str]) -> None:
    checked = check_morphology(text)
    assert (checked.text, [issue.rule for issue in checked.issues]) == (code, rules)


@pytest.mark.parametrize(
    ("icd10", "morphology", "agrees"),
    [
        ("C50.9", "8500/3", True),
        ("D05.1", "8500/2", True),
        ("D05.1", "8500/3", False),
        ("C50.9", "8500/2", False),
        ("C78.0", "8140/6", True),
        ("C78.0", "8140/3", False),
        ("C50.9", "8140/6", True),
        ("D24", "9010/0", True),
        ("D48.6", "9020/1", True),
        ("J45", "8140/3", True),
        ("none", "8140/3", True),
    ],
)
def test_icd10_and_behaviour_tell_the_same_nature(icd10: str, morphology: str, agrees: bool) -> None:
    assert (check_agreement(icd10, morphology) == ()) is agrees


@pytest.mark.parametrize(("code", "level"), [("L", 1), ("L01", 2), ("l01x", 3), ("L01XC", 4), ("L01XC03", 5)])
def test_atc_levels(code: str, level: int) -> None:
    assert find_atc_level(code) == level


@pytest.mark.parametrize("code", ["", "L0", "E01", "L01XC3", "L01XC033", "01L"])
def test_what_is_no_atc(code: str) -> None:
    assert not check_atc(code).is_sound
    assert find_atc_level(code) is None


@pytest.mark.parametrize("code", ["718-7", "21889-1", "33728-7", "8277-6", "LP7057-5", "LA6576-8"])
def test_loinc(code: str) -> None:
    assert check_loinc(code).is_sound


@given(DIGITS)
def test_one_wrong_digit_of_a_loinc_is_found(number: str) -> None:
    number = number[:7]
    check = compute_luhn(number)
    assert check_loinc(f"{number}-{check}").is_sound
    assert not check_loinc(f"{number}-{(check + 1) % 10}").is_sound
    wrong = f"{(int(number[0]) + 1) % 10}{number[1:]}"
    assert not check_loinc(f"{wrong}-{check}").is_sound


@pytest.mark.parametrize("code", ["254837009", "1217123003", "108290001", "16560241000119104"])
def test_snomed(code: str) -> None:
    assert check_snomed(code).is_sound


@pytest.mark.parametrize(
    ("code", "rule"),
    [("25483700", "snomed-check-digit"), ("0254837009", "snomed-form"), ("12345", "snomed-form"),
     ("254837008", "snomed-check-digit"), ("380474019", "snomed-partition")],
)  # fmt: skip
def test_what_is_no_concept_of_snomed(code: str, rule: str) -> None:
    assert [issue.rule for issue in check_snomed(code).issues] in ([rule], ["snomed-check-digit"])


@given(DIGITS, st.integers(0, 16), st.integers(1, 9))
def test_verhoeff_finds_a_wrong_digit_and_a_swap(number: str, place: int, by: int) -> None:
    (check,) = [digit for digit in "0123456789" if is_verhoeff(number + digit)]
    whole = number + check
    place %= len(number)
    wrong = whole[:place] + str((int(whole[place]) + by) % 10) + whole[place + 1 :]
    assert not is_verhoeff(wrong)
    if whole[place] != whole[place + 1]:
        assert not is_verhoeff(whole[:place] + whole[place + 1] + whole[place] + whole[place + 2 :])


@given(st.text(max_size=20))
def test_no_text_is_too_strange(text: str) -> None:
    for check in SYSTEMS.values():
        checked = check(text)
        assert checked.is_sound or checked.issues
        if checked.is_sound:
            assert check(checked.text).text == checked.text
