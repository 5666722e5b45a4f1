"""Partner centres and their members: who is one is said by a PractitionerRole, and ends with it."""

from functools import partial
from typing import Any, Final

from oncopolis.operations.elements import (
    extend,
    find_code,
    find_extended,
    get_referred,
    make_concept,
    make_reference,
)
from oncopolis.operations.floor import Floor
from oncopolis.operations.views import Record
from oncopolis.record.fhir.bodies import find_resource
from oncopolis.record.store.reading import MANY, Reading

_KIND: Final = "organization"
_PARTNER: Final = "partner"


def make_partner(id_: str, name: str, country: str, language: str) -> Record:
    """Return the Organization of a partner centre."""
    return {
        "resourceType": "Organization",
        "id": id_,
        "extension": extend(language__Code=language),
        "active": True,
        "type": [make_concept(_KIND, _PARTNER)],
        "name": name,
        "address": [{"country": country}],
    }


def make_member(practitioner: str, name: str, partner: str) -> tuple[Record, Record]:
    """Return the Practitioner and what says that they belong to a partner."""
    person = {"resourceType": "Practitioner", "id": practitioner, "active": True, "name": [{"text": name}]}
    return person, make_membership(practitioner, partner, is_active=True)


def make_membership(practitioner: str, partner: str, *, is_active: bool) -> Record:
    """Return what says that somebody belongs to a partner, or did."""
    return {
        "resourceType": "PractitionerRole",
        "id": name_membership(practitioner),
        "active": is_active,
        "practitioner": make_reference("Practitioner", practitioner),
        "organization": make_reference("Organization", partner),
    }


def name_membership(practitioner: str) -> str:
    """Return the id of the PractitionerRole of a partner's member."""
    return f"{practitioner}-partner"


def find_partner_of(floor: Floor, practitioner: str) -> str:
    """Return the partner somebody is a member of now; empty if of none."""
    return floor.look(partial(read_partner_of, practitioner), "")


def read_partner_of(practitioner: str, reading: Reading) -> str:
    """Return the partner somebody is a member of now; empty if of none."""
    record = find_resource(reading.read("PractitionerRole", name_membership(practitioner)))
    return get_referred(record.get("organization"), "Organization") if record and record.get("active") else ""


def find_partner(floor: Floor, id_: str) -> Record | None:
    """Return the record of a partner; None if it is none."""
    nothing: Record | None = None
    record = floor.look(lambda reading: find_resource(reading.read("Organization", id_)), nothing)
    return record if record is not None and is_partner(record) else None


def is_partner(record: Record) -> bool:
    """Whether an Organization is a partner centre."""
    return any(find_code(one, _KIND) == _PARTNER for one in record.get("type", ()))


def get_language(record: Record) -> str:
    """Return the language a partner reads."""
    return str(find_extended(record, "language", otherwise="en"))


def read_partners(reading: Reading) -> list[Record]:
    """Return all partner centres by name."""
    found = (find_resource(one) for one in reading.list_current("Organization", MANY, ""))
    partners = [one for one in found if one is not None and is_partner(one)]
    return sorted(partners, key=lambda one: str(one.get("name", "")))


def read_members(partner: str, reading: Reading) -> list[Record]:
    """Return who belongs to a partner now: their Practitioners."""
    names = reading.find_references("Organization", partner, MANY)
    roles = (find_resource(reading.read(type_, id_)) for type_, id_ in names if type_ == "PractitionerRole")
    ids = [
        get_referred(one.get("practitioner"), "Practitioner") for one in roles if one and one.get("active")
    ]
    found: list[dict[str, Any] | None] = [find_resource(reading.read("Practitioner", id_)) for id_ in ids]
    return [one for one in found if one is not None]
