"""Filling the placeholders of evidence keys: site, stage, country and the practice's choices."""

import re
from collections.abc import Mapping

from oncopolis.centre.definition import Centre
from oncopolis.centre.number import EvidenceRef

Context = Mapping[str, str]
"""Placeholder -> word."""

_PLACEHOLDER = re.compile(r"\{(\w+)\}")


def make_context(centre: Centre, site: str = "", stage: str = "") -> dict[str, str]:
    """Return the words that hold for a patient of `site` and `stage` under the practice in force."""
    words = {"country": centre.country.lower(), **centre.get_practice().choices}
    return words | {name: word for name, word in (("site", site), ("stage", stage)) if word}


def fill(text: str, context: Context) -> str:
    """Fill ``{word}`` placeholders; unknown ones stay, so that the fault names them."""
    if "{" not in text:
        return text
    return _PLACEHOLDER.sub(lambda match: context.get(match[1], match[0]), text)


def find_key(number: EvidenceRef, context: Context, known: Mapping[str, object]) -> str | None:
    """Return the evidence key a reference stands for, or None if neither of its keys exists."""
    for text in (number.evidence, number.otherwise):
        if text and (key := fill(text, context)) in known:
            return key
    return None
