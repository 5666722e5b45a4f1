"""What people do with alarms of tanks: own them, put them off, and try out whether somebody comes."""

from dataclasses import replace
from typing import Annotated, Final

from pydantic import Field

from oncopolis.biobank.deciding import Act, Decision, Moment
from oncopolis.biobank.watching.alarms import TankAlarm, own, put_off
from oncopolis.biobank.watching.rota import CALL, list_calls
from oncopolis.foundation import ConflictError, Frozen, NotFoundError
from oncopolis.foundation.units import MS_PER_MINUTE
from oncopolis.record.biobank.books import Books
from oncopolis.record.biobank.watching import list_on_duty

_LONGEST: Final = 64  # structure: characters of a name
_HOUR: Final = 60  # structure: minutes of an hour
Minutes = Annotated[int, Field(ge=1, le=_HOUR)]


class OfTankAlarm(Frozen):
    """An alarm of a tank."""

    alarm: Annotated[str, Field(min_length=1, max_length=_LONGEST)]
    """Id of its Task."""


class PutOff(OfTankAlarm):
    """More time for its owner."""

    minutes: Minutes
    """From now on."""


class Drill(Frozen):
    """An exercise: an alarm of which nothing is true but the way it goes."""

    subject: Annotated[str, Field(min_length=1, max_length=_LONGEST)]
    """The tank or room."""
    answer_min: Minutes = 5  # structure: a default of an exercise
    """Minutes after which the next one is told."""


def own_alarm(_books: Books, asked: OfTankAlarm, moment: Moment) -> Decision:
    """Somebody sees to it from now on, under their name."""
    alarm = _get(asked, moment)
    return _write(own(alarm, moment.name, moment.who.name, moment.at_ms))


def put_alarm_off(_books: Books, asked: PutOff, moment: Moment) -> Decision:
    """Give the owner more time; nobody but the owner, and not for what harms somebody soon."""
    alarm = _get(asked, moment)
    if alarm.owner != moment.name:
        raise ConflictError(
            code="BIO-131", where=f"alarm {alarm.key}", got=f"owner {alarm.owner or 'nobody'}",
            expected="its owner", fix="own it first",
        )  # fmt: skip
    span_ms = asked.minutes * MS_PER_MINUTE
    if alarm.is_serious or span_ms > alarm.snooze_ms:
        raise ConflictError(
            code="BIO-132", where=f"alarm {alarm.key}", got=f"{asked.minutes} minutes",
            expected="nothing: it cannot be put off" if alarm.is_serious
            else f"at most {alarm.snooze_ms // MS_PER_MINUTE}",
            fix="see to what is wrong, or hand it to somebody who does",
        )  # fmt: skip
    return _write(put_off(alarm, moment.at_ms + span_ms))


def drill(books: Books, asked: Drill, moment: Moment) -> Decision:
    """Begin an exercise; it ends when somebody owns it."""
    span_ms = asked.answer_min * MS_PER_MINUTE
    alarm = TankAlarm(
        moment.make_id(), f"drill:{asked.subject}", "drill", asked.subject, moment.at_ms,
        moment.at_ms + span_ms, span_ms, 0, is_drill=True,
    )  # fmt: skip
    calls = list_calls(alarm, list_on_duty(books.session, moment.at_ms))
    return replace(_write(alarm), jobs=tuple((CALL, payload) for payload, _ in calls))


def _get(asked: OfTankAlarm, moment: Moment) -> TankAlarm:
    record = moment.fetch("Task", asked.alarm)
    alarm = TankAlarm.from_record(record) if record is not None and TankAlarm.is_mine(record) else None
    if alarm is None or not alarm.is_open:
        raise NotFoundError(
            code="BIO-130", where=f"alarm {asked.alarm:.64}",
            got="no such alarm" if alarm is None else "one that is over",
            expected="one that goes on", fix="look at the list again",
        )  # fmt: skip
    return alarm


def _write(alarm: TankAlarm) -> Decision:
    answer = {"alarm": alarm.id, "owner": alarm.owner, "next_ms": alarm.next_ms}
    return Decision((), (), (alarm.to_record(),), answer)


ACTS = (
    Act("bank_own_alarm", OfTankAlarm, own_alarm, ("Task",)),
    Act("bank_put_off_alarm", PutOff, put_alarm_off, ("Task",)),
    Act("bank_drill", Drill, drill, ("Task",)),
)
