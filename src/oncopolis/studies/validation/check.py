"""`Check`: a published figure beside ours, and `Published`: what was published, out of the evidence."""

from collections.abc import Sequence
from dataclasses import dataclass

from oncopolis.evidence import Evidence, Row, list_sources

EXACT = "validation.tolerance.exact"
"""Tolerance of figures that are printed exactly."""


@dataclass(frozen=True)
class Check:
    """One published figure and ours.

    A check is inside, outside, or was not computed; `why` says the reason of the latter two.
    """

    id: str
    label: str
    unit: str
    published: float
    low: float
    """Lower end of what counts as inside, in `unit`."""
    high: float
    """Upper end of what counts as inside, in `unit`."""
    source: str
    """Work and place in it."""
    source_id: str
    """Bibliography id of the work."""
    ours: float | None = None
    cause: tuple[str, ...] = ()
    """Evidence rows behind our figure."""
    why: str = ""

    @property
    def inside(self) -> bool | None:
        """Whether ours lies within the tolerance; None where it was not computed."""
        return None if self.ours is None else self.low <= self.ours <= self.high


class Published:
    """Published figures and tolerances, asked by their evidence key.

    Parameters
    ----------
    evidence
        Rows in force.
    """

    def __init__(self, evidence: Evidence) -> None:
        self.evidence = evidence

    def get(self, key: str) -> float:
        """Return the value of a row in its own unit."""
        return self.evidence.get_row(key, "validate").value

    def compare(
        self,
        check: str,
        key: str,
        ours: float,
        *,
        tolerance: str = "",
        label: str = "",
        cause: Sequence[str] = (),
        why: str = "",
    ) -> Check:
        """Put our figure beside a published one.

        Parameters
        ----------
        check
            Name of the check.
        key
            Evidence key of the published figure.
        ours
            Our figure, in the row's unit.
        tolerance
            Evidence key of a relative tolerance. Left out: the row's published range, or, for a row
            without one, what rounding in print allows.
        label
            What is compared, where the row's label does not say it.
        cause, why
            Rows that make our figure, and the reason of a miss in words; kept for a miss only.
        """
        row = self.evidence.get_row(key, "validate")
        low, high = self._find_band(row, tolerance)
        missed = not low <= ours <= high
        return Check(
            id=check,
            label=label or row.label,
            unit=row.unit,
            published=row.value,
            low=low,
            high=high,
            source=cite(row),
            source_id=row.source,
            ours=ours,
            cause=tuple(dict.fromkeys(cause)) if missed else (),
            why=why if missed else "",
        )

    def skip(self, check: str, key: str, why: str, *, tolerance: str = "", label: str = "") -> Check:
        """Return a check that cannot be computed, with the reason."""
        row = self.evidence.get_row(key, "validate")
        low, high = self._find_band(row, tolerance)
        return Check(
            check, label or row.label, row.unit, row.value, low, high, cite(row), row.source, why=why
        )

    def _find_band(self, row: Row, tolerance: str) -> tuple[float, float]:
        if row.is_ranged and not tolerance:
            return row.lowest, row.highest
        part = self.get(tolerance or EXACT)
        return row.value * (1 - part), row.value * (1 + part)


def cite(row: Row) -> str:
    """Write where a published figure stands."""
    source = list_sources().get(row.source)
    work = source.citation if source else "arithmetic on published figures"
    return f"{work}; {row.locator}" if row.locator else work
