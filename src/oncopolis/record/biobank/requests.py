"""Rows of who asks for specimens and what they get. Times are milliseconds since 1970 (UTC)."""

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class Request:
    """Somebody asks for specimens.

    Parameters
    ----------
    scopes
        Bits of consent that its use needs.
    criteria
        JSON of `oncopolis.biobank.requests.Criteria`.
    state
        ``asked``, ``approved``, ``refused``, ``selected``, ``signed`` (by one), ``issued`` or ``closed``.
    mta
        The material transfer agreement.
    asked_by
        The account that asked; empty for requests from before this was kept.
    """

    TABLE: ClassVar[str] = "bank_request"
    KEY: ClassVar[tuple[str, ...]] = ("id",)

    id: int
    title: str
    applicant: str
    organisation: str
    scopes: int
    criteria: str
    n_wanted: int
    state: str
    made_ms: int
    decision: str = ""
    decided_by: str = ""
    mta: str = ""
    publication: str = ""
    first_by: str = ""
    asked_by: str = ""


@dataclass(frozen=True, slots=True)
class Pick:
    """A specimen on the pick list of a request.

    Parameters
    ----------
    n
        Its turn on the walk, from 1.
    state
        ``listed``, ``picked``, ``issued``, ``returned`` or ``dropped``.
    """

    TABLE: ClassVar[str] = "bank_pick"
    KEY: ClassVar[tuple[str, ...]] = ("request", "specimen")

    request: int
    specimen: int
    n: int
    state: str
    shipment: int | None = None
    issued_ms: int | None = None


@dataclass(frozen=True, slots=True)
class Shipment:
    """Specimens on the road.

    Parameters
    ----------
    state
        ``sent``, ``received`` or ``returned``.
    lowest_c, highest_c
        What was agreed, degrees Celsius.
    logger
        SHA-256 of the temperature logger's file; ``verdict`` says what it shows.
    country, permit
        Where it goes if that is abroad, and the number of the `Permit` it leaves by.
    """

    TABLE: ClassVar[str] = "bank_shipment"
    KEY: ClassVar[tuple[str, ...]] = ("id",)

    id: int
    request: int
    courier: str
    mta: str
    recipient: str
    state: str
    lowest_c: float
    highest_c: float
    sent_ms: int
    logger: str = ""
    verdict: str = ""
    received_ms: int | None = None
    country: str = ""
    permit: int | None = None


@dataclass(frozen=True, slots=True)
class Permit:
    """An authority lets specimens leave the country.

    Parameters
    ----------
    number
        As the authority gave it.
    country
        Where to: ISO 3166-1, two letters.
    n_most, n_used
        How many specimens it is for, and how many have left by it.
    state
        ``valid`` or ``ended`` before its time.
    """

    TABLE: ClassVar[str] = "bank_permit"
    KEY: ClassVar[tuple[str, ...]] = ("id",)

    id: int
    number: str
    authority: str
    country: str
    from_ms: int
    until_ms: int
    n_most: int
    n_used: int = 0
    state: str = "valid"


@dataclass(frozen=True, slots=True)
class Payment:
    """Something was paid for a request."""

    TABLE: ClassVar[str] = "bank_payment"
    KEY: ClassVar[tuple[str, ...]] = ("id",)

    id: int
    request: int
    amount: float
    currency: str
    reference: str
    at_ms: int
