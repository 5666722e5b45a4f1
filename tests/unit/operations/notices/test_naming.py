"""No word that a patient, a board or a kiosk is shown tells what somebody is treated for before they know."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from tests.shared import read_example

from oncopolis.centre.equipped import Duty, Equipped
from oncopolis.operations import House, make_house
from oncopolis.operations.notices import (
    Place,
    Stop,
    find_place,
    find_stop,
    word_place,
    word_stop,
    write_notice,
)
from oncopolis.operations.notices.naming import (
    ELSEWHERE,
    STOPS,
    list_languages,
    word_preparation,
)
from oncopolis.operations.notices.views import KINDS
from oncopolis.report.language import LANGUAGES, find_language

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[4]
EXAMPLES = ("severance", "tashkent", "tyumen")
PACKAGE = ROOT / "src" / "oncopolis"
WORDS = yaml.safe_load((PACKAGE / "operations" / "notices" / "words.yaml").read_text("utf-8"))
MARCH_MS = 1_803_870_000_000
_TOKEN = re.compile(r"[가-힣]{2,}|[^\W\d_]{3,}")
_ICD = re.compile(r"\b[A-Z]\d{2}(\.\d)?\b|\b\d{4}/\d\b")

SECTIONS = {
    "activities", "blocks", "campus", "cohorts", "departments", "equipment", "flows", "pathways", "resources",
    "rooms",
}  # fmt: skip
"""Of a definition: where its labels name care."""
DRUGS = """
abemaciclib abiraterone alectinib anastrozole atezolizumab azacitidine bendamustine bevacizumab bicalutamide
bleomycin bortezomib brentuximab cabazitaxel capecitabine carboplatin carfilzomib cetuximab cisplatin
cyclophosphamide cytarabine dacarbazine daratumumab dasatinib docetaxel doxorubicin durvalumab enzalutamide
epirubicin erlotinib etoposide everolimus exemestane fluorouracil fulvestrant gefitinib gemcitabine goserelin
ibrutinib ifosfamide imatinib ipilimumab irinotecan lapatinib lenalidomide letrozole leucovorin methotrexate
mitomycin nilotinib nivolumab olaparib osimertinib oxaliplatin paclitaxel palbociclib panitumumab
pembrolizumab pemetrexed pertuzumab radioiodine regorafenib ribociclib rituximab sorafenib sunitinib
tamoxifen temozolomide topotecan trabectedin trastuzumab venetoclax vinblastine vincristine
vinorelbine zoledronate
""".split()

HARMLESS = set(
    """
    area bed blood call consultation examination floor form hospital operation place room stay telephone test
    the treatment video visit your you and not with now was were will for made our this before please
    have building home new time follow given need personal bilan hujjatlar ovqat shaxsiy uyda под
    запись записаны звонок кабинет койка консультация корпус лечение место обследование операция посещение
    стационаре крови анализ зона видео этаж дому для или теперь раньше было будет может вам вас ваша
    operatsiya tekshiruv davolash tashrif tahlili qon xona zona bino video telefon orqali uchun shifokor
    shifoxonada yotish suhbat vaqt yoki keyin qabuli qabul bekor karavot oldin orin yangi qilindi
    время посещения пребывание телефону
    """.split()
) | set("진료 검사 혈액검사 치료 수술 입원 방문 가정 구역 병상 상담 시간 자리 전화 비디오 개인".split())
HARMLESS |= set("입고 다음 또는".split())
"""Words of both lists that tell nothing: kinds of stops, places, and words between them."""
PROFESSIONS = set(
    """
    another data doctor health laboratory nurse patient pharmacist protection public reception staff system
    technical bemor boshqa farmatsevt hamshira himoya kompyuter laboratoriya qabulxona qilish texnik tizimi
    xodim без врач данных другой лаборатории лаборатория медсестра регистратуры система специалист технический
    간호사 검사실 기술 다른 보호 시스템 약사 의사 전산 접수 직원 환자
    """.split()
)
"""Words of labels that a person may be called by: every hospital has them."""


@cache
def read_house(name: str) -> House:
    """An example with one unit of everything, without planning it."""
    project = read_example(name)
    centre = project.centre
    duties = tuple(
        Duty(key, one.calendar, 1, centre.horizon.first)
        for key, one in centre.resources.items()
        if one.calendar
    )
    return make_house(Equipped(project, duties, dict.fromkeys(centre.departments, centre.horizon.first)))


def list_labels() -> Iterator[str]:
    """Every label of the libraries and examples: of activities, departments, pathways, machines and sites."""
    folders = (PACKAGE / "centre" / "library", PACKAGE / "centre" / "examples", ROOT / "tests" / "projects")
    for path in (path for folder in folders for path in sorted(folder.rglob("*.yaml"))):
        sections = yaml.safe_load(path.read_text("utf-8")) or {}
        for section in SECTIONS & set(sections):
            yield from _walk(sections[section])
    sites = yaml.safe_load((PACKAGE / "centre" / "geography" / "sites.yaml").read_text("utf-8"))["sites"]
    yield from (label for site in sites for label in site["label"].values())


def _walk(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if isinstance(value.get("label"), str) and "value" not in value:
            yield value["label"]
        for one in value.values():
            yield from _walk(one)
    elif isinstance(value, list):
        for one in value:
            yield from _walk(one)


@cache
def list_revealing() -> frozenset[str]:
    """Words of these labels in all languages, and names of drugs, but what tells nothing."""
    labels = list(list_labels())
    assert len(labels) > 500
    spoken = [find_language(code).label(label) for label in labels for code in LANGUAGES]
    found = {token for label in spoken for token in split(label)}
    return frozenset((found | set(DRUGS)) - HARMLESS)


def split(text: str) -> set[str]:
    """Words of a text; the turned comma of Uzbek is part of a letter."""
    return {token.casefold() for token in _TOKEN.findall(text.replace("‘", ""))}


def find_revealing(text: str) -> set[str]:
    return split(text) & list_revealing() | set(_ICD.findall(text))


def say_everything(house: House, stop: Stop, place: Place, language: str) -> Iterator[str]:
    """All that is said of a stop in a language."""
    yield word_stop(stop, language)
    yield word_place(place, language)
    yield word_preparation(stop, language)
    for kind in KINDS:
        yield write_notice(
            house, kind, language, stop=stop, place=place, start_ms=MARCH_MS, before_ms=MARCH_MS - 3_600_000
        )


@pytest.mark.parametrize("name", EXAMPLES)
def test_nothing_said_of_any_activity_reveals_what_it_is_for(name: str) -> None:
    house = read_house(name)
    assert len(house.cards) > 60
    said = {
        (find_stop(house, activity), find_place(house, card.department, unit))
        for activity, card in house.cards.items()
        for unit in ("", *(unit for resource in card.holds for unit in house.units_of[resource][:1]))
    }
    for stop, place in said:
        for language in list_languages():
            for words in say_everything(house, stop, place, language):
                assert not find_revealing(words), (language, words)


def test_the_list_of_words_has_none_that_reveals() -> None:
    for section in ("stops", "places", "notices", "prepare"):
        for key, words in WORDS[section].items():
            for language, said in words.items():
                assert not find_revealing(said), (section, key, language, said)


def test_what_people_are_called_tells_their_profession_and_not_of_what() -> None:
    for key, words in WORDS["roles"].items():
        for language, said in words.items():
            assert find_revealing(said) <= PROFESSIONS, (key, language, said)


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_label_of_the_definition_would_be_noticed(name: str) -> None:
    """What the tests look for is really there: a department's own name, a machine's, a pathway's."""
    house = read_house(name)
    for key in ("radiotherapy", "chemotherapy", "nuclear_medicine", "palliative"):
        assert find_revealing(house.centre.departments[key].label), key
    assert find_revealing("Linac 2")
    assert find_revealing("C50.4")
    assert find_revealing("Cisplatin")
    assert find_revealing("Лучевая терапия")
    assert find_revealing("유방")


