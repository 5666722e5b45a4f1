"""`simulate`: one run of a compiled model, in slices of days, so that it can be watched and stopped."""

from collections.abc import Callable
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from oncopolis.foundation import InfeasibleError, InputError
from oncopolis.twin.gathering import gather
from oncopolis.twin.kernels import tables as k
from oncopolis.twin.kernels.engine import end_history, run_day, start
from oncopolis.twin.kernels.tables import LOG_COLUMNS, State
from oncopolis.twin.model import Model
from oncopolis.twin.result import Result
from oncopolis.twin.states import clear_counters, grow, key_tables, make_state

LOG_ROWS = 1 << 21  # structure: rows kept until they are handed on
BOOKED_AHEAD = 4  # structure: appointments a patient has ahead at most, on average
SLICE = 7  # structure: days between two looks at the clock

Progress = Callable[[int, int, int], None]
"""Days done, days in all, events so far."""


class Journal(Protocol):
    """Where rows of the event log go."""

    def write(self, rows: NDArray[np.int64]) -> None:
        """Take rows, shape (rows, columns); see `kernels.counting.log_row`."""


def simulate(
    model: Model,
    *,
    seed: int,
    replication: int = 0,
    days: int | None = None,
    warmup_days: int = 0,
    on_progress: Progress | None = None,
    journal: Journal | None = None,
) -> Result:
    """Run a model once.

    Parameters
    ----------
    model
        Compiled centre.
    seed, replication
        Same numbers, same run; replications of one seed are independent of each other.
    days
        Days counted, after the warm-up; all the model has if None.
    warmup_days
        Days run before anything is counted.
    on_progress
        Told how far it has come, about once a simulated week.
    journal
        Takes a row for each activity done, refused or put off.

    Returns
    -------
    Result
        Stopped with Ctrl-C, what was counted so far, marked as not complete.

    Raises
    ------
    InputError
        If the run is longer than the model.
    InfeasibleError
        If people go round in a loop that takes no time.
    """
    counted = model.days - warmup_days if days is None else days
    if counted < 1 or warmup_days < 0 or warmup_days + counted > model.days:
        raise InputError(
            code="TWN-004",
            where="--days",
            got=f"{warmup_days} days of warm-up and {counted} days",
            expected=f"at least 1 day, and at most {model.days} in all",
            fix="compile the model for more days, or run fewer",
        )
    tables = key_tables(model.tables, seed, replication)
    state = make_state(model, LOG_ROWS if journal is not None else 1)
    first = model.history_days + warmup_days
    last = first + counted
    state.snapshot[0] = _find_snapshot(model, first, last)
    at, complete, events_before = 0, True, 0
    counted_from = _take_stock(state)
    try:
        state.scalars[k.HISTORY] = model.history_days * k.DAY
        start(tables, state)
        while at < last:
            if at == model.history_days and state.scalars[k.HISTORY]:
                state = grow(state, ahead=BOOKED_AHEAD * int(state.scalars[k.IN_SYSTEM]))
                end_history(tables, state, at * k.DAY)
            if at == first:
                events_before = int(state.scalars[k.EVENTS])
                clear_counters(state, at * k.DAY)
                counted_from = _take_stock(state)
                tables.sizes[k.WITH_LOG] = int(journal is not None)
            while not run_day(tables, state, at):
                _raise_fault(model, state)
                state = _make_room(state, journal)
            at += 1
            if on_progress is not None and at % SLICE == 0:
                on_progress(at, last, int(state.scalars[k.EVENTS]))
        if journal is not None:
            _hand_on(state, journal)
    except KeyboardInterrupt:
        complete = False
        at = int(state.scalars[k.TODAY])
        while not run_day(tables, state, at):
            state = _make_room(state, journal)
        at += 1
        if at <= first:
            raise
    days_counted = max(at - first, 0)
    return gather(
        model, state, seed, replication, warmup_days, days_counted, counted_from, complete, events_before
    )


def _take_stock(state: State) -> int:
    return int(state.scalars[k.IN_SYSTEM])


def _find_snapshot(model: Model, first: int, last: int) -> int:
    """Return the day that is pictured: the middle working day of those counted."""
    working = np.flatnonzero(model.tables.da_work[first:last])
    return first + int(working[len(working) // 2]) if len(working) else first


def _make_room(state: State, journal: Journal | None) -> State:
    """Hand the log on, and give the rest of the day room."""
    if journal is not None:
        _hand_on(state, journal)
    return grow(state)


def _hand_on(state: State, journal: Journal) -> None:
    n = int(state.scalars[k.N_LOG])
    journal.write(state.log[: n * LOG_COLUMNS].reshape(n, LOG_COLUMNS))
    state.scalars[k.N_LOG] = 0


def _raise_fault(model: Model, state: State) -> None:
    fault = int(state.scalars[k.FAULT])
    if state.scalars[k.N_LOG] * LOG_COLUMNS > len(state.log) > LOG_COLUMNS:
        fault = k.NO_LOG
    if fault == k.FINE:
        return
    day = int(state.scalars[k.TODAY])
    if fault == k.ENDLESS:
        step = model.names.stop_steps[int(state.scalars[k.FAULT_AT])]
        raise InfeasibleError(
            code="TWN-005",
            where=f"pathways.{step.replace('/', '.steps.')}",
            got="a loop that takes no time and is never left",
            expected="a step of the loop that takes time, or a share that leaves it",
            fix="give a step of the loop a duration or an interval, or a way out",
        )
    what = {k.NO_SLOT: "people", k.NO_NODE: "appointments", k.NO_LOG: "rows of the event log"}[fault]
    raise InfeasibleError(
        code="TWN-006",
        where=f"day {day} of the run",
        got=f"more {what} within a week than there is room for",
        expected="numbers that at most double within a week",
        fix="look for a volume, batch or repeat that is far too large",
    )
