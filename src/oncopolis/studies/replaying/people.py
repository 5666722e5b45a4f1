"""Invented people: names that nobody can take for a patient's, in three scripts."""

from datetime import date
from typing import Any, Final

from oncopolis.studies.replaying.dice import Dice

SYSTEM: Final = "urn:oncopolis:invented"
"""System of the identifiers of invented patients."""

_SHARES: Final = (("uz", 0.5), ("ru", 0.8), ("ko", 1.0))  # structure: a mix for rehearsals
"""Language and cumulated share."""
_MARKS: Final = {"uz": "Namuna", "ru": "Пример", "ko": "예시"}
"""What every family name begins with: example."""
_SYLLABLES: Final = {
    "uz": "ba bo da do fa go ha jo ka la lo ma mi na no qo ra ro sa shi so ta to va yo za".split(),
    "ru": "ба бо ва га го да до за ка ко ла ло ма ми на ни ра ро са си та ти ту фа хо ша".split(),
    "ko": "강 고 나 노 도 라 로 마 모 무 배 보 사 소 송 유 이 임 정 조 차 최 하 한 홍 황".split(),
}
_ENDS: Final = {"uz": ("yeva", "yev"), "ru": ("нова", "нов"), "ko": ("", "")}
_GIVEN: Final[dict[str, tuple[tuple[str, ...], tuple[str, ...]]]] = {
    "uz": (
        ("Aziza", "Dilnoza", "Gulnora", "Madina", "Nargiza", "Sevara", "Umida", "Zulfiya"),
        ("Alisher", "Bobur", "Jasur", "Otabek", "Rustam", "Sherzod", "Timur", "Ulugʻbek"),
    ),
    "ru": (
        ("Анна", "Вера", "Галина", "Ирина", "Лидия", "Нина", "Ольга", "Тамара"),
        ("Борис", "Виктор", "Григорий", "Иван", "Николай", "Олег", "Павел", "Семён"),
    ),
    "ko": (
        ("민지", "서연", "수진", "은영", "지우", "하늘", "현정", "혜원"),
        ("동현", "민수", "상호", "성민", "재훈", "준호", "태영", "현우"),
    ),
}
_SEXES: Final = ("female", "male")
_YOUNGEST, _SPAN_YEARS = 2, 88  # structure: ages of a rehearsal
_DAYS: Final = 365  # structure: days of a year, nearly
_NUMBERS: Final = 10**12  # structure: many more than there are people


def invent(number: int, day: date, dice: Dice, attempt: int = 0) -> dict[str, Any]:
    """Return who somebody is, as the act that registers them asks for it.

    Parameters
    ----------
    number
        Which person.
    day
        Day on which they come.
    attempt
        Another one gives another person: whoever is too like somebody who is there is invented anew.
    """
    me = (number, attempt)
    drawn = dice.draw("language", *me)
    language = next(name for name, share in _SHARES if drawn < share)
    sex = int(dice.draw("sex", *me) * len(_SEXES))
    stem = "".join(
        dice.choose(_SYLLABLES[language], "family", i, *me) for i in range(3)
    )  # structure: syllables of a name
    age_days = int((_YOUNGEST + _SPAN_YEARS * dice.draw("age", *me)) * _DAYS)
    family = f"{_MARKS[language]}{'' if language == 'ko' else '-'}{stem.capitalize()}{_ENDS[language][sex]}"
    return {
        "names": [{"family": family, "given": [dice.choose(_GIVEN[language][sex], "given", *me)]}],
        "birth_date": date.fromordinal(day.toordinal() - age_days).isoformat(),
        "sex": _SEXES[sex],
        "identifiers": [{"system": SYSTEM, "value": str(int(dice.draw("id", *me) * _NUMBERS))}],
        "language": language,
    }
