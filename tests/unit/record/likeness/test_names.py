"""Names as they sound, from three scripts."""

import pytest

from oncopolis.record.likeness.hangul import romanise
from oncopolis.record.likeness.nearness import compute_likeness, is_slip
from oncopolis.record.likeness.sounding import (
    find_korean,
    find_skeleton,
    fold,
    stem_family,
    stem_patronymic,
)

SAME_CONSONANTS = [
    "Юлдашев Yo'ldoshev Yoʻldoshev Yuldashev Йўлдошев Iuldashev",
    "Хўжаев Xo'jayev Khodjaev Ходжаев Khodzhaev",
    "Рахимов Rahimov Rakhimov Raximov Раҳимов Rahimova Рахимова",
    "Щербаков Shcherbakov Scherbakov",
    "Дмитрий Dmitry Dmitriy Dmitrii",
    "Евгений Yevgeniy Evgenii",
    "Қодиров Qodirov Кадыров Kadyrov",
    "Ғафуров G'afurov Gʻafurov Gafurov Гафуров",
    "Абдуллоҳ Abdulloh Абдулла Abdulla",
    "영희 Younghee Young-hee Yeonghui Yŏnghŭi",
    "민준 Minjun Min-joon",
    "현우 Hyunwoo Hyun-woo Hyŏnu",
]


@pytest.mark.parametrize("names", SAME_CONSONANTS)
def test_a_name_has_the_same_consonants_however_it_is_written(names: str) -> None:
    assert len({find_skeleton(fold(name)) for name in names.split()}) == 1


def test_other_names_have_others() -> None:
    names = "Каримов Рахимов Юлдашев Кадыров Азиза Дилноза 민준 영희 Ким".split()
    assert len({find_skeleton(fold(name)) for name in names}) == len(names)


@pytest.mark.parametrize(
    ("hangul", "spellings"),
    [
        ("이", "Lee Yi Rhee Ri Ли"),
        ("박", "Park Pak Bak Пак"),
        ("최", "Choi Choe Цой"),
        ("허", "Huh Heo Хегай"),
    ],
)
def test_korean_family_names_are_known_by_their_spellings(hangul: str, spellings: str) -> None:
    (name,) = find_korean(hangul)
    assert all(name in find_korean(spelling) for spelling in spellings.split())


def test_a_spelling_may_stand_for_several_families() -> None:
    assert {"jeong", "jeon", "cheon"} <= find_korean("Chun") | find_korean("Chung")
    assert not find_korean("Каримов")


def test_hangul_is_romanised_and_the_rest_stays() -> None:
    assert romanise("김민준 (Kim)") == "gimminjun (Kim)"
    assert romanise("값") == "gap"


def test_endings_are_taken_off() -> None:
    pairs = "Каримова Каримов Достоевская Достоевский Кузьмина Кузьмин".split()
    stems = [stem_family(fold(one)) for one in pairs]
    assert stems[::2] == stems[1::2]
    fathers = "Рустамовна Рустамович Rustamovna Rustamovich Rustamqizi Рустамўғли".split()
    assert {stem_patronymic(fold(one)) for one in fathers} == {"rustam"}


@pytest.mark.parametrize("other", ["karimv", "karrimov", "kraimov", "garimov", "karimo"])
def test_one_slip_is_a_slip_either_way(other: str) -> None:
    assert is_slip("karimov", other)
    assert is_slip(other, "karimov")


@pytest.mark.parametrize("other", ["karimov", "karim", "garimof", "omirakv", ""])
def test_none_and_two_are_not(other: str) -> None:
    assert not is_slip("karimov", other)


def test_likeness_is_that_of_jaro_and_winkler() -> None:
    assert compute_likeness("martha", "marhta") == pytest.approx(0.9611, abs=1e-4)
    assert compute_likeness("dixon", "dicksonx") == pytest.approx(0.8133, abs=1e-4)
    assert compute_likeness("dwayne", "duane") == pytest.approx(0.84, abs=1e-4)
    assert compute_likeness("abc", "xyz") == 0
