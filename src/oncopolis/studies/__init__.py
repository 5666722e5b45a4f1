"""Studies: a project planned, explained, compared, run by the twin; what others published recomputed.

The file of a study is read when somebody asks for the study: who plans does not wait for the twin's compiler,
nor who runs the twin for the solvers of a week.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
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

_FILES = {
    "Goal": "choosing",
    "Validation": "validation",
    "choose_alternative": "choosing",
    "compare_plans": "comparing",
    "compare_scenarios": "scenarios",
    "equip": "equipping",
    "explain_figure": "planning",
    "find_sensitivity": "sensitivity",
    "list_figures": "planning",
    "list_used_keys": "usage",
    "make_intake": "intake",
    "plan_project": "planning",
    "schedule_week": "week",
    "simulate_project": "simulating",
    "size_project": "sizing",
    "validate": "validation",
}
"""What the door gives out -> where it is."""

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


def __getattr__(name: str) -> Any:
    if name not in _FILES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_FILES[name]}"), name)
