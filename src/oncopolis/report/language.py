"""`Language`: the words and the numerals of one language.

Words come from gettext catalogues whose keys are the English labels. A label that the planner composes
(``New cases, Breast``) is translated through a pattern of the catalogue (``New cases, {}``) and its part.
"""

import re
from functools import cache
from importlib.resources import files

from oncopolis.foundation import NotFoundError
from oncopolis.foundation.marking import mark

LANGUAGES = ("en", "ko", "ru", "uz")

__all__ = ["LANGUAGES", "SLOT", "Language", "find_language", "mark"]

SLOT = "{}"
"""Place of the part in a pattern."""

_DEEPEST = 4  # structure: how many patterns may stand inside each other


class Language:
    """Words and numerals of one language.

    Parameters
    ----------
    code
        One of `LANGUAGES`.

    Raises
    ------
    NotFoundError
        If there is no catalogue of that language.
    """

    def __init__(self, code: str) -> None:
        if code not in LANGUAGES:
            raise NotFoundError(
                code="REP-002",
                where="--language",
                got=repr(code),
                expected=f"one of {', '.join(LANGUAGES)}",
                fix="choose a language that has a catalogue",
            )
        self.code = code
        self._words = _read_words(code)
        self._patterns = _list_patterns(code)
        self._labels: dict[str, str] = {}
        self.decimal, self.group = _read_symbols(code)
        self._swap = str.maketrans({",": self.group, ".": self.decimal})

    def text(self, message: str, **parts: object) -> str:
        """Return a text of the report in this language, its ``{name}`` places filled."""
        translated = self._words.get(message) or message
        return translated.format(**parts) if parts else translated

    def label(self, label: str | None) -> str:
        """Return a label of the plan in this language; one that no catalogue knows stays as it is."""
        if not label:
            return ""
        if label not in self._labels:
            self._labels[label] = self._find(label, _DEEPEST) or label
        return self._labels[label]

    def _find(self, label: str, depth: int) -> str | None:
        if self.code == "en":
            return label
        if found := self._words.get(label):
            return found
        if found := self._words.get(label[:1].swapcase() + label[1:]):
            return (found[:1].upper() if label[:1].isupper() else found[:1].lower()) + found[1:]
        if depth == 0:
            return None
        for pattern, message in self._patterns:
            if match := pattern.fullmatch(label):
                parts = [self._find(part, depth - 1) or part for part in match.groups()]
                return self._words[message].format(*parts)
        return None

    def numeral(self, value: float, digits: int) -> str:
        """Write a number with this language's separators and a fixed number of decimals."""
        return f"{value:,.{digits}f}".translate(self._swap).replace("-", "\N{MINUS SIGN}")


@cache
def find_language(code: str) -> Language:
    """Return the language of that code, read once."""
    return Language(code)


@cache
def _read_words(code: str) -> dict[str, str]:
    if code == "en":
        return {}
    from babel.messages.pofile import read_po

    path = files("oncopolis.report").joinpath("catalogues", f"{code}.po")
    with path.open("rb") as stream:
        catalogue = read_po(stream, locale=code)
    return {
        str(message.id): str(message.string)
        for message in catalogue
        if message.id and message.string and not message.fuzzy
    }


@cache
def _list_patterns(code: str) -> tuple[tuple[re.Pattern[str], str], ...]:
    """List the patterns of a catalogue, those with the longest fixed text first."""
    messages = sorted((message for message in _read_words(code) if SLOT in message), key=len, reverse=True)
    return tuple(
        (re.compile("(.+)".join(re.escape(part) for part in message.split(SLOT)), re.DOTALL), message)
        for message in messages
    )


def _read_symbols(code: str) -> tuple[str, str]:
    from babel import Locale

    symbols = Locale.parse(code).number_symbols["latn"]
    return symbols["decimal"], symbols["group"]
