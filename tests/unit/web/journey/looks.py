"""Looks at the records of a centre's patients, by everybody there may be."""

from typing import Any

from tests.doors import add
from tests.phones import Centre

from oncopolis.record.access.policy import get_policy
from oncopolis.record.types import Act, Version, Who

DOCTOR = Who("Practitioner", "dr-a", "Kim Minji")


def look(centre: Centre, who: Who = DOCTOR, patient: str = "p1", action: Any = "R", **more: Any) -> None:
    """Somebody does something with a patient's record, now."""
    act = Act(action, more.pop("what", "read"), who, "request", **more)
    seen = Version("Condition", f"c-{patient}", 1, 0, "update", None, patient=patient)
    centre.store.note(act, [seen]).result()


def be_looked_at(centre: Centre) -> None:
    """One of each role in a clinic, the programs of a centre, and a stranger look at a record."""
    clinic = {"resourceType": "Organization", "id": "rt", "name": "Radiotherapy clinic"}
    centre.put(clinic)
    for role in sorted(get_policy().roles - {"patient", "carer", "program"}):
        id_ = role.replace("_", "-")
        add(
            centre.door.desk,
            f"of-{id_}",
            roles=frozenset({role}),
            practitioner=id_,
            clinics=frozenset({"rt"}),
        )
        look(centre, Who("Practitioner", id_, "Kim Minji"), purpose="ETREAT")
    for who in (Who("Device", "linac-1", "Linac 1"), Who("Organization", "rt", "Radiotherapy clinic")):
        look(centre, who)
    look(centre, Who("Address", "192.0.2.7"), outcome="4", reason="REC-114")