def test_every_word_is_there_in_every_language() -> None:
    wanted = set(list_languages())
    assert wanted == {"en", "ko", "ru", "uz", "uz-Cyrl"}
    for section in ("stops", "places", "notices", "prepare", "roles", "days"):
        for key, words in WORDS[section].items() if section != "days" else ():
            assert set(words) == wanted, (section, key)
            places = {tuple(sorted(re.findall(r"{\w+}", said))) for said in words.values()}
            assert len(places) == 1, (section, key)
    assert set(WORDS["stops"]) == set(WORDS["prepare"]) == set(STOPS)
    assert set(WORDS["roles"]) == {*WORDS["called"], "staff"}
    assert set(WORDS["notices"]) == {*KINDS, "moved_at_same_time"}


def test_stops_are_of_the_kind_people_expect() -> None:
    house = read_house("tashkent")
    expected = {
        "surgical_consultation": "consultation", "radiotherapy_consultation": "consultation",
        "ct_scan": "examination", "blood_draw": "blood_test", "linac_fraction": "treatment",
        "proton_fraction": "treatment",
        "infusion": "treatment", "brachytherapy_session": "treatment", "operation": "operation",
        "preassessment": "consultation", "surgical_ward_stay": "stay", "radioiodine_stay": "stay",
        "remote_contact": "call", "palliative_home_visit": "home", "bone_marrow_sampling": "examination",
        "tablet_dispensing": "visit", "unheard_of": "visit",
    }  # fmt: skip
    assert {activity: find_stop(house, activity) for activity in expected} == expected
    assert {"call", "home"} == ELSEWHERE


def test_places_are_numbers_as_signs_have_them() -> None:
    house = read_house("tashkent")
    linac = find_place(house, "radiotherapy", "machine.linac.1")
    assert word_place(linac, "en") == "Building 3, floor −1, area N, room 1"
    assert word_place(linac, "ko") == "3동, 지하 1층, N구역, 1번 방"
    room = find_place(house, "radiotherapy", "room.consult-room.1")
    assert word_place(room, "ru") == "Корпус 1, 2 этаж, зона A, кабинет 1"
    assert word_place(find_place(house, "imaging"), "uz") == "1-bino, 1-qavat, D-zona"
    assert word_place(find_place(house, "nowhere"), "en") == ""
    assert word_place(find_place(house, "wards", "bed.ward-bed-medical.1"), "uz-Cyrl").endswith("1-каравот")


def test_examples_are_where_they_are_looked_for() -> None:
    projects = {file.parent.name for file in Path(ROOT / "examples").glob("*/centre.yaml")}
    assert projects == set(EXAMPLES)
