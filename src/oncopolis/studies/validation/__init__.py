"""Our figures beside what others published: the same tables, recomputed."""

from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

from oncopolis.studies.validation.check import Check, Published
from oncopolis.studies.validation.result import Validation

__all__ = ["Check", "Validation", "validate"]


def validate(*, incidence: Path | None = None) -> Validation:
    """Recompute what others published.

    Parameters
    ----------
    incidence
        Cancer Today CSV with all countries, for the checks on the whole world.

    Returns
    -------
    Validation
        Every check: inside its tolerance, outside, or not computed and why. Nothing is fitted to them.

    Raises
    ------
    InputError, InputErrors
        If the file cannot be read.
    """
    return Validation(tuple(_list_checks(incidence)))


def _list_checks(incidence: Path | None) -> Iterator[Check]:
    # Imported only here: the engine takes a while, and `Validation` alone does not need it.
    from oncopolis.centre import read_project
    from oncopolis.centre.importers import load_globocan
    from oncopolis.evidence import load_evidence
    from oncopolis.studies.validation.capacity import list_capacity_checks
    from oncopolis.studies.validation.costs import list_cost_checks
    from oncopolis.studies.validation.follow_up import list_follow_up_checks
    from oncopolis.studies.validation.lifetime import compute_lifetimes
    from oncopolis.studies.validation.projections import list_projection_checks
    from oncopolis.studies.validation.radiotherapy import list_radiotherapy_checks
    from oncopolis.studies.validation.tables import list_table_checks
    from oncopolis.studies.validation.world import list_world_checks

    table = None if incidence is None else load_globocan(incidence)
    published = Published(load_evidence())
    projects = Path(str(files("oncopolis.studies.validation").joinpath("projects")))
    examples = Path(str(files("oncopolis.centre").joinpath("examples")))
    australia = read_project(projects / "australia")
    lifetimes = compute_lifetimes(australia)
    yield from list_world_checks(published, table, lifetimes)
    yield from list_table_checks(published)
    yield from list_radiotherapy_checks(published, lifetimes)
    yield from list_capacity_checks(published, australia, lifetimes)
    yield from list_cost_checks(published, projects / "department")
    yield from list_projection_checks(published)
    yield from list_follow_up_checks(published, examples / "tyumen")
