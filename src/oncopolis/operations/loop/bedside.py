"""Checks that belong to no unit of their own: blood at the bedside, and a patient at the door of a room."""

from dataclasses import replace

from oncopolis.foundation import Frozen
from oncopolis.operations.arrivals.indexes import Queues
from oncopolis.operations.arrivals.views import Contact
from oncopolis.operations.booking.asking import Id
from oncopolis.operations.courses.deciders import name_person
from oncopolis.operations.deciding import Act, Decision, Moment
from oncopolis.operations.floor import Floor
from oncopolis.operations.lines import note_line
from oncopolis.operations.loop.blood import BloodUnits
from oncopolis.operations.loop.checking import Fact
from oncopolis.operations.loop.codes import Read, read_code
from oncopolis.operations.loop.verifying import Scan, Scanned, verify


class GiveBlood(Frozen):
    """A unit of blood is about to be given."""

    patient_code: Scan
    """Wristband."""
    unit_code: Scan
    """Label of the unit: donation number, product, groups and last day, scanned one after the other."""
    by: Id | None = None
    """Practitioner who scans, where a program tells."""


class VerifyPlace(Frozen):
    """A patient is at the door of a room or at a machine."""

    patient_code: Scan
    """Wristband."""
    place_code: Scan
    """Label of the room, place or machine."""
    despite: Id | None = None
    """Check that was stopped before and whose override was granted."""
    by: Id | None = None
    """Practitioner who scans, where a program tells."""


def give_blood(floor: Floor, asked: GiveBlood, moment: Moment) -> Decision:
    """Check a unit against the patient it was issued for; only then it counts as given."""
    person = name_person(moment, asked.by, "give_blood")
    patient, label = read_code(asked.patient_code), read_code(asked.unit_code)
    product = label.facts.get("product", "")
    unit = floor.index(BloodUnits).find(label.value, product) if label.kind == "blood" else None
    facts = {
        "patient": Fact("" if unit is None else unit.patient, take(patient, "patient")),
        "thing": Fact("" if unit is None else unit.number, take(label, "blood")),
        "product": Fact(
            "" if unit is None else unit.product, product or ("" if unit is None else unit.product)
        ),
        "group": Fact("" if unit is None else unit.group, label.facts.get("group", "")),
        "expiry": Fact(
            "" if unit is None else min(unit.expires, label.facts.get("expires") or unit.expires),
            moment.day.isoformat(),
        ),
    }
    about = "" if unit is None else f"SupplyDelivery/{unit.id}"
    whose = take(patient, "patient") if unit is None else unit.patient
    texts = {"patient": asked.patient_code, "thing": asked.unit_code}
    scanned = Scanned("blood", whose, about, person, texts, {"patient": patient, "thing": label})
    verified = verify(floor, scanned, facts, moment)
    if not verified.may_go_on or unit is None:
        return verified.decision
    given = replace(unit, state="given", given_ms=moment.at_ms)
    line = note_line(unit.patient, "blood_given", moment.at_ms)
    return verified.decision + Decision((given,), lines=(line,), answer={"unit": unit.id})


def verify_place(floor: Floor, asked: VerifyPlace, moment: Moment) -> Decision:
    """Check that a patient is where they were called to."""
    person = name_person(moment, asked.by, "verify_place")
    patient, place = read_code(asked.patient_code), read_code(asked.place_code)
    contact = _find_called(floor, take(place, "place"), take(patient, "patient"))
    facts = {
        "patient": Fact("" if contact is None else contact.patient, take(patient, "patient")),
        "place": Fact("" if contact is None else contact.room or "", take(place, "place")),
    }
    scanned = Scanned(
        "place", take(patient, "patient"), "" if contact is None else f"Encounter/{contact.id}", person,
        {"patient": asked.patient_code, "place": asked.place_code}, {"patient": patient, "place": place},
        asked.despite,
    )  # fmt: skip
    return verify(floor, scanned, facts, moment).decision


def _find_called(floor: Floor, place: str, patient: str) -> Contact | None:
    """Return the contact that is expected: of this patient, else the one that was called to this place."""
    called = [
        one
        for contacts in floor.index(Queues).of_area.values()
        for one in contacts.values()
        if one.state in ("called", "served") and one.room is not None
    ]
    own = [one for one in called if one.patient == patient]
    here = [one for one in called if one.room == place]
    both = [one for one in own if one.room == place]
    return next(iter([*both, *own, *here]), None)


def take(read: Read, kind: str) -> str:
    """Return what was read if it is of a kind; empty if it is the label of something else."""
    return read.value if read.kind == kind else ""


GIVE_BLOOD = Act("give_blood", GiveBlood, give_blood, ("Task", "SupplyDelivery"))
VERIFY_PLACE = Act("verify_place", VerifyPlace, verify_place, ("Task",))
