"""`TwinPage`: what every section of a run's page needs."""

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from oncopolis.foundation.units import HOURS_PER_DAY, MINUTES_PER_DAY, MINUTES_PER_HOUR
from oncopolis.report.canonical import Plan
from oncopolis.report.language import Language
from oncopolis.report.sheet import Sheet

Estimate = Mapping[str, float | None]
Document = Plan

HOURS_FROM_MIN = 2 * MINUTES_PER_HOUR
DAYS_FROM_MIN = 2 * MINUTES_PER_DAY


class TwinPage(Sheet):
    """A run and a language.

    Parameters
    ----------
    document
        Document of the run, rounded.
    language
        Language of the page.
    """

    def __init__(self, document: Document, language: Language) -> None:
        super().__init__(language)
        self.document = document

    @cached_property
    def resources(self) -> dict[str, dict[str, Any]]:
        """Resources by id."""
        return {line["id"]: line for line in self.document["resources"]}

    @cached_property
    def departments(self) -> dict[str, str]:
        """Names of departments by id, in this language."""
        return {line["id"]: self.title(line["label"]) for line in self.document["campus"]["departments"]}

    @cached_property
    def pathways(self) -> dict[str, str]:
        """Names of pathways by id, in this language."""
        return {line["id"]: self.title(line["label"]) for line in self.document["waits"]["pathways"]}

    @property
    def has_intervals(self) -> bool:
        """Whether there are several replications."""
        return self.document["run"]["level"] is not None

    def span(self, minutes: float | None) -> str:
        """Write a time in the unit that suits it: minutes, hours or days."""
        if minutes is None:
            return "–"
        if minutes < HOURS_FROM_MIN:
            return self.amount(minutes, "min")
        if minutes < DAYS_FROM_MIN:
            return self.amount(minutes / MINUTES_PER_HOUR, "hour")
        return self.amount(minutes / MINUTES_PER_HOUR / HOURS_PER_DAY, "day")

    def estimate(self, found: Estimate, unit: str | None = None) -> str:
        """Write a mean, with its interval where there is one."""
        value = self.amount(found["value"], unit) if unit == "share" else self.number(found["value"])
        interval = self.interval(found, unit)
        return f"{value} ({interval})" if interval and found["low"] != found["high"] else value
