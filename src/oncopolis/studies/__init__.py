"""Studies: a project planned, explained, compared, run by the twin; what others published recomputed."""

from oncopolis.studies.choosing import Goal, choose_alternative
from oncopolis.studies.comparing import compare_plans
from oncopolis.studies.equipping import equip
from oncopolis.studies.intake import make_intake
from oncopolis.studies.planning import explain_figure, list_figures, plan_project
from oncopolis.studies.scenarios import compare_scenarios
from oncopolis.studies.sensitivity import find_sensitivity
from oncopolis.studies.simulating import simulate_project
from oncopolis.studies.sizing import size_project
from oncopolis.studies.usage import list_used_keys
from oncopolis.studies.validation import Validation, validate
from oncopolis.studies.week import schedule_week

__all__ = [
    "Goal",
    "Validation",
    "choose_alternative",
    "compare_plans",
    "compare_scenarios",
    "equip",
    "explain_figure",
    "find_sensitivity",
    "list_figures",
    "list_used_keys",
    "make_intake",
    "plan_project",
    "schedule_week",
    "simulate_project",
    "size_project",
    "validate",
]
