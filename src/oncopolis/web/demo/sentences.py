"""What people of a demonstration say and write: kept in English, shown in the language of who reads it.

Nobody translates what is written in a real centre. An invented word stands in no other sentence of a page, so
that it is found there.
"""

from functools import cache
from typing import Final, NamedTuple

from markupsafe import escape

from oncopolis.foundation.marking import mark
from oncopolis.web.pages.languages import find_words

NOTES: Final = (
    mark("Slept badly, wants to see the doctor in the morning."), mark("Drain to be taken out before noon."),
    mark("Nothing to eat from midnight on."), mark("Family comes at 17:00; daughter interprets."),
)  # fmt: skip
"""Handed over on a ward."""
PLANS: Final = (
    (mark("Change the dressing"), 24),
    (mark("Weigh before breakfast"), 24),
    (mark("Turn onto the other side"), 2),
    (mark("Check the drain"), 6),
)  # structure: h
"""Planned on a ward, and every how many hours."""
CRITICAL: Final = (
    (mark("Potassium 6.9 mmol/l"), 12), (mark("Neutrophils 0.3 x 10^9/l, fever"), 43),
    (mark("Haemoglobin 58 g/l"), 74),
)  # fmt: skip  # structure: minutes ago
"""Results that cannot wait, and how many minutes ago they came."""
STRAYS: Final = (
    mark("Blood culture"), mark("CT chest, report from another hospital"), mark("Receptor status"),
)  # fmt: skip
"""Results that belong to no order."""
PARTNER: Final = mark("Partner centre (invented)")


class Talk(NamedTuple):
    """What is written about a case that is shared; empty where nothing was yet."""

    site: str
    question: str
    asked: str = ""
    remark: str = ""
    opinion: str = ""


TALKS: Final = (
    Talk("breast", mark("Systemic treatment first, or operate?"), mark("Is the receptor status known?")),
    Talk(
        "lung",
        mark("Is radiation together with systemic treatment advisable?"),
        mark("How is the function of the lungs?"),
        mark("The test of the lungs is of last week, without a restriction."),
        mark(
            "Both together are advisable. Please repeat the imaging of the brain before the first fraction."
        ),
    ),
)
_ALL: Final = (
    *NOTES, *(text for text, _ in PLANS), *(text for text, _ in CRITICAL), *STRAYS, PARTNER,
    *(text for talk in TALKS for text in talk[1:] if text),
)  # fmt: skip


def translate(page: bytes, language: str) -> bytes:
    """Return a page with what is written in it in its language."""
    for said, shown in _list_pairs(language):
        page = page.replace(said, shown)
    return page


@cache
def _list_pairs(language: str) -> list[tuple[bytes, bytes]]:
    words = find_words(language)
    pairs = ((escape(said).encode(), escape(words.text(said)).encode()) for said in _ALL)
    return [(said, shown) for said, shown in pairs if said != shown]
