"""Results that cannot wait: how long they have waited, and passing them on while nobody has seen them.

A critical result goes to who asked for it first, then to everybody who may see results, then to the command
centre. Each step has the same time (`result.critical.seen`).
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from itertools import islice
from typing import Annotated, Final, Literal, TypeAlias

from pydantic import Field

from oncopolis.foundation import Frozen, InputError
from oncopolis.operations.deciding import Act, Decision, Moment
from oncopolis.operations.floor import Floor
from oncopolis.operations.house import House
from oncopolis.operations.lines import note_line
from oncopolis.operations.orders.views import Order
from oncopolis.record.store.journal import JournalLine

Audience: TypeAlias = Literal["requester", "department", "command"]
AUDIENCES: Final[tuple[Audience, ...]] = ("requester", "department", "command")
"""Who has to see to it, by how often it was passed on."""

_CRITICAL, _USUAL = "result.critical.seen", "result.usual.seen"
_LINE: Final = "critical_result"
_NUMBER: Final = re.compile(r"[0-9]+(?:[.,][0-9]+)?")


class RaiseResults(Frozen):
    """Critical results that have not been seen in time."""

    at_most: Annotated[int, Field(ge=1, le=500)] = 50  # structure: so many in one transaction
    """Results that are passed on at once."""


def get_time_ms(order: Order, house: House) -> int:
    """Return how long a result may be unseen."""
    return house.values.get_ms(_CRITICAL if order.critical else _USUAL)


def find_late_ms(order: Order, house: House, now_ms: int) -> int | None:
    """Return by how much a result is seen too late; below 0 what is left, None if there is no result."""
    if order.resulted_ms is None:
        return None
    return (order.seen_ms or now_ms) - order.resulted_ms - get_time_ms(order, house)


def get_audience(order: Order) -> Audience:
    """Return who has to see to a critical result now."""
    return AUDIENCES[min(order.raised, len(AUDIENCES) - 1)]


def list_critical(floor: Floor) -> list[Order]:
    """Return critical results that nobody has seen, the oldest first."""
    waiting = (one for one in floor.list(Order) if one.critical and one.state == "resulted")
    return sorted(waiting, key=lambda one: (one.resulted_ms or 0, one.id))


def list_overdue(floor: Floor, now_ms: int) -> Iterator[Order]:
    """Yield those whose time at the present step is over, and that can be passed on."""
    for order in list_critical(floor):
        steps_ms = (order.raised + 1) * get_time_ms(order, floor.house)
        if order.raised < len(AUDIENCES) - 1 and now_ms - (order.resulted_ms or 0) >= steps_ms:
            yield order


def raise_results(floor: Floor, asked: RaiseResults, moment: Moment) -> Decision:
    """Pass on critical results that have not been seen in time."""
    overdue = list(islice(list_overdue(floor, moment.at_ms), asked.at_most))
    return Decision(
        puts=tuple(replace(one, raised=one.raised + 1) for one in overdue),
        lines=tuple(_write_line(one, moment.at_ms, f"raised_{one.raised + 1}") for one in overdue),
        answer={"closed": len(overdue), "raised": [one.id for one in overdue]},
    )


def check_read_back(order: Order, said: str) -> None:
    """Refuse to have seen a critical result whose value is not repeated as it is.

    Its first number has to be among what is repeated, and no number that it does not have; of a result
    without numbers some words.

    Raises
    ------
    InputError
        Nothing is repeated (OPS-482), or another value (OPS-483).
    """
    if not order.critical:
        return
    where = f"ServiceRequest/{order.id}"
    found, repeated = _list_numbers(order.critical), _list_numbers(said)
    if not said.strip() or (found and not repeated):
        raise InputError(
            code="OPS-482", where=where, got="a critical result whose value was not repeated",
            expected="the value as it was read, in `read_back`", fix="read it again and repeat its value",
        )  # fmt: skip
    if found and (found[0] not in repeated or not set(repeated) <= set(found)):
        raise InputError(
            code="OPS-483", where=where, got=f"{said.strip()[:60]!r}", expected="the value of the result",
            fix="read it again: it may be the result of somebody else",
        )  # fmt: skip


def _list_numbers(text: str) -> list[Decimal]:
    return [Decimal(one.replace(",", ".")) for one in _NUMBER.findall(text)]


def list_seen(house: House, order: Order) -> tuple[JournalLine, ...]:
    """Return the line of a critical result that has been seen, when it should have been, and when it was."""
    if not order.critical or order.resulted_ms is None or order.seen_ms is None:
        return ()
    planned_ms = order.resulted_ms + get_time_ms(order, house)
    return (
        note_line(
            order.patient, _LINE, order.seen_ms, planned_ms=planned_ms, start_ms=order.resulted_ms,
            resource=order.owner,
        ),
    )  # fmt: skip


def _write_line(order: Order, at_ms: int, what: str) -> JournalLine:
    return note_line(
        order.patient, f"{_LINE}_{what}", at_ms, start_ms=order.resulted_ms, resource=order.owner
    )


RAISE_RESULTS = Act("raise_results", RaiseResults, raise_results, ("ServiceRequest",))
