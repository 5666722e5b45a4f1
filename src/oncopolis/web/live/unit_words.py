"""What people in theatres, the day unit and at the bedside are told: stopped, done, and how far it is."""

from typing import Final

from oncopolis.foundation.marking import mark
from oncopolis.operations.infusion.bags import BagState
from oncopolis.operations.infusion.limits import Fault
from oncopolis.operations.infusion.views import TreatmentState
from oncopolis.operations.loop.rules import CheckKind
from oncopolis.operations.theatre.views import Stage

STOPPED: Final = {
    "readable": mark("STOPPED: a code could not be read. Scan the whole code again."),
    "patient": mark("STOPPED: this is another patient."),
    "medicine.patient": mark("STOPPED: this medicine is not for this patient."),
    "medicine.thing": mark("STOPPED: this is not the bag that belongs here."),
    "medicine.drug": mark("STOPPED: this is another medicine than was ordered."),
    "medicine.dose": mark("STOPPED: this is another dose than was ordered."),
    "medicine.route": mark("STOPPED: this is another route than was ordered."),
    "medicine.released": mark("STOPPED: the pharmacy has not released this bag."),
    "dose.patient": mark("STOPPED: this medicine is not for this patient."),
    "dose.thing": mark("STOPPED: this is not the dose that is due."),
    "dose.drug": mark("STOPPED: this is another medicine than was ordered."),
    "dose.dose": mark("STOPPED: this is another dose than was ordered."),
    "dose.route": mark("STOPPED: this is another route than was ordered."),
    "dose.time": mark("STOPPED: it is too early, or too late, for this dose."),
    "medicine.time": mark("STOPPED: it is not the day of this treatment."),
    "expiry": mark("STOPPED: it has expired."),
    "unused": mark("STOPPED: this label was used before, or is no label for this."),
    "blood.patient": mark("STOPPED: this blood was not issued for this patient."),
    "blood.thing": mark("STOPPED: the blood bank has not issued this unit."),
    "blood.product": mark("STOPPED: this is another blood product than was issued."),
    "blood.group": mark("STOPPED: the blood group of the label is not that of the unit that was issued."),
    "place": mark("STOPPED: this is not where the patient is to be."),
    "implant.thing": mark("STOPPED: this is not the code of an implant."),
    "planned": mark("STOPPED: this implant was not planned."),
    "team.incomplete": mark("The checklist is not complete. Do not go on before everything is made sure of."),
}
"""Rule, or kind and rule -> what is said when it stops something."""

DONE: Final = {
    "verify_place": mark("Right patient, right place."),
    "give_blood": mark("Right patient, right blood. It is recorded as given."),
    "override_check": mark("The reason is noted. If a second person has to agree, they sign in and do so."),
    "confirm_override": mark("Agreed. Scan again to go on."),
    "settle_check": mark("Looked at, and off the list."),
    "settle_parked": mark("Dealt with, and off the list."),
    "plan_operation": mark("On the list."),
    "send_for": mark("Sent for."),
    "enter_theatre": mark("Right patient, right theatre: in the theatre now."),
    "check_team": mark("The checklist is complete."),
    "begin_induction": mark("Anaesthesia has begun."),
    "first_incision": mark("The operation has begun."),
    "close_wound": mark("The wound is closed."),
    "to_recovery": mark("In recovery now."),
    "leave_recovery": mark("Left recovery."),
    "delay_operation": mark("The delay is noted; who comes after it sees it now."),
    "cancel_operation": mark("Taken off the list."),
    "take_specimen": mark("The specimen is recorded with its times."),
    "use_implant": mark("The implant is recorded."),
    "confirm_treatment": mark("Confirmed. A second person checks it now."),
    "check_treatment": mark("Checked. The pharmacy may prepare it."),
    "put_off_treatment": mark("Put off. Bags that were there are not given."),
    "prepare_bag": mark("The bag is recorded as prepared."),
    "check_bag": mark("The bag is what was ordered."),
    "release_bag": mark("Released to the day unit."),
    "reject_bag": mark("The bag is not given."),
    "seat": mark("The chair is theirs."),
    "start_infusion": mark("Right patient, medicine, dose, way and day: it runs."),
    "stop_infusion": mark("Ended."),
    "give_dose": mark("Right patient, medicine, dose, way and time. It is recorded as given."),
    "withhold_dose": mark("It is recorded as not given."),
    "draw_tube": mark("Right patient; the tube belongs to the order."),
    "note_reaction": mark("The reaction is recorded."),
    "note_extravasation": mark("The extravasation is recorded."),
    "leave_chair": mark("The day is over; the chair is free."),
}
"""Act -> what is said once it was done."""

