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

Array = NDArray[Any]
Kinds = dict[str, type[np.generic]]


def _list_kinds(*parts: tuple[type[np.generic], str]) -> Kinds:
    """Return name -> kind of number for columns side by side, from each kind with its names."""
    return {name: kind for kind, names in parts for name in names.split()}


OF_ENTITIES = _list_kinds(
    (np.int64, "w_time w_order"),
    (np.int32, "w_what kind stop task act phase left rep prio bundle"),
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
"""Columns of entities, those first that are looked at whenever something happens to one."""
OF_LATER = _list_kinds((np.int32, "w_next w_prev"))
"""Columns of entities in the lists of what comes later, apart so that these can be followed quickly."""
OF_NEXT = _list_kinds((np.int64, "next_time next_order"), (np.int32, "next_e"))
"""Columns of what comes next, in its order; no more than there are entities."""
OF_BUCKETS = _list_kinds((np.int32, "b_head b_tail"))
OF_RESOURCES = _list_kinds(
    (np.int64, "capacity held nominal area_at area_held area_offered area_over area_waiting broken waiting"),
    (np.int64, "a_n dirty n_running closing fail_count most_waiting area_down"),
    (np.float64, "area_blocked area_waited"),
    (np.int64, "failures cuts"),
)
OF_SPREADS = _list_kinds(
    (np.int64, "spread_n spread_sum"), (np.float64, "spread_squares"), (np.int64, "spread_most spread_within")
)
OF_NODES = _list_kinds((np.int64, "n_time"), (np.int32, "n_day n_cell n_first n_next"))
EMPTY = "w_what q_class b_head b_tail d_head d_tail c_head c_tail c_short".split()
"""Columns in which nothing is -1."""
COUNTED = (
    "arrivals counted spread_n spread_sum spread_squares spread_most spread_within spread_bins turnout "
    "area_held area_offered area_over area_blocked area_waited area_down area_waiting failures cuts "
    "most_waiting week_held week_offered week_waiting week_n day_held day_offered day_waiting hour_sum "
    "hour_n present queueing"
).split()
"""Columns that begin at nought after the warm-up."""
TOTALS = (
    k.EVENTS, k.CONTACTS, k.VISITS, k.ENTERED, k.COMPLETED, k.DIED, k.LEFT, k.WAIT_AREA, k.WAIT_SUM,
)  # fmt: skip
"""Places of `scalars` that do."""
N_PLACES = 64  # structure: room for all scalars
PART_FREE = 4  # structure: a quarter is kept free
FIRST_ENTITIES = 1 << 12  # structure: to begin with
FIRST_NODES = 1 << 12  # structure: to begin with


def make_state(model: Model, log_rows: int) -> State:
    """Return an empty state with room for the entities a run begins with."""
    t = model.tables
    n_res, n_sources = int(t.sizes[k.N_RES]), int(t.sizes[k.N_SOURCES])
    fixed = n_sources + n_res
    n = 1 << (FIRST_ENTITIES + fixed + int(t.so_members.sum()) + len(t.in_stop)).bit_length()
    n_nodes = FIRST_NODES + int(t.in_left.sum()) + len(t.ap_time)
    arrays: dict[str, Array] = lay_out(OF_ENTITIES, n) | lay_out(OF_NODES, n_nodes)
    arrays |= lay_out(OF_LATER, n) | lay_out(OF_NEXT, n)
    arrays |= lay_out(OF_BUCKETS, (k.DAY >> LEAST_BITS) + 1)
    arrays |= lay_out(OF_RESOURCES, n_res) | lay_out(OF_SPREADS, len(t.limit))
    arrays |= {name: np.zeros(shape, dtype=np.int64) for name, shape in _list_wholes(model).items()}
    arrays |= {name: np.zeros(shape) for name, shape in _list_reals(model).items()}
    arrays["spread_bins"] = np.zeros((len(t.limit), N_BINS), dtype=np.int32)
    arrays["log"] = np.zeros(log_rows * LOG_COLUMNS, dtype=np.int64)
    arrays["free"] = np.arange(n - 1, -1, -1, dtype=np.int64)
    arrays["n_spare"] = np.arange(n_nodes - 1, -1, -1, dtype=np.int64)
    for name in EMPTY:
        arrays[name][:] = -1
    state = State({name: arrays[name] for name in STATE})
    state.kind[:n_sources] = k.SOURCE
    state.kind[n_sources:fixed] = k.FAILURE
    state.scalars[k.N_FREE] = n - fixed
    state.scalars[k.N_FREE_NODES] = n_nodes
    state.scalars[k.WALKING] = -1
    return state


def _list_wholes(model: Model) -> dict[str, tuple[int, ...]]:
    """Return the shapes of arrays of whole numbers."""
    t, names = model.tables, model.names
    n_res, n_sources, n_days = int(t.sizes[k.N_RES]), int(t.sizes[k.N_SOURCES]), int(t.sizes[k.N_DAYS])
    n_classes, n_watching = len(t.bu_0) * PRIORITIES, int(t.ra_0[-1])
    n_bk, n_depts = max(len(t.bk_res), 1), len(names.departments)
    n_shapes = 2 * (int(t.st_shape.max(initial=0)) + 1)
    return {
        **dict.fromkeys(("d_head", "d_tail"), (n_days + 1,)),
        **dict.fromkeys(("c_head", "c_tail", "c_n", "c_short"), (n_classes,)),
        **dict.fromkeys(("sh_from", "sh_until"), (n_shapes,)),
        **dict.fromkeys(("a_class", "a_watch"), (n_watching,)),
        **dict.fromkeys(("so_count", "so_day", "arrivals"), (n_sources,)),
        **dict.fromkeys(("week_held", "week_offered", "week_waiting"), (n_res, HOURS_PER_WEEK)),
        **dict.fromkeys(("day_held", "day_offered", "day_waiting"), (n_days, n_res)),
        **dict.fromkeys(("present", "queueing"), (n_depts, k.CELLS)),
        "c_place": (len(t.wl_res) * PRIORITIES,),
        "running": (int(t.re_runs.sum()),),
        "todo": (n_res + 1,),
        "used": (n_bk, k.RING, k.CELLS),
        "used_day": (n_bk, k.RING),
        "scalars": (N_PLACES,),
        "snapshot": (1,),
        "coming": (MOST_IN_BATCH,),
        "turnout": (len(names.activities) + len(names.steps), k.OUTCOMES),
        "hour_n": (n_depts, HOURS_PER_DAY),
        "week_n": (HOURS_PER_WEEK,),
    }


def _list_reals(model: Model) -> dict[str, tuple[int, ...]]:
    """Return the shapes of arrays of reals."""
    return {
        "so_passed": (int(model.tables.sizes[k.N_SOURCES]),),
        "counted": (len(model.names.measures),),
        "hour_sum": (len(model.names.departments), HOURS_PER_DAY),
    }


def clear_counters(state: State, now: int) -> None:
    """Forget what was counted so far: the warm-up is over. Who waits goes on waiting from now."""
    for name in COUNTED:
        getattr(state, name)[...] = 0
    state.area_at[:] = now
    state.scalars[list(TOTALS)] = 0
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
        for names in (OF_ENTITIES, OF_LATER, OF_NEXT):
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
    return np.concatenate(
        [np.arange(n + more - 1, n - 1, -1), free[:n_free], np.zeros(n - n_free, dtype=np.int64)]
    )


def key_tables(tables: Tables, seed: int, replication: int) -> Tables:
    """Return tables whose sources, resources and people have the keys of one replication."""
    sequence = np.random.SeedSequence(seed, spawn_key=(replication,))
    run_key = np.uint64(sequence.generate_state(1, np.uint64)[0])
    return tables.replace(
        sizes=tables.sizes.copy(),
        so_key=mix_keys(run_key, tables.so_key),
        re_key=mix_keys(run_key, tables.re_key),
        in_key=mix_keys(run_key, tables.in_key),
    )
