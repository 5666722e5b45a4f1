"""Whether a resource is what FHIR R4 asks for, told as remarks."""

from oncopolis.record.fhir.validating.remarks import Remark
from oncopolis.record.fhir.validating.validation import validate

__all__ = ["Remark", "validate"]
