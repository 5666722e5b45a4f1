"""People in a room of tanks: two go in, never one, and nobody where the air is not known to be good."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from typing import Annotated, Final

from pydantic import Field

from oncopolis.biobank.deciding import Act, Decision, Moment
from oncopolis.biobank.storage.asking import Line, Name
from oncopolis.biobank.watching.alarms import TankAlarm
from oncopolis.foundation import ConflictError, ForbiddenError, Frozen
from oncopolis.record.biobank.books import Books
from oncopolis.record.biobank.custody import Event
from oncopolis.record.biobank.watching import Inside, list_inside, list_open_tasks

CLOSING: Final = ("oxygen-low", "interlock-open", "silent", "doubtful", "intake-silent")
"""Rules whose alarm closes a room: its air is bad, or nobody knows how it is."""
_EVERYWHERE: Final = "intake"
_LONGEST: Final = 64  # structure: characters of a name


class EnterRoom(Frozen):
    """Whoever asks goes in, with somebody else."""

    room: Name
    companion: Name
    """Who goes in too, ``Practitioner/<id>`` or another account; or who is inside already."""
    companion_name: Line
    """What they are called."""


class LeaveRoom(Frozen):
    """Somebody has come out."""

    room: Name
    person: Annotated[str, Field(max_length=_LONGEST)] = ""
    """Who; everybody if left out."""


def enter_room(books: Books, asked: EnterRoom, moment: Moment) -> Decision:
    """Let two people in."""
    inside = {one.person: one for one in list_inside(books.session) if one.room == asked.room}
    if moment.name in inside:
        raise ConflictError(
            code="BIO-214", where=f"room {asked.room}", got="somebody who is inside",
            expected="somebody outside", fix="nothing has to be done",
        )  # fmt: skip
    if asked.companion == moment.name:
        raise ForbiddenError(
            code="BIO-215", where=f"room {asked.room}", got="one person", expected="two",
            fix="go in with somebody, or wait until somebody comes",
        )  # fmt: skip
    _check_air(books, asked.room, moment)
    people = {moment.name: moment.who.name or moment.name, asked.companion: asked.companion_name}
    new = {person: name for person, name in people.items() if person not in inside}
    numbers = books.make_numbers(Inside)
    rows = tuple(
        Inside(next(numbers), asked.room, person, name, moment.at_ms) for person, name in new.items()
    )
    events = tuple(_tell(one, "entered") for one in rows)
    return Decision(rows, events, (), {"inside": len(inside) + len(rows)})


def _check_air(books: Books, room: str, moment: Moment) -> None:
    alarms = (moment.fetch("Task", id_) for id_ in list_open_tasks(books.session, CLOSING))
    wrong = find_closing((TankAlarm.from_record(one) for one in alarms if one is not None), room)
    if wrong:
        raise ForbiddenError(
            code="BIO-216", where=f"room {room}", got=", ".join(sorted(wrong)),
            expected="air that is known to be good", fix="see to the alarms of the room from outside",
        )  # fmt: skip


def find_closing(alarms: Iterable[TankAlarm], room: str) -> list[str]:
    """Return names of what closes a room now."""
    return [
        one.key
        for one in alarms
        if one.rule in CLOSING and one.subject in (room, _EVERYWHERE) and one.is_open and one.gone_ms is None
    ]


def find_alone(inside: Iterable[Inside]) -> frozenset[str]:
    """Return rooms with one person in them."""
    counts = Counter(one.room for one in inside)
    return frozenset(room for room, n in counts.items() if n == 1)


def leave_room(books: Books, asked: LeaveRoom, moment: Moment) -> Decision:
    """Note that somebody is out."""
    inside = [one for one in list_inside(books.session) if one.room == asked.room]
    found = [one for one in inside if asked.person in ("", one.person)]
    if not found:
        raise ConflictError(
            code="BIO-217", where=f"room {asked.room}", got=f"{asked.person or 'nobody'}, not inside",
            expected="somebody who is inside", fix="look at the page again",
        )  # fmt: skip
    rows = tuple(replace(one, out_ms=moment.at_ms) for one in found)
    return Decision(rows, tuple(_tell(one, "left") for one in rows))


def _tell(one: Inside, what: str) -> Event:
    return Event(f"room {what}", container=0, told={"room": one.room, "person": one.person})


ACTS = (
    Act("bank_enter_room", EnterRoom, enter_room),
    Act("bank_leave_room", LeaveRoom, leave_room),
)
