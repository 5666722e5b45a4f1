"""From a project folder to the brief of its building."""

from collections.abc import Mapping
from pathlib import Path

from oncopolis.centre import read_project
from oncopolis.design import make_programme
from oncopolis.design.layout import Layout, make_layout
from oncopolis.design.programme import Translate
from oncopolis.planning import make_plan
from oncopolis.planning.plan import Progress


def brief_project(
    folder: Path, *, settings: Mapping[str, str], translate: Translate, on_progress: Progress | None = None
) -> Layout:
    """Read a project, plan it, and lay out what it needs.

    Parameters
    ----------
    folder
        Project folder.
    settings
        ``KEY=VALUE`` of the command line.
    translate
        Gives labels in the languages of the house.
    on_progress
        Told what is done and which share of the whole is behind.

    Raises
    ------
    OncopolisError
        With everything that is wrong with the project; InputError DES-001 if it has no rooms.
    """
    say = on_progress or (lambda what, share: None)
    say("reading the project", 0.0)
    project = read_project(folder, settings)
    say("planning", 0.1)  # structure: where the progress bar stands
    plan = make_plan(project, n_draws=0, seed=0)
    say("laying out", 0.3)  # structure: where the progress bar stands
    return make_layout(make_programme(plan, translate))
