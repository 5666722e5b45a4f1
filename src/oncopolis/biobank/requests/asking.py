"""What is said about requests and shipments."""

from typing import Annotated, Literal

from pydantic import Field

from oncopolis.biobank.consents.asking import Scopes
from oncopolis.biobank.storage.asking import Name, Words
from oncopolis.foundation import Frozen
from oncopolis.record.biobank.criteria import Criteria

Number = Annotated[int, Field(ge=1)]
Degrees = Annotated[float, Field(ge=-273.15, le=60, allow_inf_nan=False)]


class AskFor(Frozen):
    """Somebody asks for specimens."""

    title: Annotated[str, Field(min_length=1, max_length=300)]
    applicant: Name
    organisation: Annotated[str, Field(min_length=1, max_length=300)]
    scopes: Scopes
    """What their use needs consent to."""
    criteria: Criteria
    n_wanted: Annotated[int, Field(ge=1, le=100_000)]


class DecideRequest(Frozen):
    """The access committee decides."""

    request: Number
    verdict: Literal["approved", "refused"]
    reason: Annotated[str, Field(min_length=1, max_length=2_000)]
    mta: Words = ""
    """The material transfer agreement; nothing is given out before it is named."""


class SelectFor(Frozen):
    """The pick list of an approved request is made, and what is on it reserved."""

    request: Number


class PickOne(Frozen):
    """Something on a pick list is taken from its position."""

    request: Number
    barcode: Name


class DropOne(Frozen):
    """Something is taken off a pick list."""

    request: Number
    barcode: Name
    reason: Annotated[str, Field(min_length=1, max_length=2_000)]


class SignRelease(Frozen):
    """One of two people signs that what was picked is given out; the second signature gives it out."""

    request: Number


class Ship(Frozen):
    """What was given out leaves with a courier."""

    request: Number
    courier: Annotated[str, Field(min_length=1, max_length=300)]
    recipient: Annotated[str, Field(min_length=1, max_length=300)]
    lowest_c: Degrees
    highest_c: Degrees


class Receive(Frozen):
    """A shipment has arrived, with the file of its temperature logger."""

    shipment: Number
    logger: Annotated[str, Field(max_length=5_000_000)]
    """CSV: ``time,celsius`` in each row."""


class Return(Frozen):
    """Something that was given out comes back."""

    request: Number
    barcode: Name


class Publish(Frozen):
    """A publication that came of a request, which is over."""

    request: Number
    publication: Annotated[str, Field(min_length=1, max_length=2_000)]


class AskDestruction(Frozen):
    """Specimens are to be destroyed."""

    barcodes: Annotated[tuple[Name, ...], Field(min_length=1, max_length=1_000)]
    reason: Annotated[str, Field(min_length=1, max_length=2_000)]


class SignDestruction(Frozen):
    """One of two people signs that a specimen is destroyed; the second signature says that it was."""

    task: Number
