"""Simple data types of HL7 v2 beside those of FHIR: each is read and written by one class."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from oncopolis.interop.hl7.message import Components
from oncopolis.interop.hl7.moments import from_fhir, to_fhir
from oncopolis.interop.hl7.refusing import Refusal, show
from oncopolis.interop.mapping.rows import Repetition
from oncopolis.interop.naming import Naming

_DAY: Final = len("2026-01-01")


def pick(repetition: Repetition, component: int, subcomponent: int = 1) -> str:
    """Return a component's text, '' if there is none."""
    parts = repetition[component - 1] if component <= len(repetition) else ()
    return parts[subcomponent - 1].strip() if subcomponent <= len(parts) else ""


def drop_empty(members: Mapping[str, Any]) -> dict[str, Any]:
    """Return the members that say something."""
    return {name: value for name, value in members.items() if value not in ("", None, [], {})}


@dataclass(frozen=True)
class Text:
    """ST, TX, FT / string."""

    name: str = "ST"

    def read(self, repetition: Repetition, _where: str, _naming: Naming) -> str | None:
        """Return the first component."""
        return pick(repetition, 1) or None

    def write(self, value: str, _naming: Naming) -> Components:
        """Return it as the only component."""
        return [value]


@dataclass(frozen=True)
class Moment:
    """TS / dateTime; only the day of it where FHIR wants a ``date``; an ``instant`` has a time."""

    is_date: bool = False
    name: str = "TS"

    def read(self, repetition: Repetition, where: str, naming: Naming) -> str | None:
        """Return the moment; one without a zone is of the partner's."""
        text = pick(repetition, 1)
        if not text:
            return None
        made = to_fhir(text, naming.zone, where)
        return made[:_DAY] if self.is_date else made

    def write(self, value: str, _naming: Naming) -> Components:
        """Return the moment with its zone."""
        return [from_fhir(value)]


@dataclass(frozen=True)
class Code:
    """ID, IS / code: one table for both directions; what is not in it is refused if there is no ``other``.

    Parameters
    ----------
    codes
        HL7 -> FHIR; the first of several that mean the same is written.
    """

    codes: Mapping[str, str]
    other: str = ""
    name: str = "ID"

    def read(self, repetition: Repetition, where: str, _naming: Naming) -> str | None:
        """Return the code of FHIR."""
        written = pick(repetition, 1).upper()
        if not written:
            return None
        found = self.codes.get(written) or self.other
        if not found:
            raise Refusal(
                code="INT-014", where=where, got=show(written), expected=f"one of {', '.join(self.codes)}",
                condition="103",
            )  # fmt: skip
        return found

    def write(self, value: str, _naming: Naming) -> Components:
        """Return the code of HL7, nothing for one it does not have."""
        return [next((ours for ours, theirs in self.codes.items() if theirs == value), "")]


@dataclass(frozen=True)
class YesNo:
    """ID of table 0136 / boolean."""

    name: str = "ID"

    def read(self, repetition: Repetition, _where: str, _naming: Naming) -> bool | None:
        """Return whether it is Y; None for anything but Y and N."""
        return {"Y": True, "N": False}.get(pick(repetition, 1).upper())

    def write(self, value: bool, _naming: Naming) -> Components:
        """Return Y or N."""
        return ["Y" if value else "N"]


@dataclass(frozen=True)
class Number:
    """NM / decimal, integer or positiveInt."""

    is_whole: bool = False
    name: str = "NM"

    def read(self, repetition: Repetition, where: str, _naming: Naming) -> Decimal | int | None:
        """Return the number with the digits it came with."""
        text = pick(repetition, 1)
        return read_number(text, where, is_whole=self.is_whole) if text else None

    def write(self, value: Decimal | int, _naming: Naming) -> Components:
        """Return its digits."""
        return [str(value)]


def read_number(text: str, where: str, *, is_whole: bool = False) -> Decimal | int:
    """Return a number; `Refusal` if it is none."""
    try:
        number = Decimal(text.removeprefix("+"))
    except InvalidOperation:
        number = Decimal("NaN")
    is_fine = number.is_finite() and len(text) <= _LONGEST_NUMBER and abs(number.adjusted()) < _LONGEST_NUMBER
    if not is_fine or (is_whole and number != int(number)):
        raise Refusal(code="INT-015", where=where, got=show(text), expected="a number")
    return int(number) if is_whole else number


_LONGEST_NUMBER: Final = 40  # structure: digits, well within what the record keeps


@dataclass(frozen=True)
class Wrapped:
    """Another kind within an object, such as the ``reference`` of a participant.

    Parameters
    ----------
    member
        Where in the object the value stands.
    around
        Other members of the object.
    """

    kind: Any
    member: str
    around: Mapping[str, Any] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """Data type of HL7."""
        return str(self.kind.name)

    def read(self, repetition: Repetition, where: str, naming: Naming) -> dict[str, Any] | None:
        """Return the object."""
        value = self.kind.read(repetition, where, naming)
        return None if value is None else {**self.around, self.member: value}

    def write(self, value: Mapping[str, Any], naming: Naming) -> Components:
        """Return what stands within."""
        inner = value.get(self.member)
        return self.kind.write(inner, naming) if inner is not None else [""]
