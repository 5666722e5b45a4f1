"""`Sheet`: what any page needs to write numbers, headings and pictures in a language."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup, escape

from oncopolis.report.language import Language
from oncopolis.report.markup import fill
from oncopolis.report.numerals import write_interval, write_unit, write_value, write_with_unit

N_TICK_DIGITS = 6  # structure: decimals beyond which a tick is noise
LARGE = 100  # structure: size from which decimals tell nothing

_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")


@dataclass(frozen=True)
class Section:
    """A numbered part of a page."""

    id: str
    title: str
    lead: str
    """The main message, in one or two sentences."""
    blocks: tuple[Markup, ...]


class Sheet:
    """A language, and the number of pictures so far.

    Parameters
    ----------
    language
        Language of the page.
    """

    def __init__(self, language: Language) -> None:
        self.language = language
        self.text, self.label = language.text, language.label
        self.n_pictures = 0

    # --- Numbers ---

    def number(self, value: float | None, unit: str | None = None) -> str:
        """Write a value without its unit."""
        return write_value(self.language, value, unit)

    def tick(self, value: float) -> str:
        """Write a round value beside an axis, without needless zeros."""
        if abs(value) >= LARGE:
            return self.language.numeral(value, 0)
        digits = (n for n in range(N_TICK_DIGITS) if round(value, n) == round(value, N_TICK_DIGITS))
        return self.language.numeral(value, next(digits, N_TICK_DIGITS))

    def amount(self, value: float | None, unit: str | None) -> str:
        """Write a value with its unit."""
        return write_with_unit(self.language, value, unit)

    def interval(self, entry: Mapping[str, Any], unit: str | None = None) -> str:
        """Write the interval of an entry that has `low` and `high`."""
        return write_interval(self.language, entry.get("low"), entry.get("high"), unit)

    def unit(self, unit: str | None) -> str:
        """Write a unit in words."""
        return write_unit(self.language, unit)

    def title(self, label: str | None) -> str:
        """Return a label of the plan in this language, with a capital."""
        words = self.label(label)
        return words[:1].upper() + words[1:]

    # --- Links, where the page has somewhere to lead to ---

    def evidence_href(self, key: str) -> str:  # noqa: ARG002 (a plan's page has the rows)
        """Return the address of an evidence row; empty if the page does not show it."""
        return ""

    def source(self, source: str | None) -> Markup:
        """Write a source."""
        return escape(source or "")

    # --- Parts that repeat ---

    def picture(self, svg: str, caption: str, note: str = "") -> Markup:
        """Frame a picture with its number and caption."""
        self.n_pictures += 1
        head = self.text("Figure {number}", number=self.n_pictures)
        below = fill('<span class="note">{}</span>', note) if note else Markup()
        return fill(
            "<figure><figcaption><b>{}</b> {} {}</figcaption>"
            '<div class="wide" tabindex="0">{}</div></figure>',
            head,
            caption,
            below,
            Markup(svg),  # noqa: S704 (the canvas escapes its texts)
        )

    def paragraph(self, words: str | Markup, kind: str = "") -> Markup:
        """Write a paragraph."""
        return fill('<p class="{}">{}</p>', kind, words) if kind else fill("<p>{}</p>", words)

    def heading(self, words: str) -> Markup:
        """Write a heading below the section's."""
        return fill("<h3>{}</h3>", words)


def to_anchor(kind: str, key: str) -> str:
    """Return the name of a place in the page."""
    return f"{kind}-{_UNSAFE.sub('-', key)}"
