"""Whose patients and which departments somebody may act on, beside what their role lets them do.

A patient is somebody's who is in one of their departments now, or on one of its wards; else by the same ties
that let them read the record. Programs have scopes in place of this.
"""

from collections.abc import Mapping
from typing import Any, Final

from oncopolis.foundation import ForbiddenError, Frozen
from oncopolis.operations.arrivals.indexes import Inside, Queues
from oncopolis.operations.arrivals.views import Contact
from oncopolis.operations.board.views import Case
from oncopolis.operations.courses.views import Course
from oncopolis.operations.diagnoses import Diagnosis, Staging
from oncopolis.operations.floor import Floor
from oncopolis.operations.house import House
from oncopolis.operations.nursing.views import NursingTask
from oncopolis.operations.orders.views import Order
from oncopolis.operations.sharing import Share
from oncopolis.operations.staff.areas import find_areas
from oncopolis.operations.summaries import Summary
from oncopolis.operations.wards.indexes import Stays
from oncopolis.operations.wards.views import Stay
from oncopolis.record.access import Caller
from oncopolis.record.access.policy import get_policy
from oncopolis.record.access.relating import is_tied
from oncopolis.record.store import Transaction

_OF_PATIENT: Final[Mapping[str, type[Any]]] = {
    "contact": Contact,
    "stay": Stay,
    "order": Order,
    "course": Course,
    "case": Case,
    "task": NursingTask,
    "diagnosis": Diagnosis,
    "staging": Staging,
    "summary": Summary,
    "share": Share,
}
"""Member of what is asked -> the view it names."""
_READ: Final = (Diagnosis, Staging, Stay, Summary)
"""Views that are not on the floor, or not for long: their records are read."""


def check_limits(floor: Floor, transaction: Transaction, name: str, asked: Frozen, caller: Caller) -> None:
    """Refuse an act in a department that is not the caller's, or on a patient who is not theirs.

    Raises
    ------
    ForbiddenError
        OPS-012, OPS-013
    """
    areas = find_areas(floor, caller.practitioner, caller.clinics)
    area = find_department(floor, asked)
    if areas is not None and area and area not in areas:
        raise ForbiddenError(
            code="OPS-012", where=f"act {name}", got=f"department {area}",
            expected=f"one of {', '.join(sorted(areas)) or 'no department of this centre'}",
            fix="have somebody do it who works there, or ask the administrator for the department",
        )  # fmt: skip
    if not needs_tie(name, caller):
        return
    patient = find_patient(floor, asked)
    if patient and not is_here(floor, patient, areas) and not is_tied_to(transaction, caller, patient):
        raise ForbiddenError(
            code="OPS-013", where=f"act {name}", got=f"Patient/{patient}, whom the caller does not treat now",
            expected="a patient of one of the caller's clinics, or one who is in their department now",
            fix="have reception book or check them in, or have somebody do it who treats them",
        )  # fmt: skip


def needs_tie(name: str, caller: Caller) -> bool:
    """Whether every role that lets the caller do an act asks for a tie to the patient."""
    policy = get_policy()
    return not (caller.roles & (policy.acts.get(name, frozenset()) - policy.tied.get(name, frozenset())))


def find_department(floor: Floor, asked: Frozen) -> str:
    """Return the department an act is done in; empty if it is in none."""
    contact, stay, task = (_find(floor, asked, name) for name in ("contact", "stay", "task"))
    if task is not None:
        stay = floor.find(Stay, task.stay)
    if contact is not None:
        return str(contact.area)
    if stay is not None:
        return _find_of_ward(floor.house, stay.ward)
    area = getattr(asked, "area", None)
    if isinstance(area, str):
        return area
    ward = getattr(asked, "ward", None)
    if isinstance(ward, str):
        return _find_of_ward(floor.house, ward)
    units = (floor.house.units.get(getattr(asked, name, None) or "") for name in ("bed", "unit"))
    return next((unit.department for unit in units if unit is not None), "")


def find_patient(floor: Floor, asked: Frozen) -> str:
    """Return the patient an act is about; empty if it is about none."""
    found = getattr(asked, "patient", None)
    if isinstance(found, str):
        return found
    views = (_find(floor, asked, name) for name in _OF_PATIENT)
    return next((str(view.patient) for view in views if view is not None), "")


def _find(floor: Floor, asked: Frozen, name: str) -> Any:
    id_ = getattr(asked, name, None)
    if not isinstance(id_, str):
        return None
    kind = _OF_PATIENT[name]
    return floor.find(kind, id_) or (floor.get(kind, id_) if kind in _READ else None)


def _find_of_ward(house: House, ward: str) -> str:
    resource = house.centre.resources.get(ward)
    return "" if resource is None else resource.department


def is_here(floor: Floor, patient: str, areas: frozenset[str] | None) -> bool:
    """Whether somebody is in one of these departments now; in the house, if they are all of them."""
    visit, stay = floor.index(Inside).of_patient.get(patient), floor.index(Stays).of_patient.get(patient)
    if areas is None:
        return visit is not None or stay is not None
    if stay is not None and _find_of_ward(floor.house, stay.ward) in areas:
        return True
    wholes = [one.id for one in (visit, stay) if one is not None]
    contacts = [one for id_ in wholes for one in floor.index(Queues).list_of_visit(id_)]
    return any(contact.area in areas for contact in contacts)


def is_tied_to(transaction: Transaction, caller: Caller, patient: str) -> bool:
    """Whether the record says that somebody treats a patient, by the ties that let them read it."""
    return transaction.as_house().ask(lambda reading: is_tied(reading.session.query, caller, patient))
