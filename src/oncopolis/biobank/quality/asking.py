"""What is said about quality."""

from typing import Annotated, Literal

from pydantic import Field

from oncopolis.biobank.storage.asking import Line, Ms, Name, Reason, Words
from oncopolis.foundation import Frozen
from oncopolis.record.biobank.quality import Met, Severity

Number = Annotated[int, Field(ge=1)]
_LEAST_PERCENT, _MOST_PERCENT = 50, 99.9  # structure: confidences that anybody asks for
_MOST_SHARE = 50  # structure: percent


class GiveEvidence(Frozen):
    """What shows that a requirement is met, or that it is not."""

    requirement: Name
    state: Met
    said: Reason
    """Where the evidence is: a procedure with its version, a record, a measurement."""


class TellNonconformity(Frozen):
    """Something is not as it should be."""

    title: Line
    said: Words = ""
    requirement: str = ""
    """Of a checklist, if it breaks one."""
    severity: Severity = "minor"


class OwnNonconformity(Frozen):
    """Somebody answers for it: why it came to be, and what is done by when."""

    nonconformity: Number
    owner: Name
    cause: Reason
    action: Reason
    due_ms: Ms
    """By when, milliseconds since 1970 (UTC)."""


class CloseNonconformity(Frozen):
    """What was done has worked; somebody else than its owner has seen that."""

    nonconformity: Number
    evidence: Reason


class DrawAudit(Frozen):
    """A random sample of what is stored is drawn, large enough for what is to be said."""

    confidence_percent: Annotated[float, Field(ge=_LEAST_PERCENT, le=_MOST_PERCENT)] = (
        95  # structure: default of a setting
    )
    share_percent: Annotated[float, Field(gt=0, le=_MOST_SHARE)] = 1
    """At most this share may be wrong, if nothing is wrong in the sample."""


class CheckAudited(Frozen):
    """Somebody has looked for a specimen of a sample."""

    audit: Number
    n: Number
    """Its turn on the walk."""
    found: Literal["here", "missing", "other"]
    said: Words = ""
