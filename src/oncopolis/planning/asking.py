"""`Asking`: coefficients of the definition as quantities, money carried to the price year."""

from typing import cast

import numpy as np

from oncopolis.centre import Coefficient, Project
from oncopolis.centre.context import find_key, make_context
from oncopolis.centre.number import EvidenceRef, Number
from oncopolis.planning.coefficients import Array
from oncopolis.planning.quantity import Ledger, Quantity, to_quantity


class Asking:
    """Resolves coefficients of a checked definition straight into quantities.

    Parameters
    ----------
    project
        Checked project.
    ledger
        Where the quantities belong.
    """

    def __init__(self, project: Project, ledger: Ledger) -> None:
        self.project, self.ledger = project, ledger
        self.context = make_context(project.centre)

    def find_key(self, number: Number, **words: str) -> str:
        """Return the evidence key a coefficient stands for; it exists, since the definition was checked."""
        return str(
            find_key(cast("EvidenceRef", number), {**self.context, **words}, self.project.evidence.rows)
        )

    def ask(self, number: Number | int, unit: str = "", **words: str) -> Quantity:
        """Return a coefficient as a quantity, converted to `unit` if one is given."""
        if isinstance(number, int):
            return to_quantity(number)
        return self.ledger.evidence(self.find_key(number, **words), unit)

    def ask_money(self, number: Number) -> Quantity:
        """Return a coefficient of money in prices of the price year."""
        key = self.find_key(number)
        amount = self.ledger.evidence(key)
        inflation = self.compute_inflation(key)
        if np.all(inflation == 1):
            return amount
        finance = self.project.centre.finance
        year = self.project.evidence.get_row(key).year
        factor = Quantity(
            inflation[:, None],
            f"prices of {year} carried to {self.project.centre.currency.price_year}",
            (self.ask(finance.inflation),) if finance else (),
        )
        return amount * factor

    def compute_inflation(self, coefficient: Coefficient) -> Array:
        """Factor from the price year of a row to that of the plan, shape (draws,)."""
        finance, coefficients = self.project.centre.finance, self.ledger.coefficients
        year = None if isinstance(coefficient, int) else self.project.evidence.get_row(coefficient).year
        if finance is None or year is None:
            return np.ones(coefficients.size)
        rate = coefficients.get(self.find_key(finance.inflation))
        factor: Array = (1 + rate) ** (self.project.centre.currency.price_year - year)
        return factor
