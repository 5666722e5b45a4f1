"""Loading the engine before anybody looks at the clock."""

from oncopolis.twin.kernels.engine import bring_up, end_history, run_days, start
from oncopolis.twin.model import Model
from oncopolis.twin.states import key_tables, make_state


def load_kernels(model: Model) -> None:
    """Load the kernels, or compile them where that has not been done yet; nothing is run."""
    tables, state = key_tables(model.tables, 0, 0), make_state(model, 1)
    start(tables, state)
    run_days(tables, state, 0, 0)
    end_history(tables, state, 0)
    bring_up(state, 0)
