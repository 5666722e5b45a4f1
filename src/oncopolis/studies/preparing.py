"""From a project folder to a centre that can be lived in: read, planned where that is left open, equipped."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from oncopolis.centre import Project, read_project
from oncopolis.centre.equipped import Equipped
from oncopolis.centre.intake import Intake
from oncopolis.planning import Plan, make_plan
from oncopolis.studies.equipping import equip, find_holds, list_stated
from oncopolis.studies.intake import make_intake

Say = Callable[[str, float], None]
"""Told what is done and which share of the whole is behind."""


@dataclass(frozen=True)
class Prepared:
    """A project with everything a run needs."""

    project: Project
    plan: Plan | None
    """By central values; None if the definition leaves nothing to a plan."""
    equipped: Equipped
    intake: Intake


def prepare(folder: Path, settings: Mapping[str, str], say: Say) -> Prepared:
    """Read a project and make it ready to run.

    Parameters
    ----------
    folder
        Project folder.
    settings
        ``KEY=VALUE`` of the command line.
    say
        Told what is being done.

    Raises
    ------
    OncopolisError
        With everything that is wrong with the project.
    """
    say("reading the project", 0.0)
    project = read_project(folder, settings)
    plan = None
    if is_left_to_plan(project):
        say("planning", 0.0)
        plan = make_plan(project, n_draws=0, seed=0)
    return prepare_project(project, plan)


def prepare_project(project: Project, plan: Plan | None) -> Prepared:
    """Equip a project that was read, with a plan of it where it leaves numbers open."""
    return Prepared(project, plan, equip(project, plan), make_intake(project, plan))


def is_left_to_plan(project: Project) -> bool:
    """Tell whether something that is held has neither a number nor shifts."""
    resources = project.centre.resources
    return any(list_stated(key, resources[key], 0) is None for key in find_holds(project))
