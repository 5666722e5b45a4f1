"""Vital signs and pain, entered at a bed: into the record, and off the list of what is due."""

from collections.abc import Mapping
from typing import Annotated, Final

from pydantic import Field

from oncopolis.foundation import Frozen, InputError
from oncopolis.operations.booking.asking import Id
from oncopolis.operations.courses.deciders import name_person
from oncopolis.operations.deciding import Act, Decision, Moment
from oncopolis.operations.elements import get_referred
from oncopolis.operations.floor import Floor
from oncopolis.operations.loop import Parked, write_content
from oncopolis.operations.loop.clocks import BEHIND_MS, check_clock, is_ahead, is_off
from oncopolis.operations.nursing.acts import close_task
from oncopolis.operations.nursing.indexes import Tasks
from oncopolis.operations.nursing.signs import SIGNS, SignId, get_signs, read_signs, write_signs
from oncopolis.operations.reacting import Before, Reaction
from oncopolis.operations.views import Record
from oncopolis.operations.wards.finding import get_stay

Number = Annotated[float, Field(allow_inf_nan=False)]
OWNER: Final = "nurse"
"""Role on whose list it is what a machine measured at a time that is not ours."""
_KEPT: Final = ("code", "effectiveDateTime", "valueQuantity", "component", "device", "performer")
"""What of an Observation is repeated where it waits; it stays in the record."""
_OF_RULE: Final[Mapping[SignId, str]] = {"pulse": "signs", "pain": "pain"}
"""Sign that is always among those of a rule -> the rule that is met with it."""


class NoteSigns(Frozen):
    """What was measured at somebody on a ward; at least one."""

    stay: Id
    """Stay."""
    respiration: Number | None = None
    """Breaths a minute."""
    saturation: Number | None = None
    """Oxygen saturation, %."""
    systolic: Number | None = None
    """Upper blood pressure, mmHg."""
    diastolic: Number | None = None
    """Lower blood pressure, mmHg."""
    pulse: Number | None = None
    """Beats a minute."""
    temperature: Number | None = None
    """Degrees Celsius."""
    pain: Number | None = None
    """From 0 to 10, as the patient says."""
    at_ms: int | None = None
    """When, milliseconds since 1970 (UTC); now if left out."""
    by: Id | None = None
    """Practitioner who measured, where a program tells."""


def note_signs(floor: Floor, asked: NoteSigns, moment: Moment) -> Decision:
    """Write what was measured; what was due of it is done.

    A machine whose clock is off is not believed: what it measured waits on the list of the nurses. A person
    is told at once.
    """
    stay = get_stay(floor, asked.stay, ("admitted", "discharged"), "admit them first")
    where = f"Encounter/{stay.id}"
    person = name_person(moment, asked.by, where)
    values = {sign: value for sign in SIGNS if (value := getattr(asked, sign)) is not None}
    _check(values, where)
    at_ms = moment.at_ms if asked.at_ms is None else asked.at_ms
    if asked.by is not None and is_off(at_ms, moment, BEHIND_MS):
        content = write_content(asked.model_dump(mode="json", exclude_none=True))
        parked = Parked(
            moment.make_id(), "signs", "clock", OWNER, moment.at_ms, content, stay.patient, about=where
        )
        return Decision((parked,), answer={"observations": [], "parked": parked.id})
    check_clock(at_ms, moment, where)
    ids = (moment.make_id() for _ in values)
    records = tuple(write_signs(values, ids, stay.patient, stay.id, at_ms, person))
    decision = Decision(records=records, answer={"observations": [one["id"] for one in records]})
    met = {rule for sign, rule in _OF_RULE.items() if sign in values}
    for task in floor.index(Tasks).list_of(stay.id):
        if task.kind in met:
            decision += close_task(floor, task, person, moment)
    return decision


def _check(values: Mapping[SignId, float], where: str) -> None:
    if not values:
        raise InputError(
            code="OPS-433", where=where, got="no value", expected=f"one of {', '.join(SIGNS)}",
            fix="enter what was measured",
        )  # fmt: skip
    for id_, value in values.items():
        sign = get_signs()[id_]
        if not sign.is_possible(value):
            low, high = sign.possible
            raise InputError(
                code="OPS-434", where=f"{where}, {id_}", got=f"{value:g} {sign.unit}",
                expected=f"{low:g} to {high:g} {sign.unit}", fix="correct it: nobody can have that",
            )  # fmt: skip
    upper, lower = values.get("systolic"), values.get("diastolic")
    if upper is not None and lower is not None and lower >= upper:
        raise InputError(
            code="OPS-435", where=where, got=f"{upper:g} over {lower:g} mmHg",
            expected="the larger one first", fix="enter the upper value, then the lower one",
        )  # fmt: skip


def doubt_signs(floor: Floor, record: Record, _before: Before, moment: Moment) -> Decision | None:
    """Park what a monitor wrote for a time to come, once for a patient until that is settled."""
    if not any(is_ahead(at_ms, moment) for _, at_ms, _ in read_signs(record)):
        return None
    patient = get_referred(record.get("subject"), "Patient")
    if any(one.kind == "signs" and one.patient == patient for one in floor.list(Parked)):
        return None
    about = f"Observation/{record['id']}"
    content = write_content({name: record[name] for name in _KEPT if name in record})
    return Decision((
        Parked(moment.make_id(), "signs", "clock", OWNER, moment.at_ms, content, patient, about=about),
    ))  # fmt: skip


DOUBT_SIGNS = Reaction("Observation", doubt_signs)
NOTE_SIGNS = Act("note_signs", NoteSigns, note_signs, ("Observation", "Task"))
