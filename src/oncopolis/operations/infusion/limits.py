"""What the laboratory has to say before anything is prepared: limits that come with the order, and values."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, TypeAlias

from oncopolis.foundation.units import MS_PER_HOUR

Fault: TypeAlias = Literal["missing", "old", "unit", "low", "high"]
"""No value; none new enough; in another unit; below, above the limit."""


@dataclass(frozen=True, slots=True)
class Limit:
    """One limit, as whoever ordered the treatment has set it.

    Parameters
    ----------
    code
        LOINC code of the value.
    low, high
        Decimal numbers as texts; empty where there is none.
    within_h
        Hours for which a value is good.
    """

    code: str
    label: str
    unit: str
    within_h: int
    low: str = ""
    high: str = ""


@dataclass(frozen=True, slots=True)
class Value:
    """One value of the laboratory; ``at_ms`` is when the blood was drawn, milliseconds since 1970 (UTC)."""

    code: str
    value: str
    unit: str
    at_ms: int
    observation: str = ""


@dataclass(frozen=True, slots=True)
class Gate:
    """A limit with the value it is compared with, and what is wrong; None for a value within."""

    limit: Limit
    value: Value | None
    fault: Fault | None


def judge_limits(limits: Iterable[Limit], values: Iterable[Value], at_ms: int) -> tuple[Gate, ...]:
    """Return every limit with the newest value of it, as they are at a moment."""
    newest: dict[str, Value] = {}
    for value in sorted(values, key=lambda one: one.at_ms):
        newest[value.code] = value
    return tuple(Gate(one, newest.get(one.code), _judge(one, newest.get(one.code), at_ms)) for one in limits)


def _judge(limit: Limit, value: Value | None, at_ms: int) -> Fault | None:
    if value is None:
        return "missing"
    if at_ms - value.at_ms > limit.within_h * MS_PER_HOUR:
        return "old"
    if value.unit != limit.unit:
        return "unit"
    number = Decimal(value.value)
    if limit.low and number < Decimal(limit.low):
        return "low"
    if limit.high and number > Decimal(limit.high):
        return "high"
    return None
