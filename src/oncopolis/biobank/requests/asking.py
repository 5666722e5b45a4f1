"""What is said about requests and shipments."""

from typing import Annotated, Literal

from pydantic import Field

from oncopolis.biobank.consents.asking import Scopes
from oncopolis.biobank.storage.asking import Degrees, Line, Name, Names, Reason, Words
from oncopolis.foundation import Frozen
from oncopolis.record.biobank.criteria import Criteria

Number = Annotated[int, Field(ge=1)]
_MOST = 100_000  # structure: specimens of a request
_FILE = 5_000_000  # structure: characters of a logger's file


class AskFor(Frozen):
    """Somebody asks for specimens."""

    title: Line
    applicant: Name
    organisation: Line
    scopes: Scopes
    """What their use needs consent to."""
    criteria: Criteria
    n_wanted: Annotated[int, Field(ge=1, le=_MOST)]


class DecideRequest(Frozen):
    """The access committee decides."""

    request: Number
    verdict: Literal["approved", "refused"]
    reason: Reason
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
    reason: Reason


class SignRelease(Frozen):
    """One of two people signs that what was picked is given out; the second signature gives it out."""

    request: Number


class Ship(Frozen):
    """What was given out leaves with a courier."""

    request: Number
    courier: Line
    recipient: Line
    lowest_c: Degrees
    highest_c: Degrees


class Receive(Frozen):
    """A shipment has arrived, with the file of its temperature logger."""

    shipment: Number
    logger: Annotated[str, Field(max_length=_FILE)]
    """CSV: ``time,celsius`` in each row."""


class Return(Frozen):
    """Something that was given out comes back."""

    request: Number
    barcode: Name


class Publish(Frozen):
    """A publication that came of a request, which is over."""

    request: Number
    publication: Reason


class AskDestruction(Frozen):
    """Specimens are to be destroyed."""

    barcodes: Names
    reason: Reason


class SignDestruction(Frozen):
    """One of two people signs that a specimen is destroyed; the second signature says that it was."""

    task: Number
