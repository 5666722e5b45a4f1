"""Whether a resource is what FHIR R4 asks for, told as remarks."""

from oncopolis.record.fhir.validating.remarks import Remark
from oncopolis.record.fhir.validating.validation import is_known, validate

__all__ = ["Remark", "is_known", "validate"]
