"""Everything that can be done in the live centre, and every kind of view on its floor."""

from collections.abc import Mapping
from typing import Any, Final

from oncopolis.foundation import NotFoundError
from oncopolis.operations import (
    arrivals,
    board,
    booking,
    charges,
    command,
    courses,
    diagnoses,
    doses,
    infusion,
    loop,
    merging,
    notices,
    notifications,
    nursing,
    orders,
    people,
    reports,
    sharing,
    staff,
    summaries,
    theatre,
    things,
    tubes,
    upkeep,
    wards,
)
from oncopolis.operations.deciding import Act
from oncopolis.operations.reacting import Reaction
from oncopolis.operations.views import View


def list_acts() -> tuple[Act[Any], ...]:
    """Return the acts of all contexts, one context a line."""
    return (
        *people.ACTS,
        *staff.ACTS,
        *merging.ACTS,
        *booking.ACTS,
        *upkeep.ACTS,
        *things.ACTS,
        *arrivals.ACTS,
        *wards.ACTS,
        *nursing.ACTS,
        *courses.ACTS,
        *diagnoses.ACTS,
        *summaries.ACTS,
        *charges.ACTS,
        *sharing.ACTS,
        *notifications.ACTS,
        *board.ACTS,
        *orders.ACTS,
        *reports.ACTS,
        *loop.ACTS,
        *theatre.ACTS,
        *infusion.ACTS,
        *doses.ACTS,
        *tubes.ACTS,
        *notices.ACTS,
        *command.ACTS,
    )


ACTS: Final[Mapping[str, Act[Any]]] = {act.name: act for act in list_acts()}
"""Acts by name."""

VIEWS: Final[tuple[type[View], ...]] = (
    *courses.VIEWS,
    booking.Machine,
    booking.Room,
    things.Thing,
    booking.Booking,
    wards.Bed,
    wards.Stay,
    arrivals.Visit,
    arrivals.Contact,
    *board.VIEWS,
    *sharing.VIEWS,
    *notifications.VIEWS,
    *orders.VIEWS,
    *loop.VIEWS,
    theatre.Operation,
    *infusion.VIEWS,
    *doses.VIEWS,
    notices.Notice,
    *nursing.VIEWS,
    *command.VIEWS,
)
"""Kinds of views, those before others that refer to them."""

REACTIONS: Final[tuple[Reaction, ...]] = (*reports.REACTIONS, *nursing.REACTIONS)
"""What follows from records that others write."""


def get_act(name: str) -> Act[Any]:
    """Return an act; `NotFoundError` if there is none of that name."""
    act = ACTS.get(name)
    if act is None:
        raise NotFoundError(
            code="OPS-005", where=f"act {name:.60}", got="no such act",
            expected=f"one of {', '.join(sorted(ACTS))}", fix="choose one",
        )  # fmt: skip
    return act
