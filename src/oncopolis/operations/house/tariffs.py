"""What activities cost, and who pays: the data of a project in ``charges.yaml``.

Amounts are decimals, never binary fractions. A line is rounded once, half up, to the digits of the currency.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Annotated, Any, Final, Literal, TypeAlias

import yaml
from pydantic import Field, ValidationError

from oncopolis.centre.number import Identifier
from oncopolis.foundation import Collector, Frozen, InputError

FILE: Final = "charges.yaml"
Unit: TypeAlias = Literal["contact", "day"]
_MOST_DIGITS: Final = 4  # structure: minor units of a currency (ISO 4217)
_LONGEST: Final = 100  # structure: characters of a code or name
_ALL: Final = Decimal(1)


class Tariff(Frozen):
    """The price of an activity for one payer, for a time."""

    code: Annotated[str, Field(min_length=1, max_length=_LONGEST)]
    """Code of the payer's list."""
    activity: Identifier
    """Activity of the definition."""
    payer: Identifier
    """Who pays."""
    price: Annotated[Decimal, Field(ge=0, allow_inf_nan=False)]
    """For one contact, or one day of a stay; written in quotes."""
    per: Unit = "contact"
    """What it is the price of."""
    patient_share: Annotated[Decimal, Field(ge=0, le=1)] = Decimal(0)
    """Part of it that the patient pays, from 0 to 1."""
    valid_from: date
    """First day."""
    valid_to: date | None = None
    """Last day; open if left out."""

    def holds_on(self, day: date) -> bool:
        """Whether it holds on a day."""
        return self.valid_from <= day <= (self.valid_to or date.max)


class _Table(Frozen):
    """The file."""

    currency: Annotated[str, Field(pattern="^[A-Z]{3}$")]
    digits: Annotated[int, Field(ge=0, le=_MOST_DIGITS)]
    payers: Annotated[dict[Identifier, Annotated[str, Field(max_length=_LONGEST)]], Field(min_length=1)]
    default_payer: Identifier
    free: tuple[Identifier, ...] = ()
    tariffs: tuple[Tariff, ...] = ()


@dataclass(frozen=True, slots=True)
class Amounts:
    """A line in money: all of it, and what of it the patient pays."""

    net: Decimal
    patient: Decimal

    @property
    def payer(self) -> Decimal:
        """What the payer pays."""
        return self.net - self.patient


@dataclass(frozen=True, slots=True)
class Tariffs:
    """All tariffs of a centre; without a file nothing is charged.

    Parameters
    ----------
    digits
        Places after the point to which lines are rounded.
    payers
        Payer -> what it is called.
    free
        Activities that nobody pays for.
    """

    currency: str = ""
    digits: int = 0
    payers: Mapping[str, str] = field(default_factory=dict)
    default_payer: str = ""
    free: frozenset[str] = frozenset()
    of_activity: Mapping[tuple[str, str], tuple[Tariff, ...]] = field(default_factory=dict, repr=False)

    @property
    def is_used(self) -> bool:
        """Whether anything is charged."""
        return bool(self.payers)

    def find(self, activity: str, payer: str, day: date) -> Tariff | None:
        """Return the tariff that holds on a day, None if there is none."""
        return next((one for one in self.of_activity.get((activity, payer), ()) if one.holds_on(day)), None)

    def compute(self, price: Decimal, quantity: int, patient_share: Decimal) -> Amounts:
        """Return the amounts of a line, each rounded half up; what the two pay is always the whole."""
        net = self.round(price * quantity)
        return Amounts(net, self.round(net * patient_share))

    def round(self, amount: Decimal) -> Decimal:
        """Round half up to the digits of the currency."""
        return amount.quantize(_ALL.scaleb(-self.digits), ROUND_HALF_UP)


def read_tariffs(project: Path, activities: Collection[str]) -> Tariffs:
    """Read ``charges.yaml`` of a project; nothing is charged without one.

    Raises
    ------
    InputError, InputErrors
        OPS-459, naming every value that cannot be, and every two tariffs that hold on the same day.
    """
    path = project / FILE
    if not path.exists():
        return Tariffs()
    try:
        table = _Table.model_validate(yaml.safe_load(path.read_text("utf-8")))
    except (yaml.YAMLError, UnicodeDecodeError, ValidationError, TypeError) as error:
        raise _refuse(
            f"{path}", _shorten(error), "currency, digits, payers, default_payer, tariffs"
        ) from None
    faults = Collector()
    for where, got, expected in _list_faults(table, activities):
        faults.add(_refuse(f"{path}, {where}", got, expected))
    faults.raise_if_any()
    found: dict[tuple[str, str], tuple[Tariff, ...]] = {}
    for one in table.tariffs:
        found[one.activity, one.payer] = (*found.get((one.activity, one.payer), ()), one)
    return Tariffs(
        table.currency, table.digits, dict(table.payers), table.default_payer, frozenset(table.free), found
    )


def _list_faults(table: _Table, activities: Collection[str]) -> Iterator[tuple[str, str, str]]:
    if table.default_payer not in table.payers:
        yield "default_payer", table.default_payer, f"one of {', '.join(table.payers)}"
    for activity in table.free:
        if activity not in activities:
            yield "free", activity, "an activity of the definition"
    for place, one in enumerate(table.tariffs):
        where = f"tariffs[{place}]"
        if one.activity not in activities:
            yield where, one.activity, "an activity of the definition"
        if one.payer not in table.payers:
            yield where, one.payer, f"one of {', '.join(table.payers)}"
        if one.valid_to is not None and one.valid_to < one.valid_from:
            yield where, f"valid_to {one.valid_to}", f"{one.valid_from} or later"
        for other in table.tariffs[:place]:
            if (other.activity, other.payer) == (one.activity, one.payer) and _overlap(one, other):
                yield where, f"{one.code}, which overlaps with {other.code}", "one price a day for each payer"


def _overlap(one: Tariff, other: Tariff) -> bool:
    return one.valid_from <= (other.valid_to or date.max) and other.valid_from <= (one.valid_to or date.max)


def _shorten(error: Any) -> str:
    if isinstance(error, ValidationError):
        first = error.errors()[0]
        return f"{'.'.join(map(str, first['loc']))}: {first['msg']}"
    return str(error)[:200]


def _refuse(where: str, got: str, expected: str) -> InputError:
    return InputError(code="OPS-459", where=where, got=got, expected=expected, fix="correct the file")
