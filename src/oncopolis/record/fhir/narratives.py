"""Narratives: XHTML that only formats, by the rule txt-1 of FHIR, and that runs nothing."""

import re
from typing import Final
from xml.parsers import expat

__all__ = ["is_narrative"]

_NAMESPACE: Final = "http://www.w3.org/1999/xhtml"
_ELEMENTS: Final = frozenset(
    "a abbr acronym b big blockquote br caption cite code col colgroup dd dfn div dl dt em h1 h2 h3 h4 h5 h6 "
    "hr i img li ol p pre q samp small span strong sub sup table tbody td tfoot th thead tr tt ul var".split()
)
_ATTRIBUTES: Final = frozenset(
    "abbr accesskey align alt axis bgcolor border cellhalign cellpadding cellspacing cellvalign char "
    "charoff charset cite class colspan compact coords dir frame headers height href hreflang hspace id "
    "lang longdesc name nowrap rel rev rowspan rules scope shape span src start style summary tabindex "
    "title type valign value vspace width xmlns xml:lang xml:space".split()
)
_SCRIPT: Final = re.compile(r"(?:javascript|vbscript|data(?!:image/(?:png|gif|jpeg);)):", re.IGNORECASE)
_BLANK: Final = re.compile(r"[\x00-\x20]+")  # browsers skip them within an address


class _UnfitError(Exception):
    """Something that a narrative may not hold."""


def is_narrative(text: str) -> bool:
    """Whether a text is a ``<div>`` of allowed elements and attributes."""
    if not text.lstrip().startswith("<div"):
        return False
    parser = expat.ParserCreate()
    parser.StartElementHandler = _check_element
    try:
        parser.Parse(text.lstrip(), True)
    except (expat.ExpatError, _UnfitError):
        return False
    return _NAMESPACE in text[: text.index(">")]


def _check_element(name: str, attributes: dict[str, str]) -> None:
    if name not in _ELEMENTS:
        raise _UnfitError
    for attribute, value in attributes.items():
        if attribute not in _ATTRIBUTES or (
            attribute in ("href", "src") and _SCRIPT.match(_BLANK.sub("", value))
        ):
            raise _UnfitError
