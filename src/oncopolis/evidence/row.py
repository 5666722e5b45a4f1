"""`Row`: one coefficient with its range, unit, denominator, source and spread."""

from collections.abc import Collection
from difflib import get_close_matches
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, field_validator, model_validator

from oncopolis.evidence.distribution import Distribution
from oncopolis.foundation.frozen import Frozen
from oncopolis.foundation.units import PER, UNITS

Status = Literal["published", "derived", "expert", "assumption"]

NEEDS_PER = frozenset({"share", "count"})
"""Units that mean nothing without their denominator."""


def _near(word: str, known: Collection[str]) -> str:
    near = get_close_matches(word, known, n=2)
    return f", such as {' or '.join(map(repr, near))}" if near else ""


def _check_unit(unit: str) -> str:
    if unit not in UNITS:
        raise ValueError(f"a unit of the closed list in docs/reference/units.md{_near(unit, UNITS)}")
    return unit


class Row(Frozen):
    """One coefficient.

    A row without `low` and `high` is exact: a definition, a count of something that exists, a price
    that was paid. `low` to `high` is the range in which the mean is believed to lie.
    """

    label: Annotated[str, Field(min_length=1)]
    """What the number is, in words a planner uses."""
    value: float
    """Central value, in `unit`."""
    low: float | None = None
    """Lower end of the believed range."""
    high: float | None = None
    """Upper end of the believed range."""
    unit: Annotated[str, AfterValidator(_check_unit)]
    """Unit out of the closed list."""
    per: str | None = None
    """Denominator out of the closed list: per case, per bed …"""
    distribution: Distribution | None = None
    """Spread from case to case, for the twin; `value` is its mean."""
    year: int | None = None
    """Year the figure describes (for money: the price year)."""
    population: str | None = None
    """Whom it was observed on."""
    source: str
    """Bibliography id."""
    locator: str | None = None
    """Page, table or section within the source."""
    status: Status
    """`published` as printed there, `derived` by arithmetic, `expert` opinion, `assumption` of ours."""
    opened: bool
    """Whether somebody opened the source and saw the number."""
    signed_by: tuple[str, ...] = ()
    """Who accepted the value for this project."""
    note: str | None = None
    """Derivation, reason of an assumption, caveat."""

    @field_validator("per")
    @classmethod
    def _per_is_known(cls, per: str | None) -> str | None:
        if per is not None and per not in PER:
            raise ValueError(f"a denominator of the closed list in docs/reference/units.md{_near(per, PER)}")
        return per

    @model_validator(mode="after")
    def _is_consistent(self) -> "Row":
        if (self.low is None) != (self.high is None):
            raise ValueError("`low` and `high` together, or neither")
        if self.low is not None and self.high is not None and not self.low <= self.value <= self.high:
            raise ValueError(
                f"low <= value <= high, which {self.low:g}, {self.value:g}, {self.high:g} are not"
            )
        if self.unit == "share" and not (self.lowest >= 0 and self.highest <= 1):
            raise ValueError(f"a share from 0 to 1, which {self._written} is not")
        if self.unit in NEEDS_PER and self.per is None:
            raise ValueError(f"the denominator of a {self.unit} in `per`")
        if self.status in ("assumption", "derived") and not self.note:
            raise ValueError(f"a `note` that gives the reason, as the status is {self.status!r}")
        if self.distribution and (expected := self.distribution.find_misfit(self.value)):
            raise ValueError(expected)
        return self

    @property
    def _written(self) -> str:
        return f"{self.lowest:g} to {self.highest:g}" if self.is_ranged else f"{self.value:g}"

    @property
    def lowest(self) -> float:
        """Lower end of the range, or the value of an exact row."""
        return self.value if self.low is None else self.low

    @property
    def highest(self) -> float:
        """Upper end of the range, or the value of an exact row."""
        return self.value if self.high is None else self.high

    @property
    def is_ranged(self) -> bool:
        """Whether the row is uncertain at all."""
        return self.lowest < self.highest

    @property
    def is_verified(self) -> bool:
        """Whether its source was opened, or it is signed for by somebody."""
        return self.opened or bool(self.signed_by)
