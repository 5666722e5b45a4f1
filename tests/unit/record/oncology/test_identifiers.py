"""National numbers: examples of their sources, every wrong digit, and nothing of a number in a message."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oncopolis.record.oncology import (
    IDENTIFIERS,
    check_enp,
    check_pinfl,
    check_rrn,
    check_snils,
    normalise_identifier,
)
from oncopolis.record.oncology.identifiers.person import Person

PINFL = "https://dhp.uz/fhir/core/sid/pid/uz/ni"


@pytest.mark.parametrize(
    ("text", "born", "sex"),
    [
        ("30211975910033", date(1997, 11, 2), "male"),
        ("4 241054 022 001 1", date(1954, 10, 24), "female"),
    ],
)
def test_pinfl_of_the_national_guide(text: str, born: date, sex: str) -> None:
    person = check_pinfl(text)
    assert person.is_sound
    assert (person.birth_date, person.sex) == (born, sex)
    assert len(person.text) == 14


@pytest.mark.parametrize("text", ["112-233-445 95", "11223344595", "001-001-998 00", "000000001 99"])
def test_snils(text: str) -> None:
    assert check_snils(text).is_sound


def test_snils_whose_remainder_is_a_hundred() -> None:
    assert check_snils("087-654-302 00").issues == check_snils("087-654-303 00").issues == ()


def find_rrn(head: str) -> str:
    weights = (2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5)
    return head + str((11 - sum(int(d) * w for d, w in zip(head, weights, strict=True)) % 11) % 10)


@pytest.mark.parametrize(
    ("head", "born", "sex"),
    [("900101123456", date(1990, 1, 1), "male"), ("460901223456", date(1946, 9, 1), "female"),
     ("050228323456", date(2005, 2, 28), "male"), ("881231923456", date(1888, 12, 31), "male"),
     ("850615623456", date(1985, 6, 15), "female")],
)  # fmt: skip
def test_rrn_by_the_formula_of_its_source(head: str, born: date, sex: str) -> None:
    whole = find_rrn(head)
    person = check_rrn(f"{whole[:6]}-{whole[6:]}")
    assert person == Person(whole, (), born, sex)  # type: ignore[arg-type]
    wrong = whole[:-1] + str((int(whole[-1]) + 1) % 10)
    assert [issue.rule for issue in check_rrn(wrong).issues] == ["rrn-check-digit"]


def test_rrn_since_october_2020_have_no_check_digit() -> None:
    assert all(check_rrn(f"201001312345{digit}").is_sound for digit in range(10))
    assert sum(check_rrn(f"200930312345{digit}").is_sound for digit in range(10)) == 1


@pytest.mark.parametrize(
    ("check", "text", "rule"),
    [
        (check_pinfl, "3021197591003", "pinfl-form"),
        (check_pinfl, "70211975910033", "pinfl-form"),
        (check_pinfl, "33213975910033", "pinfl-birth-date"),
        (check_pinfl, "30211975910034", "pinfl-check-digit"),
        (check_snils, "112-233-445", "snils-form"),
        (check_snils, "112-233-445 96", "snils-check-digit"),
        (check_rrn, "900101-12345", "rrn-form"),
        (check_rrn, "901301-1234567", "rrn-birth-date"),
        (check_enp, "12345", "enp-form"),
        (check_enp, "７７00000000000000", "enp-form"),
    ],
)
def test_what_is_wrong_is_told_without_the_number(check, text: str, rule: str) -> None:  # type: ignore[no-untyped-def]
    person = check(text)
    assert rule in [issue.rule for issue in person.issues]
    assert text not in " ".join(map(str, person.issues))


@given(st.text("0123456789", min_size=15, max_size=15), st.integers(0, 14), st.integers(1, 9))
def test_one_digit_checks_the_others_of_a_policy(number: str, place: int, by: int) -> None:
    (whole,) = [number + digit for digit in "0123456789" if check_enp(number + digit).is_sound]
    wrong = whole[:place] + str((int(whole[place]) + by) % 10) + whole[place + 1 :]
    assert not check_enp(wrong).is_sound or place % 2 == 0


@given(st.text("0123456789", min_size=13, max_size=13), st.integers(0, 12), st.integers(1, 9))
def test_a_wrong_digit_of_a_pinfl_is_found(number: str, place: int, by: int) -> None:
    numbers = ["3" + number[1:] + digit for digit in "0123456789"]
    rules = {one: {issue.rule for issue in check_pinfl(one).issues} for one in numbers}
    (whole,) = [one for one in numbers if "pinfl-check-digit" not in rules[one]]
    wrong = whole[:place] + str((int(whole[place]) + by) % 10) + whole[place + 1 :]
    assert not check_pinfl(wrong).is_sound


def test_only_national_numbers_have_a_normal_form() -> None:
    assert normalise_identifier(PINFL, "3 021197-591 0033") == "30211975910033"
    assert normalise_identifier(PINFL, "3 02") == "3 02"
    assert normalise_identifier("urn:hospital", "1 2-3") == "1 2-3"
    assert normalise_identifier(None, "1 2-3") == "1 2-3"


@given(st.text(max_size=20))
def test_no_text_is_too_strange(text: str) -> None:
    for check in IDENTIFIERS.values():
        person = check(text)
        assert check(person.text).text == person.text
