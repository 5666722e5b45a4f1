"""Checks of a definition as a whole: everything that is wrong is said at once."""

from oncopolis.centre.checks.branches import check_branches
from oncopolis.centre.checks.numbers import check_numbers
from oncopolis.centre.checks.references import check_references
from oncopolis.centre.checks.years import check_years

__all__ = ["check_branches", "check_numbers", "check_references", "check_years"]
