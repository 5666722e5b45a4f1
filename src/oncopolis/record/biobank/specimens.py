"""Rows of donors and what they gave. Times are milliseconds since 1970 (UTC).

A *tissue* is one piece of one organ, or one draw of blood, of one donor: a specimen without a parent. What it
is divided into are *aliquots*: specimens with a parent. A *vial* holds an aliquot, and fills one position.
"""

from dataclasses import dataclass
from typing import ClassVar, Final, Literal, TypeAlias

from oncopolis.record.biobank.places import Inventory

Unit: TypeAlias = Literal["ug", "nl", "pcs"]
"""Micrograms, nanolitres or pieces: amounts are whole numbers, so that nothing is lost in dividing them."""
State: TypeAlias = Literal["stored", "out", "away", "gone"]
"""In a position, in somebody's hands, with a requester or on the way there, or no more."""
Review: TypeAlias = Literal["awaited", "surplus", "needed"]
"""What pathology says: not yet anything, not needed for diagnosis any more, or still needed."""
PARAFFIN: Final = "FFPE"
"""A type of sample of ours: tissue in a block of paraffin, which SPREC tells by its fixation."""


@dataclass(frozen=True, slots=True)
class Donor:
    """Who gave; the biobank knows the pseudonym.

    Parameters
    ----------
    patient
        Id of the Patient; None for a donor of another house, and after erasure.
    sex
        ``female``, ``male``, ``other`` or ``unknown``.
    """

    TABLE: ClassVar[str] = "bank_donor"
    KEY: ClassVar[tuple[str, ...]] = ("id",)

    id: int
    pseudonym: str
    patient: str | None = None
    sex: str = "unknown"
    birth_year: int | None = None


@dataclass(frozen=True, slots=True)
class Form:
    """A version of a consent form, and the scopes that can be given on it.

    Parameters
    ----------
    scopes
        Bits, see `oncopolis.biobank.consents`.
    digest
        SHA-256 of its text.
    """

    TABLE: ClassVar[str] = "bank_form"
    KEY: ClassVar[tuple[str, ...]] = ("id",)

    id: int
    name: str
    version: int
    scopes: int
    digest: str
    from_ms: int
    until_ms: int | None = None


@dataclass(frozen=True, slots=True)
class Consent:
    """What a donor has agreed to; the last that was not withdrawn counts."""

    TABLE: ClassVar[str] = "bank_consent"
    KEY: ClassVar[tuple[str, ...]] = ("id",)

    id: int
    donor: int
    form: int
    scopes: int
    given_ms: int
    withdrawn_ms: int | None = None
    reason: str = ""
    record: str | None = None


@dataclass(frozen=True, slots=True)
class Specimen:
    """One specimen: a tissue, or an aliquot of one.

    Parameters
    ----------
    donor
        Number of the `Donor`.
    parent, root
        What it was made of, and the tissue it comes from (itself, if it is one).
    collection
        What it was gathered for.
    kind
        SPREC's code of the type of sample (``TIS``, ``PL1``).
    site
        ICD-O topography; ``diagnosis`` is ICD-10.
    collected_ms, made_ms, frozen_ms
        When it left the donor, became what it is, and was frozen or fixed.
    amount, remaining
        How much there was, and is, in whole ``unit``.
    n_thaws
        How often it was thawed.
    warm_s, cold_s
        Ischaemia in seconds: blood supply cut to removal, removal to freezing; None if not known.
    quality
        0 to 10 (RIN, or its like), None before it was measured.
    holder
        In whose hands it is if it is ``out``; where it went if it is ``away``; why it is ``gone``.
    box, place
        The position it is in, counted from 0.
    request
        The request it is reserved for.
    record
        Id of its FHIR Specimen, None until that was written.
    """

    TABLE: ClassVar[str] = "bank_specimen"
    KEY: ClassVar[tuple[str, ...]] = ("id",)

    id: int
    barcode: str
    donor: int
    parent: int | None
    root: int
    collection: str
    kind: str
    site: str
    diagnosis: str
    inventory: Inventory
    collected_ms: int
    made_ms: int
    frozen_ms: int | None
    amount: int
    remaining: int
    unit: Unit
    n_thaws: int = 0
    warm_s: int | None = None
    cold_s: int | None = None
    sprec: str = ""
    quality: float | None = None
    review: Review = "awaited"
    state: State = "out"
    holder: str = ""
    box: int | None = None
    place: int | None = None
    request: int | None = None
    record: str | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """A measurement of quality (``rin``, ``dv200``, ``tumour_share``, ``viability``)."""

    TABLE: ClassVar[str] = "bank_result"
    KEY: ClassVar[tuple[str, ...]] = ("id",)

    id: int
    specimen: int
    kind: str
    value: float
    unit: str
    method: str
    at_ms: int


@dataclass(frozen=True, slots=True)
class Task:
    """Something that has to be done: ``destroy`` a specimen.

    Parameters
    ----------
    state
        ``open``, ``signed`` (by one), ``done`` or ``cancelled``.
    first_by, second_by
        Who signed.
    """

    TABLE: ClassVar[str] = "bank_task"
    KEY: ClassVar[tuple[str, ...]] = ("id",)

    id: int
    kind: str
    specimen: int | None
    donor: int | None
    reason: str
    state: str
    first_by: str
    second_by: str
    made_ms: int
    done_ms: int | None = None
