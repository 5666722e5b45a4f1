"""What of a Patient tells who it is, made comparable."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from oncopolis.record.likeness.hangul import is_hangul
from oncopolis.record.likeness.sounding import find_korean, fold, stem_family, stem_patronymic
from oncopolis.record.oncology.systems import normalise_identifier

__all__ = ["Described", "Name", "describe"]

_FORMER: Final = frozenset({"maiden", "old"})
_MOST: Final = 20  # structure: names, numbers and telephones of one person that are compared
_LETTERS: Final = 100  # structure: letters of a name that are looked at
_NOT_DIGITS: Final = re.compile(r"[^0-9]")
_PHONE_DIGITS: Final = 9  # structure: last digits of a telephone number, which no way of writing it changes
_MARKERS: Final = frozenset({"ogli", "ugli", "oglu", "uglu", "ogl", "ugl", "kizi", "kisi"})
"""Folded words for son and daughter that stand alone."""
_OF_A_FATHER: Final = re.compile("(?:[oe]viC|[oe]vna|iniCna|iC)$")
_LONGEST: Final = 3  # structure: words of a full name: family, given, patronymic


@dataclass(frozen=True, slots=True)
class Name:
    """One name of a person, folded; '' for what is not told.

    Parameters
    ----------
    family, given
        A family name is without the ending of women's.
    patronymic
        The name of the father, without the ending.
    korean
        Korean family names, in the Revised Romanisation, that the family name may stand for.
    is_former
        Whether they had it before, by a marriage for instance.
    """

    family: str
    given: str
    patronymic: str = ""
    korean: frozenset[str] = frozenset()
    is_former: bool = False


@dataclass(frozen=True, slots=True)
class Described:
    """A person, as far as the record tells.

    Parameters
    ----------
    birth
        Date of FHIR: a year, month or day, '' if it is not known.
    sex
        ``male`` or ``female``, else ''.
    identifiers
        (system, value) in its normal form.
    phones
        Last digits of telephone numbers.
    """

    names: tuple[Name, ...] = ()
    birth: str = ""
    sex: str = ""
    identifiers: frozenset[tuple[str, str]] = frozenset()
    phones: frozenset[str] = frozenset()


def describe(patient: Mapping[str, Any]) -> Described:
    """A Patient as it is compared; a nickname does not count."""
    names = (_read_name(one) for one in patient.get("name", ())[:_MOST] if one.get("use") != "nickname")
    sex = patient.get("gender", "")
    return Described(
        names=tuple(dict.fromkeys(name for name in names if name is not None)),
        birth=str(patient.get("birthDate", "")),
        sex=sex if sex in ("male", "female") else "",
        identifiers=frozenset(_read_identifiers(patient.get("identifier", ())[:_MOST])),
        phones=frozenset(_read_phones(patient.get("telecom", ())[:_MOST])),
    )


def _read_identifiers(identifiers: Iterable[Mapping[str, Any]]) -> Iterable[tuple[str, str]]:
    for one in identifiers:
        if one.get("value"):
            system = one.get("system", "")
            yield system, normalise_identifier(system, one["value"])


def _read_phones(contacts: Iterable[Mapping[str, Any]]) -> Iterable[str]:
    for one in contacts:
        digits = _NOT_DIGITS.sub("", one.get("value", ""))
        if one.get("system") in ("phone", "sms") and len(digits) >= _PHONE_DIGITS:
            yield digits[-_PHONE_DIGITS:]


def _read_name(name: Mapping[str, Any]) -> Name | None:
    family = name.get("family", "")[:_LETTERS]
    given = [part[:_LETTERS] for part in name.get("given", ())[:_MOST] if part]
    if not family and not given:
        family, given = _take_apart(name.get("text", "")[:_LETTERS])
    folded, written = fold(family), " ".join([family, *given])
    korean = find_korean(family)
    is_korean = is_hangul(written) or bool(korean)
    first = fold("".join(given)) if is_korean else fold(given[0]) if given else ""
    if not folded and not first:
        return None
    patronymic = "" if is_korean and is_hangul(written) else _read_patronymic(given[1:])
    if is_korean and patronymic:
        first = fold(given[0])
    return Name(stem_family(folded), first, patronymic, korean, name.get("use") in _FORMER)


def _read_patronymic(given: Sequence[str]) -> str:
    """The father's name: the rest of the given ones if it looks like a patronymic."""
    words = [fold(word) for part in given for word in part.split()]
    kept = [word for word in words if word not in _MARKERS]
    if not kept or (len(kept) == len(words) and stem_patronymic(kept[-1]) == kept[-1]):
        return ""
    return stem_patronymic(kept[-1])


def _take_apart(text: str) -> tuple[str, list[str]]:
    """Family name and the others of a name in one text; the family name is last after a patronymic."""
    words = [word for word in text.replace(",", " ").split() if word][:_LONGEST]
    if len(words) == 1 and is_hangul(words[0]):
        return words[0][:1], [words[0][1:]]
    if len(words) == _LONGEST and _OF_A_FATHER.search(fold(words[1])):
        return words[2], words[:2]
    return (words[0], words[1:]) if words else ("", [])
