"""What is said about requests and shipments."""

from typing import Annotated, Literal

from pydantic import Field

from oncopolis.biobank.consents.asking import Scopes
from oncopolis.biobank.storage.asking import Degrees, Line, Ms, Name, Names, Reason, Words
from oncopolis.foundation import Frozen
from oncopolis.record.biobank.criteria import Criteria

Number = Annotated[int, Field(ge=1)]
_MOST = 100_000  # structure: specimens of a request
_FILE = 5_000_000  # structure: characters of a logger's file
_MOST_MONEY = 10**12  # structure: a bound, in any currency
Country = Annotated[str, Field(pattern=r"^([A-Z]{2})?$")]


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
    country: Country = ""
    """Where to if it leaves the country: ISO 3166-1, two letters. It needs a permit then."""
    permit: str = ""
    """Number of the permit it leaves by."""


class AddPermit(Frozen):
    """An authority lets specimens leave the country."""

    number: Line
    authority: Line
    country: Annotated[str, Field(pattern=r"^[A-Z]{2}$")]
    """Where to: ISO 3166-1, two letters."""
    from_ms: Ms
    until_ms: Ms
    """Up to when specimens may leave, milliseconds since 1970 (UTC)."""
    n_most: Annotated[int, Field(ge=1, le=_MOST)]
    """How many specimens it is for."""


class EndPermit(Frozen):
    """A permit was taken back before its time."""

    number: Line
    reason: Reason


class Pay(Frozen):
    """Something was paid for a request."""

    request: Number
    amount: Annotated[float, Field(gt=0, le=_MOST_MONEY, allow_inf_nan=False)]
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
    """ISO 4217, three letters."""
    reference: Line
    """Of the invoice or the payment."""


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
