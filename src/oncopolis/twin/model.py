"""`Model`: a centre compiled for the kernels, with the names of everything that is counted."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from oncopolis.centre.equipped import Equipped
from oncopolis.centre.intake import Intake
from oncopolis.foundation import Finding
from oncopolis.twin.beginning import Beginning
from oncopolis.twin.kernels.tables import Tables
from oncopolis.twin.names import Names


@dataclass(frozen=True)
class Model:
    """Everything a run reads; made by `compile_model`."""

    equipped: Equipped
    intake: Intake
    start: date
    """First day of the run."""
    days: int
    """Days that can be run."""
    history_days: int
    """Days before it in which people come without waiting, so that the run does not start empty."""
    tables: Tables
    names: Names
    resources: tuple[str, ...]
    sources: tuple[str, ...]
    targets: Mapping[str, int]
    """Target -> row of the spread that holds its limit."""
    blocked_ways: tuple[str, ...]
    """Moves in which a place is given up while waiting for the next, so that no circle can form."""
    findings: tuple[Finding, ...]
    digest: str
    """Digest of all tables, hexadecimal."""
    beginning: Beginning | None = None
    """Who is there on the first day, if that was given."""
