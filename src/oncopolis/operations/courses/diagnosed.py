"""The diagnosis a course is for: its stage is the one that was stated of it, and is not said twice."""

from functools import partial
from typing import Final

from oncopolis.foundation import InputError
from oncopolis.operations.floor import Floor
from oncopolis.operations.house import House
from oncopolis.operations.views import Record
from oncopolis.record.fhir.bodies import find_resource
from oncopolis.record.oncology import parse_stage
from oncopolis.record.oncology.notification.values import list_profiles
from oncopolis.record.store.reading import MANY, Reading

_GROUP: Final = "tnm-stage-group"
_IN_SITU: Final = ("0", "0a", "0is")


def check_diagnosis(floor: Floor, patient: str, diagnosis: str | None) -> None:
    """Refuse a diagnosis that is not the patient's, or was entered in error (OPS-455)."""
    known: Record | None = {"subject": {"reference": f"Patient/{patient}"}}
    record = known if diagnosis is None else floor.look(partial(_read, diagnosis), known)
    whose = (record or {}).get("subject", {}).get("reference", "")
    is_wrong = "entered-in-error" in str((record or {}).get("verificationStatus", ""))
    if whose != f"Patient/{patient}" or is_wrong:
        raise InputError(
            code="OPS-455", where=f"Condition/{diagnosis}", got=f"no diagnosis of Patient/{patient}",
            expected="one of the same patient that holds", fix="record it first, or choose another",
        )  # fmt: skip


def find_stage(floor: Floor, pathway: str, site: str, diagnosis: str | None) -> str:
    """Return the stage of a pathway that fits the group that was stated last; empty if there is none."""
    nothing: list[Record] = []
    stated = [] if diagnosis is None else floor.look(partial(_list_groups, diagnosis), nothing)
    latest = max(
        stated, key=lambda one: (one.get("effectiveDateTime", ""), one.get("issued", "")), default={}
    )
    return to_stage(floor.house, pathway, site, latest.get("valueCodeableConcept", {}).get("text", ""))


def to_stage(house: House, pathway: str, site: str, group: str) -> str:
    """Return the stage of a pathway that a stage group is: IIIC is its iii; empty if it has none such."""
    text = (parse_stage(group) or "").lower()
    whole = text.rstrip("abcde123") if text not in _IN_SITU else "0"
    routes = house.network.routes.values()
    known = {
        one.stage: None for one in routes if (one.pathway, one.site or "") == (pathway, site) and one.stage
    }
    return next((stage for stage in known if stage.lower() in (text, whole) and text), "")


def _read(diagnosis: str, reading: Reading) -> Record | None:
    return find_resource(reading.read("Condition", diagnosis))


def _list_groups(diagnosis: str, reading: Reading) -> list[Record]:
    names = reading.find_references("Condition", diagnosis, MANY)
    found = [find_resource(reading.read(type_, id_)) for type_, id_ in names if type_ == "Observation"]
    return [
        one
        for one in found
        if one is not None and _GROUP in list_profiles(one) and one.get("status") != "entered-in-error"
    ]
