"""`Number`: how a definition writes a coefficient: by evidence key, by parameter, or in place."""

from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from oncopolis.evidence import Row
from oncopolis.foundation import Frozen

Identifier = Annotated[str, Field(pattern=r"^[a-z0-9_]+$")]
"""Name of a thing in a definition: lower case, digits, underscore."""


Year = Annotated[int, Field(ge=1900, le=2200)]  # structure: a calendar year, and not a typing error
"""Calendar year."""


class EvidenceRef(Frozen):
    """A coefficient by key. ``{site}``, ``{stage}`` and practice choices in braces are filled in."""

    evidence: str
    """Key, such as ``radiotherapy.fractions.{fractionation}.{site}``."""
    otherwise: str | None = None
    """Key to use where the first one, once filled in, does not exist."""


class ParameterRef(Frozen):
    """A value handed in by whoever uses this activity or block."""

    parameter: Identifier
    """Name of the parameter."""


Number = EvidenceRef | ParameterRef | Row
"""A coefficient: by key, by parameter, or a full evidence row in place (registered under its path)."""


@dataclass(frozen=True, slots=True)
class Measured:
    """What a coefficient in this place must measure; decides the units it may have."""

    kind: str
    above_zero: bool = False
    """Whether something is divided by it."""

    @property
    def units(self) -> tuple[str, ...]:
        """Units that fit."""
        return KINDS[self.kind]

    @property
    def may_be_negative(self) -> bool:
        """Only a change over time (growth, trend, inflation) and a lateness (early) may be below 0."""
        return self.kind in ("rate", "lateness")


KINDS: dict[str, tuple[str, ...]] = {
    "share": ("share",),
    "number": ("count", "ratio", "share"),
    "norm": (
        "count",
        "ratio",
        "share",
        "m2",
        "1/year",
        "case/year",
        "patient/year",
        "course/year",
        "fraction/year",
        "operation/year",
        "visit/year",
    ),
    "time": ("min", "hour", "day", "week", "month", "year"),
    "lateness": ("min", "hour", "day", "week", "month", "year"),
    "years": ("year", "month", "week", "day"),
    "rate": ("1/year",),
    "volume": (
        "1/year",
        "1/day",
        "case/year",
        "patient/year",
        "operation/year",
        "contact/day",
        "patient/day",
    ),
    "cases": ("case/year",),
    "upkeep": ("min/year", "hour/year", "min/month", "min/week", "min/day", "hour/week", "hour/day"),
    "money": ("USD",),
    "salary": ("USD/year", "USD"),
    "area": ("m2",),
    "money_per_area": ("USD/m2",),
    "energy_per_area": ("kWh/m2/year",),
    "energy_price": ("USD/kWh",),
    "power": ("kW",),
    "weight": ("kg", "t"),
    "hours_a_week": ("hour/week",),
    "days_a_year": ("day/year",),
}
"""What a place can ask for -> units that fit it."""

Share = Annotated[Number, Measured("share")]
Count = Annotated[Number, Measured("number")]
Norm = Annotated[Number, Measured("norm")]
Time = Annotated[Number, Measured("time")]
Lateness = Annotated[Number, Measured("lateness")]
Years = Annotated[Number, Measured("years")]
Rate = Annotated[Number, Measured("rate")]
Volume = Annotated[Number, Measured("volume")]
Cases = Annotated[Number, Measured("cases")]
UpkeepTime = Annotated[Number, Measured("upkeep")]
Money = Annotated[Number, Measured("money")]
Salary = Annotated[Number, Measured("salary")]
Area = Annotated[Number, Measured("area")]
MoneyPerArea = Annotated[Number, Measured("money_per_area")]
EnergyPerArea = Annotated[Number, Measured("energy_per_area")]
EnergyPrice = Annotated[Number, Measured("energy_price")]
Power = Annotated[Number, Measured("power")]
Weight = Annotated[Number, Measured("weight")]
WeeklyHours = Annotated[Number, Measured("hours_a_week", above_zero=True)]
YearlyDays = Annotated[Number, Measured("days_a_year")]

PositiveShare = Annotated[Number, Measured("share", above_zero=True)]
PositiveCount = Annotated[Number, Measured("number", above_zero=True)]
PositiveNorm = Annotated[Number, Measured("norm", above_zero=True)]
PositiveTime = Annotated[Number, Measured("time", above_zero=True)]
PositiveYears = Annotated[Number, Measured("years", above_zero=True)]

Amount = Annotated[Annotated[int, Field(ge=0)] | Number, Measured("number")]
"""A structural whole number (two technologists, one room) or a coefficient (a sixth of a nurse)."""

PositiveAmount = Annotated[Annotated[int, Field(ge=1)] | Number, Measured("number", above_zero=True)]
"""The same where none makes no sense (people who come together)."""

Priority = Annotated[int, Field(ge=0, le=9)]  # structure: ten ranks, the lower the sooner
"""Rank in a queue: lower is served first; below the usual 5 is urgent."""

USUAL_PRIORITY = 5  # structure: the middle of the ten ranks
"""Rank of a pathway that states none."""
