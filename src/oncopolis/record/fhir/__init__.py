"""FHIR R4 as the record uses it: definitions, text, checks and index rows."""

from oncopolis.record.fhir.checking import Issue, check_resource
from oncopolis.record.fhir.definitions import Definitions, SearchParameter, get_definitions
from oncopolis.record.fhir.extracting import IndexRow, extract
from oncopolis.record.fhir.text import Refused, parse, to_text

__all__ = [
    "Definitions",
    "IndexRow",
    "Issue",
    "Refused",
    "SearchParameter",
    "check_resource",
    "extract",
    "get_definitions",
    "parse",
    "to_text",
]
