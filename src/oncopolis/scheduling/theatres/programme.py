"""`Programme`: a linear programme, written down column by column, for a solver of OR-Tools."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Literal


@dataclass
class Programme:
    """What is to cost least. Columns are from 0 to their highest value, rows from low to high."""

    cost: list[float] = field(default_factory=list)
    highest: list[float] = field(default_factory=list)
    is_whole: list[bool] = field(default_factory=list)
    low: list[float] = field(default_factory=list)
    high: list[float] = field(default_factory=list)
    entries: list[tuple[int, int, float]] = field(default_factory=list)
    constant: float = 0.0

    def add_column(self, cost: float = 0.0, *, highest: float = 1.0, is_whole: bool = True) -> int:
        """Return the number of a new column."""
        self.cost.append(cost)
        self.highest.append(highest)
        self.is_whole.append(is_whole)
        return len(self.cost) - 1

    def add_row(self, columns: Iterable[tuple[int, float]], low: float, high: float) -> None:
        """Bound a sum of columns, each times a value."""
        row = len(self.low)
        self.low.append(low)
        self.high.append(high)
        self.entries.extend((row, column, value) for column, value in sorted(columns) if value)

    def solve(self, solver: Literal["HIGHS", "CP_SAT"], seconds: float) -> tuple[float, list[float] | None]:
        """Return what no solution costs less than, and the best solution found, if there is any."""
        from ortools.math_opt.python import mathopt  # type: ignore[import-untyped]

        model = mathopt.Model.from_model_proto(self._to_proto())
        limits = mathopt.SolveParameters(time_limit=timedelta(seconds=seconds))
        result = mathopt.solve(model, mathopt.SolverType[solver], params=limits)
        bound: float = result.dual_bound()
        if not result.has_primal_feasible_solution():
            return bound, None
        values = result.variable_values()
        return bound, [values[variable] for variable in model.variables()]

    def _to_proto(self) -> Any:
        from ortools.math_opt import model_pb2  # type: ignore[import-untyped]

        n, n_rows = len(self.cost), len(self.low)
        rows, columns, values = zip(*self.entries, strict=True) if self.entries else ((), (), ())
        proto = model_pb2.ModelProto()
        proto.variables.ids.extend(range(n))
        proto.variables.lower_bounds.extend([0.0] * n)
        proto.variables.upper_bounds.extend(self.highest)
        proto.variables.integers.extend(self.is_whole)
        proto.objective.offset = self.constant
        proto.objective.linear_coefficients.ids.extend(range(n))
        proto.objective.linear_coefficients.values.extend(self.cost)
        proto.linear_constraints.ids.extend(range(n_rows))
        proto.linear_constraints.lower_bounds.extend(self.low)
        proto.linear_constraints.upper_bounds.extend(self.high)
        proto.linear_constraint_matrix.row_ids.extend(rows)
        proto.linear_constraint_matrix.column_ids.extend(columns)
        proto.linear_constraint_matrix.coefficients.extend(values)
        return proto
