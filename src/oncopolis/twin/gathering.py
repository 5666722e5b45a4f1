"""From the state at the end of a run to its `Result`."""

from datetime import timedelta
from hashlib import blake2b
from typing import Any

import numpy as np
from numpy.typing import NDArray

from oncopolis.twin.kernels import tables as k
from oncopolis.twin.kernels.engine import bring_up
from oncopolis.twin.kernels.tables import UNIT, State
from oncopolis.twin.model import Model
from oncopolis.twin.result import ResourceUse, Result, Spread, Turnout
from oncopolis.twin.scope import list_not_modelled

Floats = NDArray[np.float64]


def gather(
    model: Model,
    state: State,
    seed: int,
    replication: int,
    warmup_days: int,
    days: int,
    in_system: int,
    complete: bool,
    events_before: int,
) -> Result:
    """Return what was counted in the last `days` days of a run.

    Raises
    ------
    AssertionError
        If people or waiting time got lost: conservation and Little's law hold exactly.
    """
    first = model.history_days + warmup_days
    end = (first + days) * k.DAY
    bring_up(state, end)
    flow = _count_flow(state, in_system)
    area, waits = _check_waiting(state, end)
    names, sizes = model.names, model.tables.sizes
    n_activities = len(names.activities)
    rows = [int(sizes[place]) for place in (k.R_ACTIVITY, k.R_STEP, k.R_PATH, k.R_VISIT, k.R_TREATMENT)]
    spreads = [
        _take(state, row, tuple(of))
        for row, of in zip(
            rows, (names.activities, names.steps, names.paths, names.departments, names.cohorts), strict=True
        )
    ]
    use = _gather_use(model, state, first, days)
    return Result(
        start=model.start + timedelta(days=warmup_days),
        days=days,
        warmup_days=warmup_days,
        seed=seed,
        replication=replication,
        definition=model.digest,
        digest=_digest(state),
        complete=complete,
        events=int(state.scalars[k.EVENTS]),
        events_before=events_before,
        contacts=int(state.scalars[k.CONTACTS]),
        visits=int(state.scalars[k.VISITS]),
        working_days=int(model.tables.da_work[first : first + days].sum()),
        arrivals=state.arrivals.copy(),
        sources=model.sources,
        measures=tuple(names.measures),
        counted=state.counted.copy(),
        flow=flow,
        waiting=spreads[0],
        step_waiting=spreads[1],
        in_system=spreads[2],
        visit=spreads[3],
        treatment=spreads[4],
        activities=_turn_out(state, tuple(names.activities), 0),
        steps=_turn_out(state, tuple(names.steps), n_activities),
        resources=use,
        hour_waits=state.hour_sum.copy(),
        hour_counts=state.hour_n.copy(),
        departments=tuple(names.departments),
        waiting_area=area,
        waits=waits,
        not_modelled=list_not_modelled(model),
        **_take_picture(model, state, first + days),
    )


def _take_picture(model: Model, state: State, until: int) -> dict[str, Any]:
    """Return who was where on the day that is pictured; nothing if the run did not reach its end."""
    day = int(state.snapshot[0])
    if day >= until:
        return {}
    return {
        "pictured": model.start + timedelta(days=day - model.history_days),
        "served": state.present.copy(),
        "queueing": state.queueing.copy(),
    }


def _count_flow(state: State, at_start: int) -> dict[str, int]:
    scalars = state.scalars
    flow = {
        "in_system_at_start": at_start,
        "entered": int(scalars[k.ENTERED]),
        "completed": int(scalars[k.COMPLETED]),
        "died": int(scalars[k.DIED]),
        "left": int(scalars[k.LEFT]),
        "in_system_at_end": int(scalars[k.IN_SYSTEM]),
    }
    gone = flow["completed"] + flow["died"] + flow["left"]
    if at_start + flow["entered"] != gone + flow["in_system_at_end"]:
        raise AssertionError(f"people got lost: {flow}")
    return flow


def _check_waiting(state: State, end: int) -> tuple[float, float]:
    """Return the area under the number waiting, and the sum of all waits, which it is."""
    scalars = state.scalars
    area = int(scalars[k.WAIT_AREA] + scalars[k.WAITING] * (end - scalars[k.WAIT_AT]))
    still = np.flatnonzero(state.q_class >= 0)
    waits = int(scalars[k.WAIT_SUM]) + int((end - state.asked[still]).sum())
    if area != waits:
        raise AssertionError(f"waiting time got lost: an area of {area}, waits of {waits}")
    return float(area), float(waits)


def _take(state: State, row: int, names: tuple[str, ...]) -> Spread:
    at = slice(row, row + len(names))
    return Spread(
        names=names,
        n=state.spread_n[at].copy(),
        sum=state.spread_sum[at].astype(np.float64),
        squares=state.spread_squares[at].copy(),
        most=state.spread_most[at].copy(),
        histogram=state.spread_bins[at].copy(),
        within=state.spread_within[at].copy(),
    )


def _turn_out(state: State, names: tuple[str, ...], row: int) -> Turnout:
    columns = state.turnout[row : row + len(names)].T.copy()
    return Turnout(names, *columns)


def _gather_use(model: Model, state: State, first: int, days: int) -> ResourceUse:
    def per_day(areas: NDArray[np.int64], unit: float) -> Floats:
        own = areas[first : first + days].astype(np.float64)
        steps = np.diff(own, axis=0, prepend=0.0) if len(own) else own
        return steps / (k.DAY * unit)

    samples = np.maximum(state.week_n, 1)
    return ResourceUse(
        names=model.resources,
        offered=state.area_offered / UNIT,
        held=state.area_held / UNIT,
        overtime=state.area_over / UNIT,
        blocked=state.area_blocked / UNIT,
        waited=state.area_waited.copy(),
        down=state.area_down / UNIT,
        breakdowns=state.failures.copy(),
        interrupted=state.cuts.copy(),
        week_held=state.week_held / samples / UNIT,
        week_offered=state.week_offered / samples / UNIT,
        week_waiting=state.week_waiting / samples,
        daily_held=per_day(state.day_held, UNIT),
        daily_offered=per_day(state.day_offered, UNIT),
        daily_waiting=per_day(state.day_waiting, 1.0),
        most_waiting=state.most_waiting.copy(),
    )


COUNTED = tuple(
    (
        "arrivals counted spread_n spread_sum spread_squares spread_most spread_bins spread_within "
        "turnout area_held area_offered area_over area_blocked area_waited area_down failures cuts "
        "week_held week_waiting day_held day_waiting hour_sum hour_n scalars "
    ).split()
)


def _digest(state: State) -> str:
    summed = blake2b(digest_size=16)  # structure: 128 bits
    for name in COUNTED:
        summed.update(np.ascontiguousarray(getattr(state, name)).tobytes())
    return summed.hexdigest()
