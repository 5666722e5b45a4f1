"""`Page`: what every section needs to write numbers, links and marks."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from markupsafe import Markup, escape

from oncopolis.report.canonical import Plan
from oncopolis.report.language import Language
from oncopolis.report.markup import fill
from oncopolis.report.numerals import write_interval, write_unit, write_value, write_with_unit

N_TICK_DIGITS = 6  # structure: decimals beyond which a tick is noise
LARGE = 100  # structure: size from which decimals tell nothing

HOLLOW = "\N{WHITE CIRCLE}"
"""The mark of a number that rests on something nobody has opened or signed."""

_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")


@dataclass(frozen=True)
class Section:
    """A numbered part of the report."""

    id: str
    title: str
    lead: str
    """The main message, in one or two sentences."""
    blocks: tuple[Markup, ...]


class Page:
    """A plan, a language, and the figures that the page has referred to so far.

    Parameters
    ----------
    plan
        Plan document, rounded.
    language
        Language of the page.
    """

    def __init__(self, plan: Plan, language: Language) -> None:
        self.plan, self.language = plan, language
        self.text, self.label = language.text, language.label
        self.figures: Mapping[str, Mapping[str, Any]] = plan.get("figures") or {}
        self.evidence: Mapping[str, Mapping[str, Any]] = plan.get("evidence_used") or {}
        self.sources: Mapping[str, str] = plan.get("sources") or {}
        self.years: list[int] = plan["years"]
        self.reference = (
            self.years.index(plan["reference_year"]) if plan["reference_year"] in self.years else -1
        )
        self.openings: list[dict[str, Any]] = plan["project"].get("openings") or []
        self.shown: dict[str, None] = {}
        self.cited: dict[str, None] = {}
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

    def at_reference(self, series: Iterable[float] | None) -> float | None:
        """Return the value of a series in the reference year."""
        values = list(series or ())
        return values[self.reference] if values else None

    # --- Links ---

    def href(self, key: str | None) -> str:
        """Return the address of a figure's explanation and have it included; empty if there is none."""
        if key is None or key not in self.figures:
            return ""
        self.shown[key] = None
        return f"#{to_anchor('x', key)}"

    def evidence_href(self, key: str) -> str:
        """Return the address of an evidence row and have it included; empty if it is not in the plan."""
        if key not in self.evidence:
            return ""
        self.cited[key] = None
        return f"#{to_anchor('e', key)}"

    def figure(self, key: str | None, words: str, *, is_marked: bool = True) -> Markup:
        """Write a number that leads to its explanation, with the mark if it is unverified."""
        href = self.href(key)
        if not href or key is None:
            return escape(words)
        mark = self.mark() if is_marked and self.figures[key].get("unverified") else Markup()
        return fill('<a class="x" href="{}">{}</a>{}', href, words, mark)

    @cached_property
    def _mark(self) -> Markup:
        return fill('<abbr class="u" title="{}">{}</abbr>', self.text("unverified"), HOLLOW)

    def mark(self) -> Markup:
        """Return the mark of an unverified number."""
        return self._mark

    def source(self, source: str | None) -> Markup:
        """Write a source, or an evidence key, as a link."""
        if not source:
            return Markup()
        parts = []
        for name in re.split(r"[,;]\s*", source):
            href = f"#{to_anchor('s', name)}" if name in self.sources else self.evidence_href(name)
            parts.append(fill('<a href="{}">{}</a>', href, name) if href else escape(name))
        return Markup(", ").join(parts)

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

    @cached_property
    def events(self) -> dict[int, str]:
        """Years of opening with their names."""
        return {opening["year"]: self.label(opening["label"]) for opening in self.openings}

    @cached_property
    def departments(self) -> dict[str, str]:
        """Names of departments by id, in this language, as far as the plan names them."""
        named = [*self.plan["rooms"]["departments"], *self.plan["workload"]["departments"]]
        return {entry["id"]: self.label(entry["label"]) for entry in named}

    def list_openings(
        self, by_opening: Mapping[str, float] | None, write: Callable[[float], str] | None = None
    ) -> list[str]:
        """Write the numbers of an entry for every opening, in order."""
        write = write or self.number
        return [
            write(by_opening[opening["id"]]) if by_opening and opening["id"] in by_opening else "–"
            for opening in self.openings
        ]


def to_anchor(kind: str, key: str) -> str:
    """Return the name of a place in the page."""
    return f"{kind}-{_UNSAFE.sub('-', key)}"
