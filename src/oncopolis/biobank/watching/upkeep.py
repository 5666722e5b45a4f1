"""Calibration and maintenance of tanks and their sensors: what is due, and that it was done."""

from dataclasses import replace
from typing import Annotated, Final

from pydantic import Field

from oncopolis.biobank.deciding import Act, Decision, Moment
from oncopolis.biobank.storage.asking import Line, Ms, Name, Reason
from oncopolis.foundation import Frozen, NotFoundError
from oncopolis.foundation.units import MS_PER_DAY
from oncopolis.record.biobank.books import Books
from oncopolis.record.biobank.custody import Event
from oncopolis.record.biobank.watching import Care, Nitrogen, Upkeep

_LONGEST: Final = 3_650  # structure: days of ten years
_MOST_L: Final = 1_000_000  # structure: litres no bulk tank has
Days = Annotated[int, Field(ge=1, le=_LONGEST)]
Litres = Annotated[float, Field(ge=0, le=_MOST_L, allow_inf_nan=False)]


class PlanUpkeep(Frozen):
    """Something has to be done again and again."""

    subject: Name
    """Tank or room."""
    kind: Care
    what: Line
    every_days: Days
    due_ms: Ms
    """When first."""


class DoUpkeep(Frozen):
    """It was done."""

    upkeep: Annotated[int, Field(ge=1)]
    said: Reason
    """Number of the certificate, or what was done."""


class ReadNitrogen(Frozen):
    """Somebody has read the bulk tank."""

    stock_l: Litres
    delivery_l: Litres = 0
    """What the supplier brings at a time."""
    every_days: Annotated[int, Field(ge=0, le=_LONGEST)] = 0
    """After how many days; 0 without a supplier."""
    next_days: Annotated[int, Field(ge=0, le=_LONGEST)] = 0
    """Days from now to the next time."""


def plan_upkeep(books: Books, asked: PlanUpkeep, _moment: Moment) -> Decision:
    """Have something done from now on."""
    id_ = books.make_number(Upkeep.TABLE)
    made = Upkeep(id_, asked.subject, asked.kind, asked.what, asked.every_days, asked.due_ms)
    return Decision((made,), (_tell(made, "upkeep planned"),), (), {"upkeep": id_})


def do_upkeep(books: Books, asked: DoUpkeep, moment: Moment) -> Decision:
    """Keep that it was done; it is due again after its days."""
    found = books.find(Upkeep, asked.upkeep)
    if found is None:
        raise NotFoundError(
            code="BIO-218", where=f"upkeep {asked.upkeep}", got="nothing of that number",
            expected="something that has to be done", fix="look at the list again",
        )  # fmt: skip
    after = replace(
        found, due_ms=moment.at_ms + found.every_days * MS_PER_DAY, done_ms=moment.at_ms, done_by=moment.name,
        said=asked.said,
    )  # fmt: skip
    return Decision((after,), (_tell(after, "upkeep done"),))


def _tell(one: Upkeep, what: str) -> Event:
    told = {"upkeep": one.id, "subject": one.subject, "kind": one.kind, "what": one.what, "said": one.said}
    return Event(what, container=0, told=told)


def read_nitrogen(books: Books, asked: ReadNitrogen, moment: Moment) -> Decision:
    """Keep what is in the bulk tank, and what the supplier has promised."""
    id_ = books.make_number(Nitrogen.TABLE)
    made = Nitrogen(
        id_, asked.stock_l, asked.delivery_l, asked.every_days, asked.next_days, moment.at_ms
    )  # fmt: skip
    told = {"stock_l": asked.stock_l, "delivery_l": asked.delivery_l}
    return Decision((made,), (Event("nitrogen read", container=0, told=told),), (), {"nitrogen": id_})


ACTS = (
    Act("bank_plan_upkeep", PlanUpkeep, plan_upkeep),
    Act("bank_do_upkeep", DoUpkeep, do_upkeep),
    Act("bank_nitrogen", ReadNitrogen, read_nitrogen),
)
