"""Tasks of nursing: planned, done, skipped with a reason, and laid by rules."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from typing import Annotated, Final

from pydantic import Field

from oncopolis.foundation import ConflictError, Frozen
from oncopolis.foundation.units import MS_PER_HOUR
from oncopolis.operations.booking.asking import Id
from oncopolis.operations.courses.changing import check_reason
from oncopolis.operations.courses.deciders import name_person
from oncopolis.operations.courses.telling import Text
from oncopolis.operations.deciding import Act, Decision, Moment
from oncopolis.operations.floor import Floor
from oncopolis.operations.lines import note_line
from oncopolis.operations.nursing.indexes import Handovers, Tasks
from oncopolis.operations.nursing.rules import get_rules, list_for
from oncopolis.operations.nursing.views import OTHER, Handover, NursingTask
from oncopolis.operations.views import View
from oncopolis.operations.wards.finding import get_stay
from oncopolis.operations.wards.views import Stay

_LONGEST_H: Final = 168  # structure: hours of a week
_WRITES: Final = ("Task",)


class PlanTask(Frozen):
    """Something that has to be done at somebody on a ward."""

    stay: Id
    """Stay."""
    text: Text
    """What."""
    due_ms: int | None = None
    """When, milliseconds since 1970 (UTC); now if left out."""
    every_h: Annotated[int, Field(ge=1, le=_LONGEST_H)] | None = None
    """After how many hours again; once if left out."""
    by: Id | None = None
    """Practitioner who plans it, where a program tells."""


class OfTask(Frozen):
    """A task that is to be done."""

    task: Id
    """Task."""
    by: Id | None = None
    """Practitioner who does it, where a program tells."""


class FinishTask(OfTask):
    """It is done."""

    note: Text = ""
    """What was seen."""


class WithReason(OfTask):
    """It is not done now, or not wanted any more."""

    reason: Text
    """Why."""


class LayTasks(Frozen):
    """What rules ask for is put on the lists of the wards; what they ask for no more is taken off."""

    at_most: Annotated[int, Field(ge=1, le=500)] = 200  # structure: so many in one transaction
    """Tasks that are changed at once."""


def plan_task(floor: Floor, asked: PlanTask, moment: Moment) -> Decision:
    """Put something on the list of a bed."""
    stay = get_stay(floor, asked.stay, ("admitted", "discharged"), "admit them first")
    person = name_person(moment, asked.by, f"Encounter/{stay.id}")
    due_ms = moment.at_ms if asked.due_ms is None else asked.due_ms
    made = NursingTask(
        moment.make_id(), stay.patient, stay.id, OTHER, due_ms,
        moment.at_ms, check_reason(asked.text, f"Encounter/{stay.id}"), (asked.every_h or 0) * MS_PER_HOUR,
        person,
    )  # fmt: skip
    return Decision((made,), answer={"task": made.id})


def finish_task(floor: Floor, asked: FinishTask, moment: Moment) -> Decision:
    """Say that it is done; if it is repeated, it is due again from now on."""
    known = get_task(floor, asked.task)
    person = name_person(moment, asked.by, f"Task/{known.id}")
    return close_task(floor, known, person, moment, note=asked.note)


def skip_task(floor: Floor, asked: WithReason, moment: Moment) -> Decision:
    """Leave it out this time; if it is repeated, the next one is due when it would have been."""
    known = get_task(floor, asked.task)
    person = name_person(moment, asked.by, f"Task/{known.id}")
    reason = check_reason(asked.reason, f"Task/{known.id}")
    return close_task(floor, known, person, moment, reason=reason)


def end_task(floor: Floor, asked: WithReason, moment: Moment) -> Decision:
    """Take what somebody entered off the list for good; what a rule asks for is skipped each time."""
    known = get_task(floor, asked.task)
    person = name_person(moment, asked.by, f"Task/{known.id}")
    if known.kind != OTHER:
        raise ConflictError(
            code="OPS-432", where=f"Task/{known.id}", got=f"what the rule {known.kind} asks for",
            expected="something that somebody entered", fix="skip it, with a reason, each time",
        )  # fmt: skip
    reason = check_reason(asked.reason, f"Task/{known.id}")
    over = replace(known, state="over", by=person, at_ms=moment.at_ms, reason=reason)
    return Decision((over,), answer={"task": over.id})


def get_task(floor: Floor, id_: str) -> NursingTask:
    """Return a task that is to be done; `ConflictError` if somebody was first."""
    known = floor.get(NursingTask, id_)
    if not known.is_open:
        raise ConflictError(
            code="OPS-431", where=f"Task/{id_}", got=f"a task that is {known.state}",
            expected="one to be done", fix="look at the list as it is now",
        )  # fmt: skip
    return known


def close_task(
    floor: Floor, known: NursingTask, person: str, moment: Moment, *, note: str = "", reason: str = ""
) -> Decision:
    """Return what follows when a task is done, or skipped for a reason: the next one, if it is repeated."""
    after = replace(
        known, state="skipped" if reason else "done", by=person, at_ms=moment.at_ms, note=note, reason=reason
    )
    puts: tuple[View, ...] = (after,)
    every_ms = _find_every_ms(floor, known)
    if every_ms:
        due_ms = known.due_ms + every_ms if reason else moment.at_ms + every_ms
        while due_ms <= moment.at_ms:
            due_ms += every_ms
        puts = (after, replace(known, id=moment.make_id(), due_ms=due_ms, made_ms=moment.at_ms))
    line = note_line(
        known.patient, f"nursing_{known.kind}_{after.state}", moment.at_ms, planned_ms=known.due_ms,
        pathway="nursing", outcome="cancelled" if reason else "done",
    )  # fmt: skip
    return Decision(puts, lines=(line,), answer={"task": known.id, "state": after.state})


def _find_every_ms(floor: Floor, known: NursingTask) -> int:
    rules = {str(id_): rule for id_, rule in get_rules().items()}
    rule = rules.get(known.kind)
    return known.every_ms if rule is None else floor.house.values.get_ms(rule.every)


def lay_tasks(floor: Floor, asked: LayTasks, moment: Moment) -> Decision:
    """Put on the lists what rules ask for, and take off what belongs to nobody in a bed any more."""
    changes = [*_list_over(floor, moment), *_list_wanted(floor, moment)]
    puts = tuple(islice(changes, asked.at_most))
    return Decision(puts, answer={"closed": len(puts)})


def _list_over(floor: Floor, moment: Moment) -> Iterator[View]:
    rules = {str(id_): rule for id_, rule in get_rules().items()}
    for task in floor.list(NursingTask):
        stay, rule = floor.find(Stay, task.stay), rules.get(task.kind)
        is_wanted = stay is not None and (task.kind == OTHER or (rule is not None and rule.is_for(stay)))
        if not is_wanted:
            yield replace(task, state="over", at_ms=moment.at_ms)
    for one in floor.list(Handover):
        if floor.find(Stay, one.stay) is None:
            yield replace(one, is_current=False)


def _list_wanted(floor: Floor, moment: Moment) -> Iterator[View]:
    tasks, house = floor.index(Tasks), floor.house
    for stay in floor.list(Stay):
        if stay.came_ms is not None and stay.came_ms > moment.at_ms:
            continue  # Of a day that is rehearsed, or of a clock that is ahead: nobody lies there yet.
        laid = {task.kind for task in tasks.list_of(stay.id)}
        for rule in list_for(stay):
            if rule.id not in laid:
                due_ms = rule.find_first_ms(stay, house, moment.at_ms)
                yield NursingTask(moment.make_id(), stay.patient, stay.id, rule.id, due_ms, moment.at_ms)


class NoteHandover(Frozen):
    """What the next shift has to know of somebody."""

    stay: Id
    """Stay."""
    words: Text
    """In the words of who hands over."""
    by: Id | None = None
    """Practitioner who says so, where a program tells."""


def note_handover(floor: Floor, asked: NoteHandover, moment: Moment) -> Decision:
    """Write what the next shift has to know; it takes the place of what was there."""
    stay = get_stay(floor, asked.stay, ("admitted", "discharged"), "admit them first")
    person = name_person(moment, asked.by, f"Encounter/{stay.id}")
    words = check_reason(asked.words, f"Encounter/{stay.id}")
    name = moment.who.name if asked.by is None else ""
    made = Handover(moment.make_id(), stay.patient, stay.id, words, moment.at_ms, person, name)
    before = floor.index(Handovers).of.get(stay.id)
    puts = (made,) if before is None else (replace(before, is_current=False), made)
    return Decision(puts, answer={"handover": made.id})


PLAN_TASK = Act("plan_task", PlanTask, plan_task, _WRITES)
FINISH_TASK = Act("finish_task", FinishTask, finish_task, _WRITES)
SKIP_TASK = Act("skip_task", WithReason, skip_task, _WRITES)
END_TASK = Act("end_task", WithReason, end_task, _WRITES)
LAY_TASKS = Act("lay_tasks", LayTasks, lay_tasks, (*_WRITES, "Communication"))
NOTE_HANDOVER = Act("note_handover", NoteHandover, note_handover, ("Communication",))
