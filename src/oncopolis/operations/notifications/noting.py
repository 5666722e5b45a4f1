"""A diagnosis that is recorded has to be notified, one that is changed told anew, one in error not at all."""

from dataclasses import replace

from oncopolis.foundation import NotFoundError
from oncopolis.operations.deciding import Decision, Moment
from oncopolis.operations.diagnoses import Diagnosis
from oncopolis.operations.floor import Floor
from oncopolis.operations.notifications.views import Notification
from oncopolis.record.oncology import find_group, parse_icd10

_NATURES = ("malignant", "in situ", "uncertain")
CHANGED = "changed since it was notified"


def name_notification(diagnosis: str) -> str:
    """Return the id of the notification of a diagnosis: there is one."""
    return f"{diagnosis}-n"


def is_notifiable(diagnosis: Diagnosis) -> bool:
    """Whether a registry has to be told: a primary tumour that is confirmed and not benign."""
    parsed = parse_icd10(diagnosis.icd10)
    group = find_group(parsed) if parsed is not None else None
    return diagnosis.state == "confirmed" and group is not None and group.nature in _NATURES


def note_diagnoses(floor: Floor, decision: Decision, moment: Moment) -> Decision:
    """Return a decision with the notifications that follow from the diagnoses it records or changes."""
    found = [one for one in decision.puts if isinstance(one, Diagnosis)]
    noted = tuple(one for diagnosis in found if (one := _note(floor, diagnosis, moment)) is not None)
    return decision + Decision(noted) if noted else decision


def _note(floor: Floor, diagnosis: Diagnosis, moment: Moment) -> Notification | None:
    id_ = name_notification(diagnosis.id)
    known = _find(floor, id_)
    if not is_notifiable(diagnosis):
        return replace(known, state="void") if known is not None and known.is_open else None
    if known is None:
        return Notification(id_, diagnosis.patient, diagnosis.id, moment.at_ms)
    if known.state == "notified":
        return replace(known, state="due", since_ms=moment.at_ms, reason=CHANGED)
    return replace(known, state="due") if known.state == "void" else None


def _find(floor: Floor, id_: str) -> Notification | None:
    try:
        return floor.get(Notification, id_)
    except NotFoundError:
        return None
