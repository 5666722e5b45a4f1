"""The averaged reading: from a population to equipment, rooms, staff and money."""

from oncopolis.planning.calculation import Calculation, calculate
from oncopolis.planning.coefficients import Coefficients
from oncopolis.planning.document import SCHEMA, to_document, to_plan_schema
from oncopolis.planning.plan import Plan, make_plan

__all__ = [
    "SCHEMA",
    "Calculation",
    "Coefficients",
    "Plan",
    "calculate",
    "make_plan",
    "to_document",
    "to_plan_schema",
]
