"""Ground floor: errors, findings, units and located YAML. Imports nothing of ours."""

from oncopolis.foundation.errors import (
    Collector,
    ConflictError,
    EvidenceError,
    ExternalError,
    ForbiddenError,
    InfeasibleError,
    InputError,
    InputErrors,
    NotFoundError,
    OncopolisError,
)
from oncopolis.foundation.findings import Finding, Severity
from oncopolis.foundation.frozen import Frozen
from oncopolis.foundation.located import Located, Place, load_yaml, read_text
from oncopolis.foundation.sizes import check_size, make_too_large

__all__ = [
    "Collector",
    "ConflictError",
    "EvidenceError",
    "ExternalError",
    "Finding",
    "ForbiddenError",
    "Frozen",
    "InfeasibleError",
    "InputError",
    "InputErrors",
    "Located",
    "NotFoundError",
    "OncopolisError",
    "Place",
    "Severity",
    "check_size",
    "load_yaml",
    "make_too_large",
    "read_text",
]
