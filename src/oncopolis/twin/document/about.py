"""`About`: what a document says of a run beyond its numbers: names, targets, findings, details."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

import numpy as np
from numpy.typing import NDArray

from oncopolis.centre.definition import Centre
from oncopolis.centre.equipped import Equipped
from oncopolis.centre.intake import Intake
from oncopolis.foundation import Finding
from oncopolis.twin.beginning import Beginning


@dataclass(frozen=True)
class Day:
    """People on campus through one day."""

    date: date
    departments: tuple[str, ...]
    present: NDArray[np.float64]
    """Mean people in each department, those who wait among them, by quarter of an hour from midnight;
    shape (departments, 96)."""
    waiting: NDArray[np.float64]
    """Those of `present` who wait; shape (departments, 96)."""


@dataclass(frozen=True)
class Station:
    """An activity of a pathway as those who walked it met it."""

    activity: str
    people: int
    """Who had it at least once."""
    n: int
    """How often it was done."""


@dataclass(frozen=True)
class Edge:
    """How often one activity of a pathway was followed by another, for the same patient."""

    before: str
    """Activity; empty for whoever had had none of them before in this run."""
    after: str
    """Activity; empty for whoever had none of them any more in this run."""
    n: int
    median_min: float
    """Median time from the end of the one to the begin of the other, minutes; 0 if one is empty."""


@dataclass(frozen=True)
class Process:
    """What followed what on one pathway, by its activities that most people had."""

    pathway: str
    people: int
    """Who had anything done on it."""
    stations: tuple[Station, ...]
    edges: tuple[Edge, ...]
    """The stations alone: what was done between two of them is passed over."""


@dataclass(frozen=True)
class About:
    """Everything a document needs that no result holds."""

    equipped: Equipped
    intake: Intake | None = None
    findings: tuple[Finding, ...] = ()
    """What was found before the run."""
    settings: Mapping[str, str] = field(default_factory=dict)
    """``KEY=VALUE`` of the command line, for the record."""
    aim: str = ""
    """What the run is made for, in a sentence; the general purpose if left out."""
    day: Day | None = None
    beginning: Beginning | None = None
    """Who was there on the first day, if that was read from a record."""
    processes: tuple[Process, ...] = ()
    """Pathways on which most was done, the busiest first; none without an event log."""

    @property
    def centre(self) -> Centre:
        """The definition."""
        return self.equipped.project.centre
