"""What may be deleted: nothing that was written about a patient, or that proves who did what.

Such a record is marked instead, so that whoever acted on it can still see what they saw.
"""

from dataclasses import dataclass
from http import HTTPStatus

from oncopolis.record.fhir.definitions import get_definitions
from oncopolis.web.fhir.refusing import RequestError

WRONG = "entered-in-error"

_MARKS = {
    "verificationStatus": "AllergyIntolerance Condition",
    "lifecycleStatus": "Goal",
    "status": (
        "Account Appointment CarePlan CareTeam ChargeItem ClinicalImpression Communication"
        " CommunicationRequest Composition Consent DetectedIssue Device DeviceRequest DeviceUseStatement"
        " DiagnosticReport DocumentManifest DocumentReference Encounter EpisodeOfCare FamilyMemberHistory"
        " Flag GuidanceResponse ImagingStudy Immunization ImmunizationEvaluation Invoice List Media"
        " MedicationAdministration MedicationDispense MedicationRequest MedicationStatement NutritionOrder"
        " Observation Procedure QuestionnaireResponse RequestGroup RiskAssessment"
        " ServiceRequest Specimen SupplyDelivery SupplyRequest Task VisionPrescription Claim ClaimResponse"
        " Coverage CoverageEligibilityRequest CoverageEligibilityResponse EnrollmentRequest"
        " EnrollmentResponse ExplanationOfBenefit PaymentNotice PaymentReconciliation Slot Contract"
    ),
}
_OTHER_MARKS = {
    "AdverseEvent": "actuality = potential",
    "AppointmentResponse": "participantStatus = declined",
    "Basic": "",
    "BiologicallyDerivedProduct": "",
    "BodyStructure": "active = false",
    "Group": "active = false",
    "ImmunizationRecommendation": "",
    "MeasureReport": "status = error",
    "MolecularSequence": "",
    "Patient": "active = false",
    "Person": "active = false",
    "RelatedPerson": "active = false",
    "ResearchSubject": "status = ineligible",
    "Schedule": "active = false",
    "AuditEvent": "",
    "Provenance": "",
    "Medication": f"status = {WRONG}",
    "Substance": f"status = {WRONG}",
    "Location": "status = inactive",
    "Organization": "active = false",
    "HealthcareService": "active = false",
    "Practitioner": "active = false",
    "PractitionerRole": "active = false",
}
"""Types that are kept for what other records say through them; an empty mark: corrected by an update only."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A type whose records are never deleted.

    Parameters
    ----------
    element, value
        What says that a record does not hold; empty for a type that has no such element.
    """

    element: str
    value: str


def _make_table() -> dict[str, Kept]:
    table = {type_: Kept(element, WRONG) for element, types in _MARKS.items() for type_ in types.split()}
    for type_, mark in _OTHER_MARKS.items():
        element, _, value = mark.partition(" = ")
        table[type_] = Kept(element, value)
    return table


KEPT = _make_table()
"""Resource type -> how a record of it is marked in place of being deleted."""


FORGIVEN = frozenset({"required", "invariant"})
"""Faults that are stored in definitions, which treat nobody: some that HL7 has published have them."""


def is_definition(type_: str) -> bool:
    """Tell whether records of a type define something, such as a questionnaire, not what was done."""
    definitions = get_definitions()
    return type_ in definitions.resource_types and "experimental" in definitions.get_type(type_).elements


def is_deletable(type_: str) -> bool:
    """Tell whether records of a type may be deleted; what belongs to a patient never may."""
    return type_ not in KEPT and not get_definitions().patient_parameters(type_)


def check_deletable(type_: str, id_: str, allow: str) -> None:
    """Refuse to delete what is kept, and say how it is marked instead.

    Parameters
    ----------
    allow
        Methods that remain, for the header ``Allow``.
    """
    if is_deletable(type_):
        return
    kept = KEPT.get(type_, Kept("", ""))
    fix = f"set {type_}.{kept.element} to {kept.value}" if kept.element else "correct it by an update"
    raise RequestError(
        code="REC-106", where=f"{type_}.{kept.element}" if kept.element else type_,
        got=f"DELETE {type_}/{id_}", expected="an update: records of this type are kept", fix=fix,
        status=HTTPStatus.METHOD_NOT_ALLOWED, issue="business-rule", headers={"Allow": allow},
    )  # fmt: skip
