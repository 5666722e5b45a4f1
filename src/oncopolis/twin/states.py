"""Making, growing and clearing the state of a run."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from oncopolis.foundation.kernels.keyed import mix_keys
from oncopolis.foundation.kernels.reference import lay_out, pack
from oncopolis.foundation.units import HOURS_PER_DAY, HOURS_PER_WEEK
from oncopolis.twin.kernels import tables as k
from oncopolis.twin.kernels.bins import N_BINS
from oncopolis.twin.kernels.engine import MOST_IN_BATCH, ROOM
from oncopolis.twin.kernels.holding import PRIORITIES
from oncopolis.twin.kernels.tables import LOG_COLUMNS, STATE, State, Tables
from oncopolis.twin.kernels.wheel import LEAST_BITS
from oncopolis.twin.model import Model

OF_ENTITIES = {
    name: kind
    for kind, names in (
        (np.int64, "w_time w_order"),
        (np.int32, "w_next w_prev w_what kind stop task act phase left rep prio bundle"),
        (np.uint64, "key mask"),
        (np.int64, "order planned asked since"),
        (np.int32, "visits occurrence sub dept"),
        (np.int64, "remaining keeps came begun"),
        (np.int32, "q_next q_prev q_class short source base treated clinic"),
        (np.uint64, "frailty"),
        (np.int64, "arrived entered aim referred"),
        (np.float64, "part"),
        (np.int32, "book tries children fate_kind"),
        (np.int64, "fate rate due"),
        (np.int32, "due_what"),
    )
    for name in names.split()
}
"""Columns of entities, those first that are looked at whenever something happens to one."""
OF_FAR = {"d_next": np.int32, "d_prev": np.int32}
"""Columns of entities in the lists of later days, apart so that these can be followed quickly."""
OF_RESOURCES = [
    "capacity",
    "held",
    "nominal",
    "area_at",
    "area_held",
    "area_offered",
    "area_over",
    "area_waiting",
    "broken",
    "waiting",
    "a_n",
    "dirty",
    "n_running",
    "closing",
    "fail_count",
    "most_waiting",
    "area_down",
    "area_blocked",
    "area_waited",
    "failures",
    "cuts",
]
OF_SPREADS = ("spread_n", "spread_sum", "spread_squares", "spread_most", "spread_within")
OF_NODES = {
    "n_time": np.int64,
    "n_day": np.int32,
    "n_cell": np.int32,
    "n_first": np.int32,
    "n_next": np.int32,
}
N_PLACES = 64  # structure: room for all scalars
PART_FREE = 4  # structure: a quarter is kept free
FIRST_ENTITIES = 1 << 12  # structure: to begin with
FIRST_NODES = 1 << 12  # structure: to begin with

Array = NDArray[Any]


def make_state(model: Model, log_rows: int) -> State:
    """Return an empty state with room for the entities a run begins with."""
    t = model.tables
    sizes = t.sizes
    n_res, n_sources, n_days = int(sizes[k.N_RES]), int(sizes[k.N_SOURCES]), int(sizes[k.N_DAYS])
    fixed = n_sources + n_res
    n = 1 << (FIRST_ENTITIES + fixed + int(t.so_members.sum())).bit_length()
    n_nodes = FIRST_NODES
    arrays: dict[str, Array] = lay_out(OF_ENTITIES, n)
    arrays["w_what"][:] = arrays["q_class"][:] = -1
    arrays |= lay_out(OF_NODES, n_nodes)
    arrays["free"] = np.arange(n - 1, -1, -1, dtype=np.int64)
    arrays["n_spare"] = np.arange(n_nodes - 1, -1, -1, dtype=np.int64)
    n_classes = len(t.bu_0) * PRIORITIES
    n_bk = len(t.bk_res)
    arrays |= lay_out(OF_FAR, n)
    arrays |= lay_out({"b_head": np.int32, "b_tail": np.int32}, (k.DAY >> LEAST_BITS) + 1)
    arrays["b_head"][:] = arrays["b_tail"][:] = -1
    arrays |= {
        "d_head": _empty(n_days + 1),
        "d_tail": _empty(n_days + 1),
        "c_head": _empty(n_classes),
        "c_tail": _empty(n_classes),
        "c_n": _zeros(n_classes),
        "c_short": _empty(n_classes),
        "sh_from": _zeros(2 * (int(t.st_shape.max(initial=0)) + 1)),
        "sh_until": _zeros(2 * (int(t.st_shape.max(initial=0)) + 1)),
        "c_place": _zeros(len(t.wl_res) * PRIORITIES),
        "a_class": _zeros(int(t.ra_0[-1])),
        "a_watch": _zeros(int(t.ra_0[-1])),
        "running": _zeros(int(t.re_runs.sum())),
        "todo": _zeros(n_res + 1),
        "used": np.zeros((max(n_bk, 1), k.RING, k.CELLS), dtype=np.int64),
        "used_day": np.zeros((max(n_bk, 1), k.RING), dtype=np.int64),
        "so_count": _zeros(n_sources),
        "so_day": _zeros(n_sources),
        "so_passed": np.zeros(n_sources),
        "scalars": _zeros(N_PLACES),
        "snapshot": _zeros(1),
        "coming": _zeros(MOST_IN_BATCH),
        "log": np.zeros(log_rows * LOG_COLUMNS, dtype=np.int64),
    }
    for name in (
        "a_n",
        "capacity",
        "nominal",
        "held",
        "broken",
        "closing",
        "waiting",
        "n_running",
        "dirty",
        "fail_count",
    ):
        arrays[name] = _zeros(n_res)
    arrays |= make_counters(model)
    arrays |= pack({name: arrays[name] for name in OF_RESOURCES}, n_res)
    arrays |= pack({name: arrays[name] for name in OF_SPREADS}, len(t.limit))
    state = State({name: arrays[name] for name in STATE})
    state.kind[:n_sources] = k.SOURCE
    state.kind[n_sources:fixed] = k.FAILURE
    state.scalars[k.N_FREE] = n - fixed
    state.scalars[k.N_FREE_NODES] = n_nodes
    return state


def make_counters(model: Model) -> dict[str, Array]:
    """Return everything that is counted, at nought."""
    t, names = model.tables, model.names
    n_res, n_days, n_depts = len(model.resources), int(t.sizes[k.N_DAYS]), len(names.departments)
    n_rows, n_turnouts = len(t.limit), len(names.activities) + len(names.steps)
    counters: dict[str, Array] = {
        "arrivals": _zeros(len(model.sources)),
        "counted": np.zeros(len(names.measures)),
        "spread_n": _zeros(n_rows),
        "spread_sum": _zeros(n_rows),
        "spread_squares": np.zeros(n_rows),
        "spread_most": _zeros(n_rows),
        "spread_bins": np.zeros((n_rows, N_BINS), dtype=np.int32),
        "spread_within": _zeros(n_rows),
        "turnout": np.zeros((n_turnouts, 8), dtype=np.int64),  # structure: columns of `turnout`
        "area_blocked": np.zeros(n_res),
        "area_waited": np.zeros(n_res),
        "hour_sum": np.zeros((n_depts, HOURS_PER_DAY)),
        "hour_n": np.zeros((n_depts, HOURS_PER_DAY), dtype=np.int64),
        "present": np.zeros((n_depts, k.CELLS), dtype=np.int64),
        "queueing": np.zeros((n_depts, k.CELLS), dtype=np.int64),
        "week_n": _zeros(HOURS_PER_WEEK),
    }
    for name in (
        "area_at",
        "area_held",
        "area_offered",
        "area_over",
        "area_down",
        "area_waiting",
        "failures",
        "cuts",
        "most_waiting",
    ):
        counters[name] = _zeros(n_res)
    for name in ("week_held", "week_offered", "week_waiting"):
        counters[name] = np.zeros((n_res, HOURS_PER_WEEK), dtype=np.int64)
    for name in ("day_held", "day_offered", "day_waiting"):
        counters[name] = np.zeros((n_days, n_res), dtype=np.int64)
    return counters


def clear_counters(model: Model, state: State, now: int) -> None:
    """Forget what was counted so far: the warm-up is over. Who waits goes on waiting from now."""
    for name, empty in make_counters(model).items():
        getattr(state, name)[...] = empty
    state.area_at[:] = now
    for place in (
        k.EVENTS,
        k.CONTACTS,
        k.VISITS,
        k.ENTERED,
        k.COMPLETED,
        k.DIED,
        k.LEFT,
        k.WAIT_AREA,
        k.WAIT_SUM,
    ):
        state.scalars[place] = 0
    state.scalars[k.WAIT_AT] = now
    waiting = np.flatnonzero(state.q_class >= 0)
    state.scalars[k.WAIT_SUM] = -int((now - state.asked[waiting]).sum())


def grow(state: State, ahead: int = 0) -> State:
    """Return a state with room for twice as many entities and bookings where either runs short.

    Parameters
    ----------
    state
        State between two days.
    ahead
        Bookings that are going to be made at once.
    """
    grown: dict[str, Array] = {}
    n = len(state.key)
    if state.scalars[k.N_FREE] < max(n // PART_FREE, 2 * ROOM):
        for names in (OF_ENTITIES, OF_FAR):
            grown |= pack({name: getattr(state, name) for name in names}, 2 * n)
        grown["w_what"][n:] = grown["q_class"][n:] = -1
        grown["free"] = _add_places(state.free, int(state.scalars[k.N_FREE]), n, n)
        state.scalars[k.N_FREE] += n
    n, left = len(state.n_day), int(state.scalars[k.N_FREE_NODES])
    if left < max(n // PART_FREE, 2 * ROOM, ahead):
        more = max(n, 2 * ahead)
        grown |= pack({name: getattr(state, name) for name in OF_NODES}, n + more)
        grown["n_spare"] = _add_places(state.n_spare, left, n, more)
        state.scalars[k.N_FREE_NODES] += more
    return state.replace(**grown) if grown else state


def _add_places(free: Array, n_free: int, n: int, more: int) -> Array:
    """Return a list of free places with new ones below those that were free."""
    return np.concatenate([np.arange(n + more - 1, n - 1, -1), free[:n_free], _zeros(n - n_free)])


def key_tables(tables: Tables, seed: int, replication: int) -> Tables:
    """Return tables whose sources and resources have the keys of one replication."""
    sequence = np.random.SeedSequence(seed, spawn_key=(replication,))
    run_key = np.uint64(sequence.generate_state(1, np.uint64)[0])
    return tables.replace(
        sizes=tables.sizes.copy(),
        so_key=mix_keys(run_key, tables.so_key),
        re_key=mix_keys(run_key, tables.re_key),
    )


def _zeros(n: int) -> Array:
    return np.zeros(n, dtype=np.int64)


def _empty(n: int) -> Array:
    return np.full(n, -1, dtype=np.int64)
