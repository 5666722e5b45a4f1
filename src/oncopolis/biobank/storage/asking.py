"""What is said about places."""

from typing import Annotated, Literal, TypeAlias

from pydantic import Field

from oncopolis.foundation import Frozen
from oncopolis.record.biobank.places import Inventory

_LABEL, _LINE, _TEXT = 64, 300, 2_000  # structure: characters of a label, a line and a text
_BATCH = 1_000  # structure: labels that are scanned for one act
_LAST_MS = 253_370_764_800_000  # structure: the year 9999, the last that calendars have
_COLDEST_C, _WARMEST_C = -273.15, 60  # structure: what storage can be kept at, degrees Celsius

Name: TypeAlias = Annotated[str, Field(min_length=1, max_length=_LABEL, pattern=r"^[^\s].*[^\s]$|^[^\s]$")]
"""What stands on a label: of a specimen, a box, a tank."""
Names: TypeAlias = Annotated[tuple[Name, ...], Field(min_length=1, max_length=_BATCH)]
"""Labels that were scanned one after the other."""
Line: TypeAlias = Annotated[str, Field(min_length=1, max_length=_LINE)]
Words: TypeAlias = Annotated[str, Field(max_length=_TEXT)]
Reason: TypeAlias = Annotated[str, Field(min_length=1, max_length=_TEXT)]
Degrees: TypeAlias = Annotated[float, Field(ge=_COLDEST_C, le=_WARMEST_C, allow_inf_nan=False)]
"""Degrees Celsius."""
Ms: TypeAlias = Annotated[int, Field(ge=0, le=_LAST_MS)]
"""Milliseconds since 1970 (UTC)."""
Side: TypeAlias = Annotated[int, Field(ge=1, le=_BATCH)]


class AddContainer(Frozen):
    """Something new that holds specimens or containers."""

    name: Name
    kind: Name
    parent: Name | None = None
    """What it is put in; a site is in nothing."""
    slot: str | None = None
    """Where in it; the first free place if left out."""
    layout: Literal["grid", "list"] = "list"
    n_rows: Side = 1
    n_columns: Side
    holds: Literal["containers", "specimens"]
    inventory: Inventory = "research"
    temperature_c: Degrees | None = None
    is_reserve: bool = False
    x_m: float | None = None
    y_m: float | None = None


class MoveContainer(Frozen):
    """A box, a rack or a whole tank that goes elsewhere with what is in it."""

    name: Name
    parent: Name
    slot: str | None = None
    """The first free place if left out."""


class CloseContainer(Frozen):
    """Nothing new may be put in, or may again."""

    name: Name
    is_closed: bool
    reason: Words = ""


class HoldPlace(Frozen):
    """Positions that are kept free for something, cannot be used, or can again."""

    box: Name
    """A box, or a rack or whatever has boxes in it, of which all is meant."""
    positions: Annotated[tuple[str, ...], Field(max_length=_BATCH)] = ()
    """Of a box; all that are empty if left out."""
    kind: Literal["reserved", "blocked", "free"]
    reason: Words = ""
    until_ms: Ms | None = None
    """Up to when, milliseconds since 1970 (UTC); until it is freed if left out."""


class Place(Frozen):
    """A specimen is put in a position."""

    barcode: Name
    box: Name
    position: str


class Take(Frozen):
    """Specimens are taken out; whoever does it has them in hand."""

    barcodes: Names
    reason: Words = ""


class Hand(Frozen):
    """Specimens go from one person's hands into another's."""

    barcodes: Names
    to: Name
    """Who has them now."""


class BeginEvacuation(Frozen):
    """A tank has to be emptied; the places for all its contents are promised to them."""

    tank: Name


class CarryStep(Frozen):
    """A step of an evacuation was carried out."""

    tank: Name
    n: Annotated[int, Field(ge=1)]


class CancelEvacuation(Frozen):
    """What was not carried yet stays; the places promised to it are free again."""

    tank: Name
