"""What is done with alarms: taken, handed on, closed, and over by themselves."""

from dataclasses import replace
from itertools import islice
from typing import Annotated, Final

from pydantic import Field

from oncopolis.foundation import ConflictError, Frozen, NotFoundError
from oncopolis.operations.booking.asking import Id
from oncopolis.operations.command.causes import RULES, list_causes, list_going_on
from oncopolis.operations.command.views import Taken
from oncopolis.operations.courses.changing import check_reason
from oncopolis.operations.courses.deciders import name_person
from oncopolis.operations.courses.telling import Text
from oncopolis.operations.deciding import Act, Decision, Moment
from oncopolis.operations.floor import Floor
from oncopolis.operations.lines import note_line
from oncopolis.record.store.journal import JournalLine

PATHWAY: Final = "command"
_LONGEST_KEY = 200  # structure: characters of a rule and what it is about


class OfAlarm(Frozen):
    """An alarm."""

    alarm: Annotated[str, Field(min_length=1, max_length=_LONGEST_KEY)]
    """Rule and subject, as the list of alarms names it: ``queue-wait:outpatient``."""
    by: Id | None = None
    """Practitioner who sees to it, where a program tells."""


class CloseAlarm(OfAlarm):
    """An alarm that is not worth one though its cause is there."""

    reason: Text
    """Why."""


class ClearAlarms(Frozen):
    """Alarms whose cause has gone."""

    at_most: Annotated[int, Field(ge=1, le=500)] = 50  # structure: so many in one transaction
    """Alarms that are ended at once."""


def take_alarm(floor: Floor, asked: OfAlarm, moment: Moment) -> Decision:
    """Somebody sees to it from now on; taken over from somebody else, it has the new owner."""
    person = name_person(moment, asked.by, f"alarm {asked.alarm}")
    known = _find(floor, asked.alarm)
    if known is not None and known.owner == person:
        return _tell(known)
    if known is None:
        _check_is_on(floor, asked.alarm, moment)
    after = Taken(
        moment.make_id() if known is None else known.id,
        asked.alarm,
        person,
        _name(moment, asked),
        moment.at_ms,
    )
    return Decision((after,), lines=(_note(after, "taken", moment),)) + _tell(after)


def close_alarm(floor: Floor, asked: CloseAlarm, moment: Moment) -> Decision:
    """Close an alarm with a reason; it comes back as a new one when its cause does."""
    name_person(moment, asked.by, f"alarm {asked.alarm}")
    known = _find(floor, asked.alarm)
    if known is None:
        raise ConflictError(
            code="OPS-401", where=f"alarm {asked.alarm:.80}", got="one that nobody has taken",
            expected="one that is taken", fix="take it first",
        )  # fmt: skip
    reason = check_reason(asked.reason, f"Task/{known.id}")
    after = replace(known, state="closed", ended_ms=moment.at_ms, reason=reason)
    return Decision((after,), lines=(_note(after, "closed", moment),)) + _tell(after)


def clear_alarms(floor: Floor, asked: ClearAlarms, moment: Moment) -> Decision:
    """End those whose cause has gone, well below its limit."""
    going_on = list_going_on(floor, moment.at_ms)
    over = list(islice((one for one in floor.list(Taken) if one.key not in going_on), asked.at_most))
    after = tuple(replace(one, state="over", ended_ms=moment.at_ms) for one in over)
    lines = tuple(_note(one, "over", moment) for one in after)
    return Decision(after, lines=lines, answer={"closed": len(after)})


def _find(floor: Floor, key: str) -> Taken | None:
    return next((one for one in floor.list(Taken) if one.key == key), None)


def _check_is_on(floor: Floor, key: str, moment: Moment) -> None:
    if key not in {cause.key for cause in list_causes(floor, moment.at_ms)}:
        raise NotFoundError(
            code="OPS-400", where=f"alarm {key:.80}", got="no such alarm now",
            expected=f"one that is on, of the rules {', '.join(RULES)}", fix="look at the list again",
        )  # fmt: skip


def _name(moment: Moment, asked: OfAlarm) -> str:
    return moment.who.name if asked.by is None else ""


def _note(taken: Taken, what: str, moment: Moment) -> JournalLine:
    rule, _, subject = taken.key.partition(":")
    return note_line(
        taken.id, f"{rule}_{what}".replace("-", "_"), moment.at_ms, resource=subject, pathway=PATHWAY,
        start_ms=taken.taken_ms,
    )  # fmt: skip


def _tell(taken: Taken) -> Decision:
    return Decision(answer={"alarm": taken.key, "owner": taken.owner, "state": taken.state})


TAKE_ALARM = Act("take_alarm", OfAlarm, take_alarm, ("Task",))
CLOSE_ALARM = Act("close_alarm", CloseAlarm, close_alarm, ("Task",))
CLEAR_ALARMS = Act("clear_alarms", ClearAlarms, clear_alarms, ("Task",))
ACTS = (TAKE_ALARM, CLOSE_ALARM, CLEAR_ALARMS)
"""Everything that can be done with alarms."""
