"""Names as they sound: one spelling for what Cyrillic, Latin and Hangul write differently.

`fold` keeps vowels and is compared letter by letter. A capital stands for what some script needs several
letters for: S for sh, C for ch, J for zh and dj, T for ts. `find_skeleton` keeps only classes of consonants,
which Uzbek and Russian, passports and newspapers agree on (Юлдашев, Yo'ldoshev, Yuldashev): people are found
by it.
"""

import re
import unicodedata
from functools import lru_cache
from typing import Final

from oncopolis.record.likeness.hangul import SPELLINGS, is_hangul, romanise

__all__ = ["find_korean", "find_skeleton", "fold", "stem_family", "stem_patronymic"]

_N_KEPT: Final = 65_536  # structure: names that are remembered as they sound
_LONGEST: Final = 100  # structure: letters of a name that are compared
_SPELLED: Final = (
    "аa бb вv гg дd еe зz иi йi кk лl мm нn оo пp рr сs тt уu фf хh ыi эe єe іi їi ғg қk ўo ҳh "
    "ёyo жJ цT чC шS щS юyu яya ъ ь"
)
_CYRILLIC: Final = str.maketrans({letter[0]: letter[1:] for letter in _SPELLED.split()})
_LATIN: Final = str.maketrans(
    {
        "ş": "S",
        "š": "S",
        "ç": "C",
        "č": "C",
        "ž": "J",
        "ı": "i",
        "x": "h",
        "q": "k",
        "ß": "s",
        "ø": "o",
        "ł": "l",
    }
)
_CONTRACTIONS: Final = tuple(
    (re.compile(pattern), sound)
    for pattern, sound in (
        ("s(?:hch|ch|hh|h)", "S"),
        ("t?ch", "C"),
        ("d?zh|d[jJ]|j", "J"),
        ("kh", "h"),
        ("gh", "g"),
        ("ph", "f"),
        ("t[sz]", "T"),
        ("ck", "k"),
        ("c(?=[eiy])", "T"),
        ("c", "k"),
        ("ee", "i"),
        ("oo", "u"),
        ("w(?=u)", ""),
        ("w", "v"),
        ("[iy]+(?=[aeou])", ""),
        ("y", "i"),
        (r"([a-zA-Z])\1+", r"\1"),
    )
)
_LETTERS: Final = re.compile(r"[^a-zA-Z]")
_CLASSES: Final = str.maketrans("gdbJrzfw", "ktpClSvv")
_CLASSES_MORE: Final = str.maketrans("sT", "SS")
_VOWELS: Final = re.compile("[aeiou]")
_FAMILY: Final = re.compile("(?<=[oe]v)a$|(?<=in)a$|(?<=sk)(?:i|a|aa)$|(?<=[^aeiou])[ai]a$")
_PATRONYMIC: Final = re.compile("(?:[oe]viC|[oe]vna|iniCna|iC|o?gli|u?gli|[ou]glu|ogl|ugl|kizi|kisi)$")


def fold(text: str) -> str:
    """One name as it sounds, of letters alone; '' for one in a script that is not known."""
    return _fold(text[:_LONGEST])


@lru_cache(_N_KEPT)
def _fold(text: str) -> str:
    text = romanise(text).casefold().translate(_CYRILLIC).translate(_LATIN)
    parts = unicodedata.normalize("NFKD", text)
    text = _LETTERS.sub("", "".join(sign for sign in parts if not unicodedata.combining(sign)))
    for pattern, sound in _CONTRACTIONS:
        text = pattern.sub(sound, text)
    return text


@lru_cache(_N_KEPT)
def find_skeleton(folded: str) -> str:
    """The consonants of a folded name by classes; ``A`` stands for a vowel at its beginning."""
    text = folded.replace("ng", "n").translate(_CLASSES).translate(_CLASSES_MORE)
    text = text.removesuffix("h") or text
    start = "A" if _VOWELS.match(text) else ""
    return start + re.sub(r"(.)\1+", r"\1", _VOWELS.sub("", text)).upper()


@lru_cache(_N_KEPT)
def stem_family(folded: str) -> str:
    """A folded family name without what tells a woman from a man."""
    return _FAMILY.sub("", folded)


@lru_cache(_N_KEPT)
def stem_patronymic(folded: str) -> str:
    """A folded patronymic without its ending: the name of the father."""
    return _PATRONYMIC.sub("", folded) or folded


def find_korean(family: str) -> frozenset[str]:
    """Korean family names that may be written so, in the Revised Romanisation."""
    family = family[:_LONGEST]
    if is_hangul(family) and (exact := romanise(family)) in SPELLINGS:
        return frozenset({exact})
    return _KOREAN.get(fold(family), frozenset())


def _list_korean() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for name, spellings in SPELLINGS.items():
        for spelling in (name, *spellings.split()):
            found.setdefault(fold(spelling), set()).add(name)
    return {folded: frozenset(names) for folded, names in found.items()}


_KOREAN: Final = _list_korean()
