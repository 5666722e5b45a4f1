"""What stands on a label: a code that scanners read, and words for people; nothing names a donor."""

from dataclasses import dataclass
from datetime import UTC, datetime

from oncopolis.biobank.specimens.amounts import show_amount
from oncopolis.foundation import InputError
from oncopolis.record.biobank.specimens import Specimen

_MS = 1000  # structure: milliseconds in a second


@dataclass(frozen=True, slots=True)
class Size:
    """A label stock, millimetres; ``is_matrix``: a square code (QR, Data Matrix), else Code 128."""

    width_mm: float
    height_mm: float
    is_matrix: bool


SIZES = {
    "vial": Size(33, 13, is_matrix=True),  # structure: stock around a vial of 2 ml
    "tube": Size(38, 19, is_matrix=True),  # structure: stock around a tube of 5 ml
    "straw": Size(22, 8, is_matrix=True),  # structure: flag on a straw
    "box": Size(57, 19, is_matrix=False),  # structure: front of a box
}
"""Stocks that are common; the sizes are recalled, measure yours."""


@dataclass(frozen=True, slots=True)
class Label:
    """One label; the code is printed in words too."""

    code: str
    words: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not (self.code.isascii() and self.code.isprintable()):
            raise InputError(
                code="BIO-100", where=f"label {self.code}", got="letters that not every scanner can send",
                expected="letters A to Z, digits and signs of ASCII", fix="give it a label of such letters",
            )  # fmt: skip


def make_label(specimen: Specimen) -> Label:
    """The label of a specimen: type, organ, day of collection and amount."""
    day = datetime.fromtimestamp(specimen.collected_ms / _MS, UTC).date().isoformat()
    what = " ".join(one for one in (specimen.kind, specimen.site) if one)
    return Label(specimen.barcode, (f"{what} {day}", show_amount(specimen.amount, specimen.unit)))
