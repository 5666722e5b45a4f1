"""A person: the record says all of it, and is called in the reader's script."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.records import make_patient

from oncopolis.operations.people import Named, Person, initials, sort_key, write_name
from oncopolis.record.fhir.checking import check_resource

FULL: dict[str, Any] = {
    "resourceType": "Patient",
    "id": "p1",
    "meta": {"tag": [{"system": "urn:oncopolis:master", "code": "his"}]},
    "identifier": [{"use": "official", "system": "urn:mrn", "value": "7", "period": {"start": "2020"}}],
    "active": True,
    "name": [
        {"use": "official", "family": "Каримова", "given": ["Азиза", "Рустамовна"], "prefix": ["д-р"]},
        {"use": "maiden", "family": "Usmonova"},
        {"text": "Aziza"},
    ],
    "telecom": [
        {"system": "phone", "value": "+998901234567", "use": "mobile", "rank": 1},
        {"system": "email"},
    ],
    "gender": "female",
    "birthDate": "1970-02-03",
    "deceasedBoolean": False,
    "address": [{"city": "Toshkent"}],
    "communication": [
        {"language": {"coding": [{"system": "urn:ietf:bcp:47", "code": "ru"}], "text": "русский"}},
        {"language": {"coding": [{"system": "urn:ietf:bcp:47", "code": "uz"}]}, "preferred": True},
    ],
    "link": [{"other": {"reference": "Patient/p2"}, "type": "replaces"}],
    "extension": [
        {"url": "urn:oncopolis:identity", "valueCode": "provisional"},
        {"url": "urn:else", "valueString": "kept"},
    ],
}


@pytest.mark.parametrize("record", [FULL, make_patient(), {"resourceType": "Patient", "id": "p9"}])
def test_a_record_is_read_and_written_back_as_it_was(record: dict[str, Any]) -> None:
    person = Person.from_record(record)
    written = person.to_record()
    assert written == record
    assert Person.from_record(written) == person
    assert check_resource(written) == []
    assert not person.is_open
    assert not list(person.list_claims())


def test_what_a_person_says() -> None:
    person = Person.from_record(FULL)
    assert (person.language, person.sex, person.birth_date) == ("uz", "female", "1970-02-03")
    assert (person.identity, person.merged_into) == ("provisional", "")
    link = {"other": {"reference": "Patient/p3"}, "type": "replaced-by"}
    assert Person.from_record(FULL | {"link": [link]}).merged_into == "p3"


def test_another_language_is_preferred_and_the_others_stay() -> None:
    written = replace(Person.from_record(FULL), language="ru").to_record()
    codes = [one["language"]["coding"][0]["code"] for one in written["communication"]]
    assert (codes, [one.get("preferred") for one in written["communication"]]) == (["ru", "uz"], [True, None])
    assert Person.from_record(written).language == "ru"


def test_gaps_in_a_name_are_gaps() -> None:
    record = make_patient() | {"name": [{"family": "Karimova", "given": [None, "Aziza"]}]}
    person = Person.from_record(record)
    assert person.to_record() == record
    assert (write_name(person), initials(person)) == ("Karimova Aziza", "K.A.")
    assert sort_key(person)[1] == "aziza"


PERSON = Person(
    "p1",
    names=(
        Named("Lee", ("Young-hee",), "official"),
        Named("이", ("영희",), "usual"),
        Named("Ли", ("Ёнхи",), "usual"),
        Named("Pak", ("Young-hee",), "maiden"),
    ),
)


@pytest.mark.parametrize(
    ("language", "name", "letters"),
    [
        ("en", "Lee Young-hee", "L.Y."),
        ("ko", "이영희", "이"),
        ("ru", "Ли Ёнхи", "Л.Ё."),
        ("uz-Cyrl", "Ли Ёнхи", "Л.Ё."),
        ("uz", "Lee Young-hee", "L.Y."),
        ("fr", "Lee Young-hee", "L.Y."),
    ],
)
def test_names_are_shown_in_the_script_of_the_reader(language: str, name: str, letters: str) -> None:
    assert write_name(PERSON, language) == name
    assert initials(PERSON, language) == letters


def test_another_script_is_better_than_none_and_a_former_name_than_nobodys() -> None:
    russian = Person("p1", names=(Named("Иванов", ("Иван",)),))
    assert write_name(russian, "ko") == "Иванов Иван"
    former = Person("p1", names=(Named("Иванова", use="maiden"),))
    assert write_name(former, "ru") == "Иванова"
    assert write_name(Person("p1")) == "p1"
    assert initials(Person("p1")) == ""
    assert (
        write_name(Person("p1", names=(Named(text="? 2027-03-01 08:00", use="temp"),)))
        == "? 2027-03-01 08:00"
    )


def test_lists_are_in_one_order_whatever_the_script() -> None:
    people = [
        Person(str(number), names=(Named(family),))
        for number, family in enumerate(("Юсупов", "Karimov", "Каримова", "Abdullayev", "Иванов"))
    ]
    order = [person.names[0].family for person in sorted(people, key=sort_key)]
    assert order == ["Abdullayev", "Иванов", "Karimov", "Каримова", "Юсупов"]


@given(st.lists(st.builds(Named, st.text(max_size=8), st.tuples(st.text(max_size=8))), max_size=3))
def test_any_name_can_be_shown(names: list[Named]) -> None:
    person = Person("p1", names=tuple(names))
    assert write_name(person, "ru")
    assert len(sort_key(person)) == 2
    assert isinstance(initials(person, "ko"), str)
