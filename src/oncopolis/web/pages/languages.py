"""The languages of the pages: those of the catalogues, and Uzbek in Cyrillic letters, made from the Latin."""

import re
from collections.abc import Iterable
from functools import cache
from typing import Final, Protocol

from oncopolis.report.language import Language, find_language
from oncopolis.web.pages.cyrillic import to_cyrillic

NAMES: Final = {"en": "English", "ko": "한국어", "ru": "Русский", "uz": "Oʻzbekcha", "uz-Cyrl": "Ўзбекча"}
"""Languages by their codes (BCP 47), each as it calls itself."""
LOCALES: Final = {"en": "en_GB", "ko": "ko", "ru": "ru", "uz": "uz_Latn", "uz-Cyrl": "uz_Cyrl"}
"""Where the forms of dates come from (CLDR)."""
CODES: Final = tuple(NAMES)


class Words(Protocol):
    """What a page says things with."""

    code: str

    def text(self, message: str, **parts: object) -> str:
        """Return a sentence in this language, its ``{name}`` places filled."""

    def label(self, label: str | None) -> str:
        """Return a label of the definition in this language; one that is not known stays as it is."""


class _Cyrillic:
    """Uzbek in Cyrillic letters."""

    code = "uz-Cyrl"

    def __init__(self, latin: Language) -> None:
        self._latin = latin

    def text(self, message: str, **parts: object) -> str:
        latin = self._latin.text(message)
        written = latin if latin == message else to_cyrillic(latin)
        return written.format(**parts) if parts else written

    def label(self, label: str | None) -> str:
        latin = self._latin.label(label)
        return latin if latin == label else to_cyrillic(latin)


@cache
def find_words(code: str) -> Words:
    """Return the words of a language, one of `CODES`."""
    return _Cyrillic(find_language("uz")) if code == "uz-Cyrl" else find_language(code)


def choose(wishes: Iterable[str], accepted: str = "") -> str:
    """Return the first wish there are words for; then what a browser accepts, then English.

    Parameters
    ----------
    accepted
        The header ``Accept-Language``.
    """
    for wish in wishes:
        if wish in NAMES:
            return wish
    for wish in re.split(r"[,;\s]+", accepted.lower()):
        if wish.startswith("uz-cyrl"):
            return "uz-Cyrl"
        if (short := wish.partition("-")[0]) in NAMES:
            return short
    return CODES[0]
