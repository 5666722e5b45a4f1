"""`Mixture`: shares of whole rows that cover what is wanted at the least cost, a linear model.

Each nurse works a mixture of rows of days. What the mixture would pay for one more of them says which rows
to look for; in the end it costs what the relaxation says that no roster costs less than.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import numpy as np
from ortools.math_opt.python import mathopt  # type: ignore[import-untyped]

from oncopolis.scheduling.rosters.kernels.tables import OFF
from oncopolis.scheduling.rosters.relaxing import Prices, Relaxation, Row
from oncopolis.scheduling.rosters.span import Span

_Place = tuple[int, int, int]
"""Day, shift, and skill or group of nurses."""

_NOT_NOUGHT = mathopt.SparseVectorFilter(skip_zero_values=True)
_TINY = 1e-6  # structure: rounding of reals


@dataclass(frozen=True)
class Mixed:
    """A mixture.

    Parameters
    ----------
    prices
        Of the cover.
    paid
        Nurse -> what a row has to cost less, with what it is worth taken off, to make the mixture cheaper.
    shares
        Of each row that has one.
    """

    cost: float
    prices: Prices
    paid: Mapping[int, float]
    shares: Mapping[Row, float]


class Mixture:
    """The model, to which rows are added."""

    def __init__(self, relaxation: Relaxation) -> None:
        self.relaxation = relaxation
        self.model = mathopt.Model()
        self.one_each = [
            self.model.add_linear_constraint(lb=1, ub=1) for _ in range(len(relaxation.group_of))
        ]
        self.cover: dict[_Place, Any] = {}
        self.works: dict[_Place, Any] = {}
        self._add_cover()
        self.known: dict[tuple[int, tuple[int, ...]], Row] = {}
        self.share_of: dict[Row, Any] = {}
        self.row_of: dict[Any, Row] = {}
        for row in list(relaxation.rows.values()):
            self.add(row)
        self.solver = self._start()

    def _start(self) -> Any:
        return mathopt.IncrementalSolver(self.model, mathopt.SolverType.GLOP)

    def _charge(self, cover: Any, most: float, cost: float) -> None:
        missing = self.model.add_variable(lb=0, ub=most)
        self.model.objective.set_linear_coefficient(missing, cost)
        cover.set_coefficient(missing, 1)

    def _add_cover(self) -> None:
        relaxation, tables = self.relaxation, self.relaxation.tables
        for day, shift, skill in np.argwhere(tables.wanted > 0).tolist():
            place = day, shift, skill
            wanted, least = float(tables.wanted[place]), float(tables.least[place])
            cover = self.cover[place] = self.model.add_linear_constraint(lb=wanted)
            self._charge(cover, wanted - least, relaxation.missed)
            self._charge(cover, least, relaxation.short)
        for day, shift in sorted({place[:2] for place in self.cover}):
            for group, skills in enumerate(relaxation.groups):
                places = [(day, shift, skill) for skill in skills if (day, shift, skill) in self.cover]
                if len(places) == 1:
                    self.works[day, shift, group] = self.cover[places[0]]
                elif places:
                    self.works[day, shift, group] = self._share_out(places)

    def _share_out(self, places: list[_Place]) -> Any:
        """Return what holds those who work, at most as many as work with one of several skills."""
        works = self.model.add_linear_constraint(lb=0)
        for place in places:
            with_skill = self.model.add_variable(lb=0)
            works.set_coefficient(with_skill, -1)
            self.cover[place].set_coefficient(with_skill, 1)
        return works

    def add(self, row: Row) -> bool:
        """Add a row; return whether it is new."""
        if (row.nurse, row.shifts) in self.known:
            return False
        self.known[row.nurse, row.shifts] = row
        share = self.model.add_variable(lb=0)
        self.model.objective.set_linear_coefficient(share, row.cost)
        self.one_each[row.nurse].set_coefficient(share, 1)
        group = self.relaxation.group_of[row.nurse]
        for day, shift in enumerate(row.shifts):
            works = self.works.get((day, shift, group)) if shift != OFF else None
            if works is not None:
                works.set_coefficient(share, 1)
        self.share_of[row], self.row_of[share] = share, row
        return True

    def fix(self, row: Row) -> None:
        """Let a nurse work nothing but a row."""
        self.share_of[row].lower_bound = 1.0

    def mix(self, span: Span) -> Mixed | None:
        """Return the cheapest mixture; None if there is none in time, or the solver is lost.

        The solver knows seconds by the wall only; it goes on where they were fewer by the clock given.
        """
        while span.goes_on():
            result = self._solve(span.left_s)
            if result is None:
                return None
            if result.termination.reason == mathopt.TerminationReason.OPTIMAL:
                return self._read(result)
        return None

    def _read(self, result: Any) -> Mixed:
        duals = result.dual_values()  # those that are nought are left out
        prices = np.zeros(self.relaxation.prices.shape)
        for place, cover in self.cover.items():
            prices[place] = max(0.0, duals.get(cover, 0.0))
        return Mixed(
            result.objective_value(),
            prices,
            {nurse: duals.get(one, 0.0) for nurse, one in enumerate(self.one_each)},
            {
                self.row_of[share]: value
                for share, value in result.variable_values().items()
                if value > _TINY and share in self.row_of
            },
        )

    def _solve(self, seconds: float) -> Any:
        """Solve, going on from the solution before, and from nothing if that fails."""
        for _ in range(2):
            try:
                limit = timedelta(seconds=max(_TINY, seconds))
                return self.solver.solve(
                    params=mathopt.SolveParameters(time_limit=limit),
                    model_params=mathopt.ModelSolveParameters(
                        variable_values_filter=_NOT_NOUGHT,
                        dual_values_filter=_NOT_NOUGHT,
                        reduced_costs_filter=mathopt.VariableFilter(filtered_items=[]),
                    ),
                )
            except Exception:  # noqa: BLE001 (what it raises of what it has lost is of no public kind)
                self.solver = self._start()
        return None
