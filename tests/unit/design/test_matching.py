"""Spaces are matched by reference, name in any language, class and department; people have the last word."""

from pathlib import Path

import pytest
from tests.reviewed import make_building, make_programme, make_room, make_space, state

from oncopolis.design.matching import match_spaces, read_mapping
from oncopolis.design.model import Code
from oncopolis.design.required import Code as Class
from oncopolis.design.required import Department
from oncopolis.foundation import OncopolisError

EXAM = {"en": "Examination room", "ko": "진찰실", "ru": "Смотровая", "uz": "Koʻrik xonasi"}
WARD = {"en": "Bedroom", "ko": "병실", "ru": "Палата", "uz": "Palata"}
CT = {"en": "CT room", "ko": "CT실", "ru": "Кабинет КТ", "uz": "KT xonasi"}
PROGRAMME = make_programme(
    make_room("exam", labels=EXAM),
    make_room("ward", labels=WARD),
    make_room("ct", labels=CT, codes=(Class("O", "13-41", "x"),)),
)


def find(space_name: str, **given: object) -> tuple[str, float, str]:
    matches = match_spaces(make_building([make_space("1", space_name, **given)]), PROGRAMME, {})
    found = matches.by_space.get("1")
    return (found.room, found.score, found.reason) if found else ("", 0.0, "")


@pytest.mark.parametrize(
    ("name", "room"),
    [
        ("Examination room 3", "exam"),
        ("EXAMINATION ROOM", "exam"),
        ("Смотровая №5", "exam"),
        ("진찰실 2", "exam"),
        ("Ko'rik xonasi", "exam"),
        ("Examination rooom", "exam"),
        ("Палата 12", "ward"),
        ("Squash court", ""),
    ],
)
def test_names_in_four_languages(name: str, room: str) -> None:
    assert find(name)[0] == room


def test_a_reference_goes_before_a_name() -> None:
    room, score, reason = find("Bedroom", facts={"Pset_SpaceCommon.Reference": "exam"})
    assert (room, score) == ("exam", 100.0)
    assert reason == "named by Pset_SpaceCommon.Reference: exam"


def test_reasons_are_told() -> None:
    _, score, reason = find("CT scan room", codes=(Code("OmniClass Table 13", "13-41", ""),))
    assert score >= 80
    assert "CT room" in reason
    assert "of the class 13-41" in reason


def test_the_department_decides_between_rooms_of_one_name() -> None:
    labels = {"en": "Surgery", "ko": "", "ru": "Хирургия", "uz": ""}
    programme = make_programme(
        make_room("a", labels=EXAM), make_room("b", labels=EXAM, department="surgery"),
        departments=(*PROGRAMME.departments, Department("surgery", labels, 20.0, state(1.4))),
    )  # fmt: skip
    space = make_space("1", "Examination room", department="Хирургия")
    assert match_spaces(make_building([space]), programme, {}).by_space["1"].room == "b"


def test_what_is_near_is_told() -> None:
    matches = match_spaces(make_building([make_space("1", "Exam")]), PROGRAMME, {})
    assert "1" not in matches.by_space or matches.by_space["1"].room == "exam"
    matches = match_spaces(make_building([make_space("1", "Bed storage room")]), PROGRAMME, {})
    assert "1" not in matches.by_space


def test_a_corrected_mapping_has_the_last_word(tmp_path: Path) -> None:
    path = tmp_path / "mapping.csv"
    path.write_text(
        "space,number,name,room,score,reason\n1,,Bedroom,exam,,\n2,,Bedroom,-,,\n3,,Bedroom,,,\n", "utf-8-sig"
    )
    settled = read_mapping(path, PROGRAMME.room_types)
    spaces = [make_space(key, "Bedroom") for key in "123"]
    matches = match_spaces(make_building(spaces), PROGRAMME, settled)
    assert {space: match.room for space, match in matches.by_space.items()} == {"1": "exam", "3": "ward"}
    assert "2" not in matches.near


def test_a_mapping_in_yaml(tmp_path: Path) -> None:
    path = tmp_path / "mapping.yaml"
    path.write_text("'1': exam\nA-12: ward\n", "utf-8")
    assert read_mapping(path, PROGRAMME.room_types) == {"1": "exam", "A-12": "ward"}


@pytest.mark.parametrize(
    ("name", "text", "code"),
    [
        ("m.csv", "space,room\n1,nothing\n2,neither\n", "DES-047"),
        ("m.csv", "a,b\n1,2\n", "DES-048"),
        ("m.yaml", "- exam\n", "DES-048"),
    ],
)
def test_bad_mapping(tmp_path: Path, name: str, text: str, code: str) -> None:
    (tmp_path / name).write_text(text, "utf-8")
    with pytest.raises(OncopolisError) as raised:
        read_mapping(tmp_path / name, PROGRAMME.room_types)
    assert raised.value.code == code
    if code == "DES-047":
        assert "neither" in str(raised.value)
