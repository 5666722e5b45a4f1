"""`Page`: what every section of a plan needs to write numbers, links and marks."""

import re
from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from typing import Any

from markupsafe import Markup, escape

from oncopolis.report.canonical import Plan
from oncopolis.report.language import Language
from oncopolis.report.markup import fill
from oncopolis.report.sheet import Sheet, to_anchor

HOLLOW = "\N{WHITE CIRCLE}"
"""The mark of a number that rests on something nobody has opened or signed."""


class Page(Sheet):
    """A plan, a language, and the figures that the page has referred to so far.

    Parameters
    ----------
    plan
        Plan document, rounded.
    language
        Language of the page.
    """

    def __init__(self, plan: Plan, language: Language) -> None:
        super().__init__(language)
        self.plan = plan
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

    # --- Names ---

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
