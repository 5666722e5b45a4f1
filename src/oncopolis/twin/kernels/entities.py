"""Places for entities: taken, given back, and used again so that they stay in the processor's cache."""

import numpy as np

from oncopolis.foundation.kernels.compiled import compiled
from oncopolis.twin.kernels.tables import (
    FAULT,
    IN_SYSTEM,
    JOBS,
    N_FREE,
    NEVER,
    NO_SLOT,
    PATIENT,
    State,
)


@compiled
def make_entity(s: State, kind: int, key: np.uint64) -> int:
    """Take a place and clear it. Without one left the run ends with a fault, and place 0 is returned."""
    n = s.scalars[N_FREE]
    if n == 0:
        s.scalars[FAULT] = NO_SLOT
        return 0
    e = s.free[n - 1]
    s.scalars[N_FREE] = n - 1
    s.key[e] = key
    s.kind[e] = kind
    s.stop[e] = -1
    s.mask[e] = np.uint64(0)
    s.bundle[e] = -1
    s.keeps[e] = NEVER
    s.sub[e] = -1
    s.order[e] = s.planned[e] = s.aim[e] = -1
    s.visits[e] = s.occurrence[e] = 0
    s.left[e] = s.rep[e] = 0
    s.remaining[e] = -1
    s.dept[e] = -1
    s.came[e] = s.begun[e] = 0
    s.fate[e] = s.rate[e] = NEVER
    s.fate_kind[e] = -1
    s.children[e] = 0
    s.treated[e] = 0
    s.part[e] = 1.0
    s.frailty[e] = key
    s.book[e] = -1
    s.q_class[e] = -1
    s.w_what[e] = -1
    s.source[e] = -1
    if kind == PATIENT:
        s.scalars[IN_SYSTEM] += 1
    else:
        s.scalars[JOBS] += 1
    return e


@compiled
def drop_entity(s: State, e: int) -> None:
    """Give a place back."""
    if s.kind[e] == PATIENT:
        s.scalars[IN_SYSTEM] -= 1
    else:
        s.scalars[JOBS] -= 1
    s.free[s.scalars[N_FREE]] = e
    s.scalars[N_FREE] += 1
