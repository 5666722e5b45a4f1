"""The record store: what is lived, kept once, as versioned records in HL7 FHIR R4 form."""

from oncopolis.record.errors import GoneError, VersionConflict
from oncopolis.record.types import ANY, Act, Expected, Version, Who

__all__ = ["ANY", "Act", "Expected", "GoneError", "Version", "VersionConflict", "Who"]
