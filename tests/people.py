"""People made up, with the mistakes that are made when somebody is registered twice; the same for a seed."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

STEMS = (
    "Карим Рахим Юсуп Хасан Алим Кадыр Махмуд Ахмед Исмаил Ибрагим Собир Тохир Файзулла Абдулла "
    "Хайрулла Насрулла Эргаш Турсун Холмат Мирза Саид Умар Усман Расул Зокир Шариф Латип Назар Жура "
    "Юлдаш Тошмат Бобо Норбек Пулат Иван Петр Кузнец Сидор Смирн Волк Новик Морозов Попов Соколов "
    "Лебедев Козлов Щербак Цветк Жук Чайк Хохл"
).split()
WOMEN = (
    "Азиза Дилноза Гулнора Нигора Шахноза Малика Мадина Зарина Лола Нодира Феруза Умида Юлдуз Хилола "
    "Барно Мавлюда Анна Мария Елена Наталья Ольга Татьяна Ирина Светлана Екатерина Юлия Ксения Жанна"
).split()
MEN = (
    "Азиз Жасур Бахтиёр Шерзод Улугбек Отабек Рустам Тимур Фарход Хуршид Сардор Дильшод Ислом Нодир "
    "Акмаль Шухрат Иван Пётр Алексей Дмитрий Сергей Андрей Юрий Михаил Евгений Николай Виктор Олег"
).split()
FATHERS = (
    "Рустам Карим Тимур Шавкат Анвар Бахтияр Рашид Хамид Равшан Икром Мурад Сабир Иван Петр Сергей Алексей"
).split()
KOREAN_FAMILIES = {
    "김": "Kim Gim Ким",
    "이": "Lee Yi Rhee Ли",
    "박": "Park Pak Пак",
    "최": "Choi Choe Цой",
    "정": "Jung Chung Jeong Тен",
    "강": "Kang Gang Кан",
    "조": "Cho Jo",
    "윤": "Yoon Yun Юн",
    "장": "Jang Chang Тян",
    "임": "Lim Im Лим",
    "한": "Han Хан",
    "오": "Oh O",
    "서": "Seo Suh",
    "신": "Shin Sin Шин",
    "권": "Kwon Gwon Квон",
    "황": "Hwang Хван",
}
KOREAN_GIVEN = {
    "민준": "Minjun Min-joon",
    "서준": "Seojun Seo-joon",
    "영희": "Younghee Yeong-hui",
    "철수": "Chulsoo Cheol-su",
    "지훈": "Jihoon Ji-hun",
    "현우": "Hyunwoo Hyeon-u",
    "수진": "Soojin Su-jin",
    "미경": "Mikyung Mi-gyeong",
    "은주": "Eunju Eun-joo",
    "성호": "Sungho Seong-ho",
    "재현": "Jaehyun Jae-hyeon",
    "동욱": "Dongwook Dong-uk",
    "혜진": "Hyejin Hye-jin",
    "상민": "Sangmin Sang-min",
    "유나": "Yuna Yoo-na",
    "경희": "Kyunghee Gyeong-hui",
}

_ALIKE = dict(zip("абвгдезиклмнопрстуф", "a b v g d e z i k l m n o p r s t u f".split(), strict=True)) | {
    "ь": ""
}
_APART = "жхцчшщюяёыэйъ"
_SPELLINGS = {
    "passport": "zh kh ts ch sh shch iu ia e y e i ie",
    "newspaper": "zh kh ts ch sh shch yu ya yo y e y -",
    "uzbek": "j x ts ch sh sh yu ya yo i e y -",
    "simple": "j h c ch sh sch u ya e y e y -",
}
SCHEMES = {
    scheme: _ALIKE | dict(zip(_APART, texts.replace("-", "").split(" "), strict=True))
    for scheme, texts in _SPELLINGS.items()
}
LETTERS = "абвгдежзиклмнопрстуфхчшыя"


@dataclass(frozen=True)
class Person:
    family: str
    given: str
    father: str
    born: date
    sex: str
    phone: str
    number: str
    maiden: str = ""
    more: dict[str, Any] = field(default_factory=dict, compare=False)

    def to_patient(self, id_: str) -> dict[str, Any]:
        given = [self.given, *([self.father] if self.father else [])]
        names = [{"family": self.family, "given": given}]
        if self.maiden:
            names.append({"use": "maiden", "family": self.maiden, "given": given})
        patient: dict[str, Any] = {"resourceType": "Patient", "id": id_, "name": names, "gender": self.sex}
        patient["birthDate"] = self.more.get("birth", self.born.isoformat())
        if self.phone:
            patient["telecom"] = [{"system": "phone", "value": self.phone}]
        if self.number:
            patient["identifier"] = [{"system": "urn:mrn", "value": self.number}]
        return patient


def make_person(rng: random.Random, n: int) -> Person:
    born = date(1935, 1, 1) + timedelta(days=rng.randrange(75 * 365))
    phone, sex = f"+99890{rng.randrange(10**7):07}", rng.choice(("female", "male"))
    if rng.random() < 0.15:
        family, given = rng.choice(list(KOREAN_FAMILIES)), rng.choice(list(KOREAN_GIVEN))
        return Person(family, given, "", born, sex, phone, f"N{n:07}")
    stem = rng.choice(STEMS)
    ends_so = stem.endswith(("ов", "ев", "ин"))
    family = stem if ends_so else stem + ("ев" if stem[-1] in "аеиоуья" else "ов")
    is_woman = sex == "female"
    father = rng.choice(FATHERS) + ("овна" if is_woman else "ович")
    given = rng.choice(WOMEN if is_woman else MEN)
    return Person(family + ("а" if is_woman else ""), given, father, born, sex, phone, f"N{n:07}")


def write_in(rng: random.Random, person: Person, scheme: str = "") -> Person:
    """In another script: Latin by one of the schemes, Korean names as somebody might spell them."""
    if person.family in KOREAN_FAMILIES:
        family = rng.choice(KOREAN_FAMILIES[person.family].split())
        return replace(person, family=family, given=rng.choice(KOREAN_GIVEN[person.given].split()))
    table = SCHEMES[scheme or rng.choice(list(SCHEMES))]

    def spell(text: str) -> str:
        return "".join(table.get(sign, sign) for sign in text.lower()).capitalize()

    father = spell(person.father)
    if scheme == "uzbek" and father:
        child = "qizi" if person.sex == "female" else "o'g'li"
        father = f"{spell(person.father[:-4])} {child}"
    return replace(person, family=spell(person.family), given=spell(person.given), father=father)


def slip(rng: random.Random, text: str) -> str:
    """One letter wrong, missing, doubled, or two turned round; nothing in a syllable that is a name."""
    if len(text) < 3:
        return text
    place = rng.randrange(1, max(2, len(text) - 1))
    kind = rng.randrange(4)
    if kind == 0:
        return (
            text[:place]
            + rng.choice(LETTERS if text[0] > "z" else "abcdefghiklmnoprstuv")
            + text[place + 1 :]
        )
    if kind == 1:
        return text[:place] + text[place + 1 :]
    if kind == 2:
        return text[:place] + text[place] + text[place:]
    return text[:place] + text[place : place + 2][::-1] + text[place + 2 :]


def slip_digit(rng: random.Random, born: date) -> str:
    while True:
        text = born.isoformat()
        place = rng.choice([2, 3, 5, 6, 8, 9])
        text = text[:place] + rng.choice("0123456789") + text[place + 1 :]
        try:
            if date.fromisoformat(text) != born:
                return text
        except ValueError:
            continue


def turn(born: date) -> str:
    return f"{born.year:04}-{born.day:02}-{born.month:02}" if born.day <= 12 else born.isoformat()


MISTAKES: dict[str, Callable[[random.Random, Person], Person]] = {
    "nothing": lambda _rng, one: one,
    "another script": write_in,
    "no patronymic": lambda _rng, one: replace(one, father=""),
    "names turned round": lambda _rng, one: replace(one, family=one.given, given=one.family),
    "slip in the family name": lambda rng, one: replace(one, family=slip(rng, one.family)),
    "slip in the given name": lambda rng, one: replace(one, given=slip(rng, one.given)),
    "day and month turned round": lambda _rng, one: replace(one, more={"birth": turn(one.born)}),
    "slip in the birth date": lambda rng, one: replace(one, more={"birth": slip_digit(rng, one.born)}),
    "year alone": lambda _rng, one: replace(one, more={"birth": str(one.born.year)}),
    "married": lambda rng, one: replace(one, family=rng.choice(STEMS) + "ова" * (one.sex == "female")),
}
"""What is wrong with the second record of somebody."""


def make_duplicate(rng: random.Random, person: Person, mistake: str) -> Person:
    """Registered again: without the house's number, with the same telephone, another or none."""
    again = MISTAKES[mistake](rng, person)
    phone = rng.choice((person.phone, "", f"8 (90) {rng.randrange(10**7):07}"))
    return replace(again, number="", phone=phone)
