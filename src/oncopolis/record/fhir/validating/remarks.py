"""What validation says about a resource."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

__all__ = ["Remark", "Severity"]

Severity: TypeAlias = Literal["error", "warning", "information"]


@dataclass(frozen=True, slots=True)
class Remark:
    """One thing found.

    Parameters
    ----------
    severity
        ``error``: the resource breaks the rule; ``warning``: it should not do that; ``information``: what
        was not checked.
    code
        FHIR's word for the kind, such as ``structure``, ``required``, ``invariant`` or ``not-supported``.
    path
        Place in the resource, such as ``Patient.name[0]``.
    rule
        Key of the rule: of an invariant (``dom-2``), of a profile's element, or ``base``.
    text
        What is expected and what was found.
    """

    severity: Severity
    code: str
    path: str
    rule: str
    text: str
