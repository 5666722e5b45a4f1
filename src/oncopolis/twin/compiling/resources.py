"""Rows of resources: what stands in for what, when they fail, and how they are booked."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from oncopolis.centre.resource import Resource
from oncopolis.foundation.kernels.variates import EXPONENTIAL
from oncopolis.foundation.names import name_key
from oncopolis.twin.compiling.bundles import Bundles
from oncopolis.twin.compiling.columns import Columns
from oncopolis.twin.compiling.roster import Roster
from oncopolis.twin.compiling.values import Values
from oncopolis.twin.kernels import tables as k

FAILS = {"always": k.ALWAYS, "open": k.OPEN_ONLY, "busy": k.BUSY_ONLY}


def add_resources(
    columns: Columns,
    values: Values,
    roster: Roster,
    resources: Sequence[Resource],
    bundles: Bundles,
    alternatives: Sequence[int],
    ranks: Sequence[int],
) -> None:
    """Write a row for each resource."""
    sizes = bundles.list_amounts()
    runs = 0
    for r, resource in enumerate(resources):
        breakdown = resource.breakdown
        fails = k.NEVER_FAILS if breakdown is None else FAILS[breakdown.clock]
        tracked = fails != k.NEVER_FAILS or resource.preempts
        room = roster.most[r] * k.UNIT // min(sizes.get(r, {k.UNIT})) + roster.most[r] + 1 if tracked else 0
        every = repair = None
        if breakdown is not None:
            place = ("resources", roster.keys[r], "breakdown")
            every = values.resolve(breakdown.every, *place, "every")
            repair = values.resolve(breakdown.repair, *place, "repair")
        columns.add(
            re_alt=alternatives[r],
            re_even=len(sizes.get(r, ())) <= 1,
            re_stays=resource.kind != "role",
            re_rank=ranks[r],
            re_waiting=-1 if resource.waiting is None else resource.waiting,
            re_preempts=resource.preempts,
            re_fits=resource.booking is not None and resource.booking.must_fit,
            re_fails=fails,
            re_every=values.get_ticks(every),
            re_repair=values.add_time(repair, EXPONENTIAL),
            re_units=roster.most[r],
            re_key=name_key(f"resource.{roster.keys[r]}"),
            re_r0=runs if tracked else -1,
            re_runs=room,
        )
        runs += room


def add_booking(
    columns: Columns, arrays: dict[str, NDArray[Any]], values: Values, roster: Roster, booked: Sequence[int]
) -> None:
    """Write a row for each resource that is booked, and what of it can be, day by day."""
    for r in booked:
        booking = roster.centre.resources[roster.keys[r]].booking
        assert booking is not None
        resolve, place = values.resolve, ("resources", roster.keys[r], "booking")
        columns.add(
            bk_res=r,
            bk_urgent=values.get(resolve(booking.urgent_share, *place, "urgent_share"), 0.0),
            bk_urgent_days=booking.urgent_days,
            bk_no_show=values.get(resolve(booking.no_show, *place, "no_show"), 0.0),
            bk_cancelled=values.get(resolve(booking.cancelled, *place, "cancelled"), 0.0),
            bk_cancelled_days=booking.cancelled_days,
            bk_late=values.add_time(resolve(booking.lateness, *place, "lateness")),
            bk_horizon=min(booking.horizon_days, k.RING - 2),
        )
    profile, capacity, total = roster.make_profiles(booked)
    arrays["bk_profile"] = np.ascontiguousarray(profile.reshape(len(booked), roster.days.n).T)
    arrays["bk_capacity"] = capacity
    arrays["bk_total"] = total
    arrays["bk_first"] = np.where(capacity.any(axis=1), (capacity > 0).argmax(axis=1), k.CELLS)
