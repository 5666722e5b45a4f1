"""What a person is called: in the reader's script where there is one, in lists, and in two letters."""

import re
from collections.abc import Mapping, Sequence
from typing import Final

from oncopolis.operations.people.views import Named, Person
from oncopolis.record.likeness.hangul import is_hangul
from oncopolis.record.likeness.sounding import fold

__all__ = ["choose_name", "find_script", "initials", "sort_key", "write_name"]

_CYRILLIC: Final = re.compile("[\u0400-\u04ff]")
_HAN: Final = re.compile("[\u4e00-\u9fff]")
_LATIN: Final = re.compile("[A-Za-z\u00c0-\u024f]")
_SCRIPTS: Final[Mapping[str, Sequence[str]]] = {
    "ko": ("hangul", "latin", "cyrillic"),
    "ru": ("cyrillic", "latin", "hangul"),
    "uz-cyrl": ("cyrillic", "latin", "hangul"),
    "uz": ("latin", "cyrillic", "hangul"),
}
"""Language of the reader -> scripts, the one they read best first."""
_OTHERS: Final = ("latin", "cyrillic", "hangul")
_USES: Final = ("official", "usual", "", "temp", "nickname", "maiden", "old", "anonymous")
"""Which name is shown before which."""


def choose_name(person: Person, language: str = "en") -> Named | None:
    """Return the name that is shown to a reader of a language; None if there is none."""
    scripts = _SCRIPTS.get(language.casefold(), _SCRIPTS.get(language.casefold()[:2], _OTHERS))

    def rank(name: Named) -> tuple[bool, int, int]:
        script = find_script(name)
        use = _USES.index(name.use) if name.use in _USES else len(_USES)
        is_former = name.use in ("maiden", "old")
        return is_former, scripts.index(script) if script in scripts else len(scripts), use

    return min(person.names, key=rank, default=None)


def write_name(person: Person, language: str = "en") -> str:
    """Return what a person is called, the family name first; their id if nobody knows."""
    name = choose_name(person, language)
    return _write(name) if name is not None and _write(name) else person.id


def initials(person: Person, language: str = "en") -> str:
    """Return two letters for lists that others may see; a Korean name has its family name's syllable."""
    name = choose_name(person, language)
    if name is None:
        return ""
    parts = _list_parts(name)[:2] or name.text.split()[:2]
    if is_hangul("".join(parts)):
        return "".join(parts)[:1]
    return "".join(f"{part[0].upper()}." for part in parts if part)


def sort_key(person: Person, language: str = "en") -> tuple[str, str]:
    """Return by what lists are put in order: as the name sounds, so that scripts do not part families."""
    name = choose_name(person, language)
    if name is None:
        return ("", person.id)
    sound = fold(name.family or name.text)
    return (sound.casefold(), "".join(fold(one).casefold() for one in name.given if one) or person.id)


def _write(name: Named) -> str:
    joint = "" if is_hangul(name.family) else " "
    return joint.join(_list_parts(name)) or name.text


def _list_parts(name: Named) -> list[str]:
    """Family name and given ones; FHIR lets a list have gaps."""
    return [part for part in (name.family, *name.given) if part]


def find_script(name: Named) -> str:
    """Return ``hangul``, ``cyrillic``, ``latin`` or ``han``; empty for another script."""
    text = "".join((*_list_parts(name), name.text))
    if is_hangul(text):
        return "hangul"
    if _CYRILLIC.search(text):
        return "cyrillic"
    if _LATIN.search(text):
        return "latin"
    return "han" if _HAN.search(text) else ""
