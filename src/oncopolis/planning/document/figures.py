"""Figures with their value, interval, formula, inputs and details."""

from functools import cached_property
from typing import Any

from oncopolis.planning.ancestry import Ancestry
from oncopolis.planning.drivers import Norm
from oncopolis.planning.plan import Plan
from oncopolis.planning.quantity import Detail, Quantity, write_formula

MOST_DETAILS = 12  # structure: steps listed under a workload figure; the others are summed up in one line


class FigureWriter:
    """Writes the figures of a plan, and remembers which rows they name."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.ledger = plan.calculation.ledger
        self.year = plan.project.centre.reference_year
        self.named_rows: set[str] = set()
        self._weak: dict[int, bool] = {}

    @cached_property
    def column(self) -> int:
        """Index of the reference year."""
        return self.ledger.find_year(self.year)

    def get_value(self, key: str) -> float:
        """Central value of a figure in the reference year."""
        return self.pick(self.ledger.figures[key])

    def pick(self, quantity: Quantity) -> float:
        """Central value of a quantity in the reference year."""
        central = quantity.central
        return float(central[0] if len(central) == 1 else central[self.column])

    def list_series(self, quantity: Quantity) -> list[float]:
        """Central values by year of the plan."""
        central = quantity.central
        return [float(central[0 if len(central) == 1 else i]) for i in range(len(self.ledger.years))]

    def find_interval(self, key: str) -> tuple[float | None, float | None]:
        """Interval of a figure over the draws, or (None, None)."""
        uncertainty = self.plan.uncertainty
        return uncertainty.intervals.get(key, (None, None)) if uncertainty else (None, None)

    def write_line(self, key: str, name: str, label: str, **more: Any) -> dict[str, Any]:
        """Row of a table about one figure: id, label, value, interval and the figure's key."""
        low, high = self.find_interval(key)
        return {"id": name, "label": label, **more, "low": low, "high": high, "figure": key}

    def write_all(self) -> dict[str, Any]:
        """Return every figure of the plan by key."""
        return {key: self._write(key, figure) for key, figure in self.ledger.figures.items()}

    def _write(self, key: str, figure: Quantity) -> dict[str, Any]:
        low, high = self.find_interval(key)
        has_years = len(figure.central) > 1
        inputs = [parent.key for parent in self.ledger.list_inputs(figure)]
        self.named_rows.update(
            parent.key for parent in self.ledger.list_inputs(figure) if parent.row is not None
        )
        return {
            "label": figure.label,
            "unit": figure.unit,
            "year": self.year if has_years else None,
            "value": self.pick(figure),
            "low": low,
            "high": high,
            "series": self.list_series(figure) if has_years else None,
            "formula": write_formula(figure),
            "inputs": list(dict.fromkeys(inputs)),
            "details": self._write_details(figure),
            "unverified": self.is_weak(figure),
        }

    def _write_details(self, figure: Quantity) -> list[dict[str, Any]]:
        if figure.details is None:
            return []
        details = list(figure.details())
        shown = [self._write_detail(detail) for detail in details[:MOST_DETAILS]]
        rest = details[MOST_DETAILS:]
        if rest:
            total = sum(detail.value for detail in rest)
            shown.append({"text": f"{len(rest)} further steps", "value": total, "unit": "", "evidence": []})
        return shown

    def _write_detail(self, detail: Detail) -> dict[str, Any]:
        self.named_rows.update(detail.evidence)
        return {
            "text": detail.text,
            "value": detail.value,
            "unit": detail.unit,
            "evidence": list(detail.evidence),
        }

    def is_weak(self, quantity: Quantity) -> bool:
        """Whether a row below a quantity has a source nobody opened and nobody signed for."""
        if id(quantity) not in self._weak:
            self._weak[id(quantity)] = self._find_weak(quantity)
        return self._weak[id(quantity)]

    def _find_weak(self, quantity: Quantity) -> bool:
        if quantity.row is not None:
            return not quantity.row.is_verified
        if quantity.details is not None and self._has_weak_flow:
            return True
        return any(self.is_weak(parent) for parent in quantity.parents)

    @cached_property
    def _has_weak_flow(self) -> bool:
        """Whether any row that decides who goes where in the pathways is unverified."""
        rows = self.plan.project.evidence.rows
        return any(not rows[key].is_verified for key in Ancestry(self.plan.project).flow_rows)


def write_norm(norm: Norm, planned: Quantity) -> dict[str, Any]:
    """Write a ratio norm: its number, and how many of what it is counted on one serves, there and here."""
    n, counted, here = (float(quantity.central[0]) for quantity in (norm.n, norm.counted, planned))
    return {
        "label": norm.label,
        "n": n,
        "each": counted / n if n else None,
        "here": counted / here if here else None,
    }
