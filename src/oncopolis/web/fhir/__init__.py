"""The record's door for neighbours: HL7 FHIR R4 over HTTP."""

from oncopolis.web.fhir.endpoint import LIMIT_BYTES, FhirEndpoint

__all__ = ["LIMIT_BYTES", "FhirEndpoint"]