_LOOK_AGAIN = mark("This is not so any more: look at it as it is now.")
SENTENCES: Final = {
    "OPS-240": mark("The override is not for this, or too old. Scan again, and ask once more."),
    "OPS-241": mark("This is never overridden. Find out what is wrong, and scan the right one."),
    "OPS-242": mark("A second person has to agree: a colleague signs in and does so."),
    "OPS-243": _LOOK_AGAIN,
    "OPS-244": _LOOK_AGAIN,
    "OPS-245": mark(
        "This time is not of today, or still to come. Correct it, or the clock it was taken from."
    ),
    "OPS-250": mark("Name one case."),
    "OPS-251": mark("This appointment is not on the list of a theatre."),
    "OPS-252": _LOOK_AGAIN,
    "OPS-253": mark("Choose a theatre, and an operation that is done in one."),
    "OPS-254": mark("This is no theatre. Scan the label of the theatre."),
    "OPS-255": mark("Not before the checklist is complete. Stop together and go through it."),
    "OPS-256": mark("This place in recovery is taken. Choose another one."),
    "OPS-258": _LOOK_AGAIN,
    "OPS-280": _LOOK_AGAIN,
    "OPS-281": _LOOK_AGAIN,
    "OPS-282": mark(
        "STOPPED by the laboratory: a value is missing, too old, or beyond the limit of the order."
    ),
    "OPS-283": mark("Somebody else has to do this: a colleague signs in and does it."),
    "OPS-284": mark("An allergy or a cumulative dose speaks against it. Ask who ordered it, or say why."),
    "OPS-285": mark("There is a bag for this already, or nobody ordered it."),
    "OPS-286": mark("STOPPED: a vinca alkaloid goes into a vein only. Any other way kills."),
    "OPS-287": mark("This has expired already. Correct the time."),
    "OPS-288": mark("STOPPED: what is in the bag is not what was ordered. Reject it."),
    "OPS-289": mark("The patient is not checked in for a chair. Check them in first."),
    "OPS-502": mark("This is no signed order of one medicine, or its doses have expired."),
    "OPS-503": _LOOK_AGAIN,
    "OPS-290": mark("Bags are left: end what runs, and reject what is not given."),
    "OPS-257": mark("These times cannot be: first the cut, then the vessels closed, then the specimen."),
}
"""Code of a refusal -> what is said."""

CHECKS: Final[dict[CheckKind, str]] = {
    "medicine": mark("medicine"),
    "dose": mark("dose on a ward"),
    "specimen": mark("specimen"),
    "blood": mark("blood"),
    "place": mark("patient at a room"),
    "theatre": mark("patient at a theatre"),
    "implant": mark("implant"),
}
STAGES: Final[dict[Stage, tuple[str, str]]] = {
    "planned": (mark("on the list"), "quiet"),
    "sent": (mark("sent for"), "wait"),
    "inside": (mark("in the theatre"), "go"),
    "induction": (mark("anaesthesia"), "go"),
    "knife": (mark("operation under way"), "stop"),
    "close": (mark("closed"), "go"),
    "recovery": (mark("in recovery"), "hold"),
    "done": (mark("left recovery"), "done"),
    "cancelled": (mark("taken off the list"), "quiet"),
}
"""Stage of a case -> what it is called, and the kind of its badge."""
TREATMENTS: Final[dict[TreatmentState, tuple[str, str]]] = {
    "ordered": (mark("to be confirmed"), "wait"),
    "confirmed": (mark("to be checked by a second person"), "wait"),
    "cleared": (mark("cleared"), "go"),
    "seated": (mark("in the chair"), "go"),
    "done": (mark("over"), "done"),
    "put_off": (mark("put off"), "quiet"),
}
"""State of a treatment -> what it is called, and the kind of its badge."""
BAGS: Final[dict[BagState, tuple[str, str]]] = {
    "prepared": (mark("prepared"), "hold"),
    "checked": (mark("checked"), "hold"),
    "released": (mark("released"), "go"),
    "running": (mark("runs"), "go"),
    "given": (mark("given"), "done"),
    "stopped": (mark("stopped"), "stop"),
    "rejected": (mark("rejected"), "quiet"),
}
"""State of a bag -> what it is called, and the kind of its badge."""
FAULTS: Final[dict[Fault, str]] = {
    "missing": mark("missing"),
    "old": mark("too old"),
    "unit": mark("in another unit"),
    "low": mark("too low"),
    "high": mark("too high"),
}
"""What is wrong with a value of the laboratory."""
ROUTES: Final = {
    "intravenous": mark("into a vein"),
    "intrathecal": mark("into the spinal canal"),
    "subcutaneous": mark("under the skin"),
    "intramuscular": mark("into a muscle"),
    "oral": mark("by mouth"),
    "intraperitoneal": mark("into the abdomen"),
    "intravesical": mark("into the bladder"),
}
"""Ways into the body."""
ITEMS: Final = {
    "patient_confirmed": mark("The patient has confirmed who they are, the operation, its site, and consent"),
    "site_marked": mark("The site is marked"),
    "anaesthesia_checked": mark("Anaesthesia machine and medicines are checked"),
    "oximeter": mark("The pulse oximeter is on the patient and works"),
    "allergy": mark("Known allergies have been asked for and told to the team"),
    "airway": mark("A difficult airway or aspiration: no risk, or equipment and help are at hand"),
    "blood_loss": mark("Loss of more than half a litre of blood: no risk, or access and fluids are planned"),
    "introduced": mark("Everybody has told their name and role"),
    "confirmed": mark("Surgeon, anaesthetist and nurse confirm patient, site and operation"),
    "antibiotic": mark("Antibiotics were given within the last 60 minutes"),
    "surgeon_steps": mark("The surgeon has told critical steps, length and expected blood loss"),
    "anaesthetist_concerns": mark("The anaesthetist has told what concerns this patient"),
    "nurse_sterility": mark("The nurses have confirmed sterility and told of equipment"),
    "imaging": mark("Images that are needed are shown"),
    "procedure_recorded": mark("The name of the operation is recorded"),
    "counts": mark("Instruments, swabs and needles are counted and complete"),
    "specimens_labelled": mark("Specimens are labelled, with the name of the patient"),
    "equipment": mark("What was wrong with equipment is told, or nothing was"),
    "recovery_concerns": mark("What matters for recovery and care has been told"),
}
"""Item of the checklist -> its words."""


def find_stopped(code: str) -> str | None:
    """Return what is said of what was stopped, by ``kind.rule``; None if it is no such thing."""
    return STOPPED.get(code) or STOPPED.get(code.partition(".")[2])
