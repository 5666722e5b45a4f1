"""What is said about specimens."""

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from oncopolis.biobank.specimens.amounts import Said
from oncopolis.biobank.storage.asking import Degrees, Ms, Name, Names, Words
from oncopolis.foundation import Frozen
from oncopolis.record.biobank.places import Inventory

Amount = Annotated[
    Decimal, Field(gt=0, le=Decimal(10**9), allow_inf_nan=False)
]  # structure: a bound, in any unit
Code = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9.\-]{0,16}$")]
_PLATE = 384  # structure: parts that are made at once, a plate
_SCAN = 200_000  # structure: characters of a scanner's file
_LARGEST = 1_000_000  # structure: a bound of results, in any unit


class Collect(Frozen):
    """A tissue is taken from a donor: a piece of an organ in theatre or by biopsy, or a draw of blood."""

    barcode: Name
    patient: Name | None = None
    """Id of the Patient; the donor's pseudonym is found, or made."""
    pseudonym: Name | None = None
    """Of a donor who is known, or of one of another house."""
    kind: Code
    site: Code = ""
    diagnosis: Code = ""
    amount: Amount
    unit: Said
    inventory: Inventory = "research"
    collection: str = ""
    """What it is gathered for."""
    clamped_ms: Ms | None = None
    """When its blood supply was cut, milliseconds since 1970 (UTC)."""
    removed_ms: Ms | None = None
    """When it left the donor; now if left out."""
    operation: Name | None = None
    """Id of the Encounter in which it was taken: its times have to fit, and its patient is the donor."""
    step: str = ""
    """The step of the patient's course, as ``CarePlan/id#step``."""


class Freeze(Frozen):
    """Specimens are frozen or put into a fixative, which ends cold ischaemia."""

    barcodes: Names
    taken_by: Code = "SRG"
    """SPREC's code of how they were collected."""
    fixation: Code = "SNP"
    """SPREC's code of how they are preserved."""
    storage_c: Degrees | None = None
    """What they will be kept at, degrees Celsius."""


class Aliquot(Frozen):
    """One part of what is divided."""

    barcode: Name
    amount: Amount
    unit: Said
    kind: Code | None = None
    """If it is another type of sample than its parent: a derivative, such as DNA."""
    drawn: Amount | None = None
    """What is taken from the parent for it; the amount itself if left out."""
    drawn_unit: Said | None = None
    made_ms: Ms | None = None
    """When it was made; now if left out."""


class Divide(Frozen):
    """A specimen in hand is divided, or something is derived from it."""

    parent: Name
    parts: Annotated[tuple[Aliquot, ...], Field(min_length=1, max_length=_PLATE)]


class Use(Frozen):
    """Some of a specimen is used up, for a measurement say."""

    barcode: Name
    amount: Amount
    unit: Said
    reason: Words


class Thaw(Frozen):
    """Specimens in hand are thawed."""

    barcodes: Names


class Measure(Frozen):
    """A result of quality control."""

    barcode: Name
    kind: Literal["rin", "dv200", "tumour_share", "viability", "concentration", "haemolysis"]
    value: Annotated[float, Field(ge=0, le=_LARGEST, allow_inf_nan=False)]
    unit: str = ""
    method: Words = ""


class ReviewTissue(Frozen):
    """Pathology says whether a tissue is still needed for diagnosis."""

    barcode: Name
    """Of the tissue or of any of its aliquots: it holds for all of them."""
    verdict: Literal["surplus", "needed"]
    reason: Words = ""


class Accession(Frozen):
    """A box is filled in one act, from the file of a rack scanner."""

    box: Name
    scan: Annotated[str, Field(max_length=_SCAN)]
    """CSV: ``position,barcode``, and ``parent,amount`` where the vials differ in these."""
    parent: Name | None = None
    """What they all were made of, unless the file says."""
    amount: Amount | None = None
    """How much is in each, unless the file says."""
    unit: Said = "ul"
    kind: Code | None = None
