"""Hangul in Latin letters: the Revised Romanisation, syllable by syllable, and how family names are spelled.

The romanisation leaves out what changes between syllables: names are written without it. Source: the rules
of 2000 as the National Institute of the Korean Language publishes them, by memory; spellings of family names
as passports and the Koreans of Central Asia have them, from public lists of such spellings.
"""

import re
import unicodedata
from collections.abc import Mapping
from typing import Final

__all__ = ["SPELLINGS", "is_hangul", "romanise"]

_FIRST: Final = ord("가")
_INITIALS: Final = "g kk n d tt r m b pp s ss - j jj ch k t p h".replace("-", "").split(" ")
_VOWELS: Final = "a ae ya yae eo e yeo ye o wa wae oe yo u wo we wi yu eu ui i".split(" ")
_FINALS: Final = "- k k k n n n t l k m l l l p l m p p t t ng t t k t p t".replace("-", "").split(" ")
_SYLLABLE: Final = re.compile("[가-힣]")

SPELLINGS: Final[Mapping[str, str]] = {
    "gim": "gim kim ким ghim",
    "i": "i lee yi rhee ri li ли ни yee ree rhie ly и",
    "bak": "bak park pak пак bark пяк",
    "choe": "choe choi chey цой tsoy tsoi цхой чой choy",
    "jeong": "jeong jung chung cheong тен ten chong joung тён чон",
    "gang": "gang kang кан кang",
    "jo": "jo cho те чо joe тё",
    "yun": "yun yoon юн youn",  # codespell:ignore youn
    "jang": "jang chang тян чан zhang jahng",
    "im": "im lim yim rim лим им leem rhim",
    "han": "han хан hahn khan xan",
    "o": "o oh о",
    "seo": "seo suh so se шо shuh",  # codespell:ignore suh
    "sin": "sin shin шин син",
    "gwon": "gwon kwon квон kweon кwон",
    "hwang": "hwang хван whang",
    "an": "an ahn ан",
    "song": "song сон",
    "jeon": "jeon jun chun тен ten chon jhun чен",
    "hong": "hong хон",
    "yu": "yu yoo ryu you yoou юй ю lyu ryoo югай yugay yugai лю",
    "go": "go ko koh goh ко когай kogay",
    "mun": "mun moon мун",
    "yang": "yang ян ryang янг",
    "son": "son sohn",
    "bae": "bae pae bai пя bay пе пегай",
    "baek": "baek paek back paik baik пек",
    "heo": "heo huh hur her хегай hegay hegai khegay хе",
    "nam": "nam нам nahm",  # codespell:ignore nam
    "sim": "sim shim сим шим",
    "no": "no noh ro roh нo но ногай nogay nogai",
    "ha": "ha hah ха",
    "gwak": "gwak kwak квак квок kwag",
    "seong": "seong sung сен",
    "cha": "cha ча чагай chagay",
    "ju": "ju joo chu дю дюгай dyugay тю тюгай tyugay joo",  # codespell:ignore joo
    "u": "u woo wu у угай ugay ugai",
    "gu": "gu koo ku goo ку кугай kugay",
    "min": "min мин",
    "na": "na ra rah nah на лагай lagay нагай nagay ла",
    "ma": "ma ма магай magay mah",
    "eom": "eom um uhm эм ом ohm eum",
    "won": "won weon вон wone",
    "cheon": "cheon chun chon чен",
    "gong": "gong kong кон",
    "hyeon": "hyeon hyun хен хён",
    "byeon": "byeon byun пен pyon пён",
    "yeo": "yeo yuh yo ryeo",
    "ryeo": "ryeo yeo",
}
"""Family name in the Revised Romanisation -> how it is spelled, in Latin and Cyrillic."""


def is_hangul(text: str) -> bool:
    """Whether there is a Korean syllable in a text."""
    return _SYLLABLE.search(unicodedata.normalize("NFC", text)) is not None


def romanise(text: str) -> str:
    """A text whose Korean syllables are in Latin letters; the rest is as it was."""
    return _SYLLABLE.sub(lambda found: _spell(found[0]), unicodedata.normalize("NFC", text))


def _spell(syllable: str) -> str:
    number = ord(syllable) - _FIRST
    rest, final = divmod(number, len(_FINALS))
    initial, vowel = divmod(rest, len(_VOWELS))
    return _INITIALS[initial] + _VOWELS[vowel] + _FINALS[final]
