"""Who is on duty for the tanks, and who of them is called for an alarm that nobody owns."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Annotated, Any, Final

from pydantic import Field

from oncopolis.biobank.deciding import Act, Decision, Moment
from oncopolis.biobank.storage.asking import Line, Ms, Name
from oncopolis.biobank.watching.alarms import N_RUNGS, TankAlarm
from oncopolis.biobank.watching.breaches import QUIET
from oncopolis.foundation import ConflictError, Frozen, InputError, NotFoundError
from oncopolis.record.biobank.books import Books
from oncopolis.record.biobank.custody import Event
from oncopolis.record.biobank.watching import Duty, list_duties

CALL: Final = "tank-call"
"""Kind of the messages in the outbox: each names an alarm and a duty."""
Rung = Annotated[int, Field(ge=0, lt=N_RUNGS)]


class AddDuty(Frozen):
    """Somebody is called in a time."""

    person: Name
    """``Practitioner/<id>``, or another account."""
    name: Line
    """What they are called."""
    address: Line
    """Where they are reached, as the gateway of messages understands it."""
    rung: Rung = 0
    """0 is called first, 1 leads the biobank, 2 is the command centre."""
    from_ms: Ms
    until_ms: Ms


class EndDuty(Frozen):
    """A duty is over before its time, or does not begin."""

    duty: Annotated[int, Field(ge=1)]


def add_duty(books: Books, asked: AddDuty, moment: Moment) -> Decision:
    """Put somebody on the rota."""
    if asked.until_ms <= max(asked.from_ms, moment.at_ms):
        raise InputError(
            code="BIO-205", where=f"duty of {asked.name:.64}",
            got="one that ends before it begins, or is over", expected="a time to come",
            fix="correct the days and times",
        )  # fmt: skip
    mine = (one for one in list_duties(books.session, asked.from_ms) if one.person == asked.person)
    if any(one.rung == asked.rung and one.from_ms < asked.until_ms for one in mine):
        raise ConflictError(
            code="BIO-206", where=f"duty of {asked.name:.64}", got="a time in which they are on duty already",
            expected="another time", fix="end the other duty first",
        )  # fmt: skip
    id_ = books.make_number(Duty.TABLE)
    made = Duty(
        id_, asked.rung, asked.person, asked.name, asked.address, asked.from_ms, asked.until_ms
    )  # fmt: skip
    return Decision((made,), (_tell(made, "duty"),), (), {"duty": id_})


def end_duty(books: Books, asked: EndDuty, moment: Moment) -> Decision:
    """Take somebody off the rota."""
    found = books.find(Duty, asked.duty)
    if found is None or found.until_ms <= moment.at_ms:
        raise NotFoundError(
            code="BIO-207", where=f"duty {asked.duty}",
            got="no such duty" if found is None else "one that is over",
            expected="one that goes on or comes", fix="look at the rota again",
        )  # fmt: skip
    after = replace(found, from_ms=min(found.from_ms, moment.at_ms), until_ms=moment.at_ms)
    return Decision((after,), (_tell(after, "duty ended"),))


def _tell(duty: Duty, what: str) -> Event:
    told = {"duty": duty.id, "person": duty.person, "rung": duty.rung, "until_ms": duty.until_ms}
    return Event(what, container=0, told=told)


def is_to_call(before: TankAlarm | None, after: TankAlarm) -> bool:
    """Tell whether people are called by what became of an alarm: it is new, or its time ran out again."""
    if not after.is_open or after.owner or after.rule in QUIET:
        return False
    return before is None or (after.rung, after.next_ms) != (before.rung, before.next_ms)


def find_called(on_duty: Sequence[Duty], rung: int) -> list[Duty]:
    """Return who is called for an alarm on a rung: who stands there, or else next to it, upwards first."""
    rungs = {one.rung for one in on_duty}
    above = sorted(one for one in rungs if one >= rung)
    below = sorted((one for one in rungs if one < rung), reverse=True)
    chosen = next(iter([*above, *below]), None)
    return [one for one in on_duty if one.rung == chosen]


def list_calls(alarm: TankAlarm, on_duty: Sequence[Duty]) -> Iterable[tuple[dict[str, Any], str]]:
    """Yield messages that an alarm goes out with: payload, and a key by which each is sent once."""
    for duty in find_called(on_duty, alarm.rung):
        yield {"alarm": alarm.id, "duty": duty.id}, f"{CALL}:{alarm.id}:{alarm.next_ms}:{duty.id}"


ACTS = (
    Act("bank_duty", AddDuty, add_duty),
    Act("bank_end_duty", EndDuty, end_duty),
)
