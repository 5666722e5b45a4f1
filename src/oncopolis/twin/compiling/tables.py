"""From columns to tables: each number in as much room as it needs, rows that are read whole side by side."""

from hashlib import blake2b
from typing import Any

import numpy as np
from numpy.typing import NDArray

from oncopolis.foundation.kernels.reference import pack
from oncopolis.twin.compiling.columns import Columns
from oncopolis.twin.kernels import tables as k

FLOATS = frozenset(
    (
        "st_share st_frail st_mean_times st_defer st_defer_frail ex_share ta_n ta_share me_n ph_frail "
        "di_a di_b di_c re_every ro_relapse ro_relapse_years ro_death ro_other ro_ageing ro_rate ep_share "
        "ep_rate so_batch so_no_show so_part so_past bk_urgent bk_no_show bk_cancelled "
    ).split()
)
"""Columns of reals."""
SHORT = frozenset({"st", "ta", "ac", "sb"})
"""Tables of many rows whose whole numbers take half the room."""
PACKED = ("st", "ta", "ac", "ph", "di", "bu", "be", "re", "ro", "ep", "cs", "sb")
"""Tables whose rows are read whole."""


def to_tables(columns: Columns, arrays: dict[str, NDArray[Any]]) -> k.Tables:
    """Return all tables, from columns and from arrays that are complete already."""
    found = dict(arrays)
    for name in k.TABLES:
        if name not in arrays:
            whole = np.int32 if name.partition("_")[0] in SHORT else np.int64
            array = columns.to_array(name, np.float64 if name in FLOATS else whole)
            found[name] = np.ascontiguousarray(array)
    for prefix in PACKED:
        group = {
            name: found[name] for name in k.TABLES if name.startswith(f"{prefix}_") and found[name].ndim == 1
        }
        found |= pack(group, len(next(iter(group.values()))))
    return k.Tables({name: found[name] for name in k.TABLES})


def compute_digest(tables: k.Tables) -> str:
    """Return what tells whether two models are the same, hexadecimal."""
    summed = blake2b(digest_size=16)  # structure: 128 bits
    for name, array in tables.list_fields().items():
        summed.update(name.encode())
        summed.update(np.ascontiguousarray(array).tobytes())
    return summed.hexdigest()
