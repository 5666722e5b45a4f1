"""Loading the engine before anybody looks at the clock."""

from oncopolis.twin.kernels.engine import bring_up, end_history, run_day, start
from oncopolis.twin.kernels.tables import DAY
from oncopolis.twin.model import Model
from oncopolis.twin.states import key_tables, make_state


def load_kernels(model: Model) -> None:
    """Load the kernels, or compile them where that has not been done yet; a day is run for nothing."""
    tables, state = key_tables(model.tables, 0, 0), make_state(model, 1)
    end_history(tables, state, 0)
    start(tables, state)
    run_day(tables, state, 0)
    bring_up(state, DAY)
