"""Amounts in whole micrograms, nanolitres or pieces, so that what is divided adds up."""

from decimal import Decimal
from typing import Literal, TypeAlias

from oncopolis.foundation import InputError
from oncopolis.record.biobank.specimens import Specimen, Unit

Said: TypeAlias = Literal["ug", "mg", "g", "nl", "ul", "ml", "pcs"]
"""Units that people say amounts in."""
_UNITS: dict[str, tuple[Unit, int]] = {
    "ug": ("ug", 1), "mg": ("ug", 1_000), "g": ("ug", 1_000_000),  # structure: micrograms of each
    "nl": ("nl", 1), "ul": ("nl", 1_000), "ml": ("nl", 1_000_000),  # structure: nanolitres of each
    "pcs": ("pcs", 1),
}  # fmt: skip
_SHOWN: dict[Unit, tuple[str, int]] = {
    "ug": ("mg", 1_000),
    "nl": ("ul", 1_000),
    "pcs": ("pcs", 1),
}  # structure: as above


def read_amount(amount: Decimal, unit: str, where: str) -> tuple[int, Unit]:
    """An amount in the smallest unit of its kind; `InputError` BIO-030 for a part of that, or nothing."""
    base, factor = _UNITS[unit]
    whole = amount * factor
    if whole <= 0 or whole != int(whole):
        raise InputError(
            code="BIO-030", where=where, got=f"{amount} {unit}",
            expected=f"a whole number of {base}, more than 0",
            fix="correct the amount or its unit",
        )  # fmt: skip
    return int(whole), base


def show_amount(amount: int, unit: Unit) -> str:
    """An amount as people say it: 12.5 mg."""
    name, factor = _SHOWN[unit]
    return f"{(Decimal(amount) / factor).normalize():f} {name}"


def check_left(specimen: Specimen, drawn: int, unit: Unit) -> None:
    """Refuse to draw more than is left; `InputError` BIO-031."""
    if unit != specimen.unit or drawn > specimen.remaining:
        raise InputError(
            code="BIO-031", where=f"specimen {specimen.barcode}",
            got=f"{show_amount(drawn, unit)} to be drawn",
            expected=f"at most the {show_amount(specimen.remaining, specimen.unit)} that are left",
            fix="draw less, or correct what was recorded before",
        )  # fmt: skip
