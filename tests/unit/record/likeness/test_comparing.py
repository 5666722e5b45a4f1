"""People compared: what agrees is told, and the score does not depend on who is first."""

import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.people import MISTAKES, make_duplicate, make_person, write_in

from oncopolis.record.likeness import Described, Likeness, compare, describe, make_keys

PINFL = "https://dhp.uz/fhir/core/sid/pid/uz/ni"


def make(family: str, *given: str, born: str = "1970-03-04", sex: str = "female", **more: Any) -> Described:
    name = {"family": family, "given": list(given)}
    return describe({"name": [name], "birthDate": born, "gender": sex, **more})


AZIZA = make("Каримова", "Азиза", "Рустамовна")


def list_levels(likeness: Likeness) -> set[tuple[str, str]]:
    return {(one.thing, one.level) for one in likeness.reasons}


@pytest.mark.parametrize(
    ("other", "level"),
    [
        (make("Karimova", "Aziza", "Rustam qizi"), ("father", "same")),
        (make("Aziza", "Karimova"), ("order", "turned")),
        (make("Karimova", "Aziza", born="1970-04-03"), ("birth", "turned")),
        (make("Karimova", "Aziza", born="1971-03-04"), ("birth", "slip")),
        (make("Karimova", "Aziza", born="1970"), ("birth_part", "same")),
        (make("Karipova", "Aziza", "Rustamovna"), ("family", "near")),
        (make("Olimova", "Aziza", "Rustamovna"), ("family", "differs")),
    ],
)
def test_each_mistake_is_named_and_the_person_is_likely_the_same(
    other: Described, level: tuple[str, str]
) -> None:
    likeness = compare(AZIZA, other)
    assert level in list_levels(likeness)
    assert likeness.is_likely
    assert set(make_keys(AZIZA)) & set(make_keys(other))


@pytest.mark.parametrize(
    "other",
    [
        make("Karimova", "Nigora", born="1980-01-01"),
        make("Юлдашева", "Барно"),
        make("Karimov", "Jasur", sex="male"),
    ],
)
def test_others_are_not(other: Described) -> None:
    assert not compare(AZIZA, other).is_likely


def test_a_maiden_name_that_is_known_counts_for_the_person() -> None:
    names = [
        {"family": "Petrova", "given": ["Aziza"]},
        {"use": "maiden", "family": "Karimova", "given": ["Aziza"]},
    ]
    married = describe({"name": names, "birthDate": "1970-03-04", "gender": "female"})
    assert ("family", "former") in list_levels(compare(AZIZA, married))


def test_a_korean_family_name_tells_little_and_its_spellings_nothing() -> None:
    kim, lee = make("김", "영희"), make("Kim", "Young-hee")
    assert ("korean", "same") in list_levels(compare(kim, lee))
    assert compare(kim, lee).bits < compare(AZIZA, make("Karimova", "Aziza")).bits


def test_national_numbers_speak_for_and_against() -> None:
    number = {"system": PINFL, "value": "40403700010010"}
    one = make("Karimova", "Aziza", identifier=[number])
    for value, level in [
        ("4040370-0010010", "same"),
        ("40403700010011", "near"),
        ("30102850020020", "differs"),
    ]:
        other = make("Karimova", "Aziza", identifier=[{**number, "value": value}])
        assert ("identifier", level) in list_levels(compare(one, other))
    local = make("Karimova", "Aziza", identifier=[{"system": "urn:mrn", "value": "1"}])
    another = make("Karimova", "Aziza", identifier=[{"system": "urn:mrn", "value": "2"}])
    assert not {one for one in list_levels(compare(local, another)) if one[0] == "identifier"}


def test_a_telephone_is_the_same_with_and_without_the_code_of_the_country() -> None:
    one = make("Karimova", "Aziza", telecom=[{"system": "phone", "value": "+998 90 123-45-67"}])
    other = make("Karimova", "Aziza", telecom=[{"system": "phone", "value": "90 1234567"}])
    assert ("phone", "same") in list_levels(compare(one, other))


def test_a_name_in_one_text_is_taken_apart() -> None:
    for text in ("Каримова Азиза Рустамовна", "Aziza Rustamovna Karimova", "Karimova, Aziza Rustamovna"):
        other = describe({"name": [{"text": text}], "birthDate": "1970-03-04"})
        assert {("family", "same"), ("given", "same"), ("father", "same")} <= list_levels(
            compare(AZIZA, other)
        )
    korean = describe({"name": [{"text": "김영희"}]})
    assert ("given", "same") in list_levels(compare(korean, make("김", "영희")))


def test_nothing_known_tells_nothing() -> None:
    assert compare(Described(), AZIZA).reasons == ()
    assert not make_keys(describe({"name": [{"given": [None]}], "telecom": [{}]}))


def test_a_monstrous_record_is_cut_to_what_a_person_has() -> None:
    name = {"family": "i" * 1_000_000, "given": ["y" * 1_000_000] * 1_000}
    number = [{"system": "urn:mrn", "value": str(n)} for n in range(1_000)]
    patient = {"name": [{**name, "text": str(n)} for n in range(1_000)], "identifier": number}
    monster = describe({**patient, "birthDate": "1970-01-01"})
    assert len(make_keys(monster)) < 100
    assert compare(monster, monster).is_likely


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 10**6), st.sampled_from(sorted(MISTAKES)), st.booleans())
def test_comparing_is_symmetric(seed: int, mistake: str, is_same: bool) -> None:
    rng = random.Random(seed)
    first = make_person(rng, 1)
    second = make_duplicate(rng, first, mistake) if is_same else make_person(rng, 2)
    one, other = describe(first.to_patient("a")), describe(second.to_patient("b"))
    assert compare(one, other) == compare(other, one)


def test_known_duplicates_are_found_and_few_others() -> None:
    """Recall and precision over 4,000 people, 60 registered twice for each mistake."""
    rng = random.Random(20261122)
    people = [make_person(rng, n) for n in range(4_000)]
    described = [describe(one.to_patient(f"p{n}")) for n, one in enumerate(people)]
    behind: dict[str, list[int]] = {}
    for n, one in enumerate(described):
        for key in make_keys(one):
            behind.setdefault(key, []).append(n)
    n_asked = n_found = n_likely = n_wrong = 0
    for mistake in MISTAKES:
        for n in rng.sample(range(len(people)), 60):
            again = describe(make_duplicate(rng, people[n], mistake).to_patient("x"))
            near = {other for key in make_keys(again) for other in behind.get(key, ())}
            likely = {other for other in near if compare(again, described[other]).is_likely}
            n_asked, n_found = n_asked + 1, n_found + (n in near)
            n_likely, n_wrong = n_likely + (n in likely), n_wrong + len(likely - {n})
    assert n_found / n_asked > 0.99
    assert n_likely / n_asked > 0.94
    assert n_likely / (n_likely + n_wrong) > 0.99


def test_a_slip_and_another_script_together_are_still_found() -> None:
    rng = random.Random(3)
    n_found = 0
    for n in range(200):
        person = make_person(rng, n)
        again = make_duplicate(rng, write_in(rng, person), "slip in the family name")
        one, other = describe(person.to_patient("a")), describe(again.to_patient("b"))
        n_found += bool(set(make_keys(one)) & set(make_keys(other))) and compare(one, other).is_likely
    assert n_found >= 190
