"""Whether time still passes for people only: before the run nobody waits and nothing is held."""

from oncopolis.foundation.kernels.compiled import compiled
from oncopolis.twin.kernels.tables import HISTORY, State, Tables


@compiled
def is_history(t: Tables, s: State) -> bool:
    """Return whether the run proper has not begun; a model without a history never asks the state."""
    return t.history[0] != 0 and s.scalars[HISTORY] != 0
