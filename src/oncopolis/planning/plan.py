"""`Plan`: central values, draws and findings of one project."""

from collections.abc import Callable
from dataclasses import dataclass

from oncopolis.centre import Centre, Project
from oncopolis.foundation import Finding
from oncopolis.foundation.collecting import uncollected
from oncopolis.planning.ancestry import Ancestry
from oncopolis.planning.background import Background
from oncopolis.planning.biobank import find_tank_year
from oncopolis.planning.calculation import Calculation, calculate
from oncopolis.planning.coefficients import Coefficients
from oncopolis.planning.findings import check_plan
from oncopolis.planning.uncertainty import Uncertainty, compute_uncertainty, keep_ancestors

Progress = Callable[[str, float], None]
"""Told what is done and which share of the whole is behind."""


@dataclass(frozen=True)
class Plan:
    """A plan of a project."""

    project: Project
    calculation: Calculation
    headlines: tuple[str, ...]
    uncertainty: Uncertainty | None
    findings: tuple[Finding, ...]
    n_draws: int
    seed: int


@uncollected()
def make_plan(project: Project, *, n_draws: int, seed: int, on_progress: Progress | None = None) -> Plan:
    """Plan a project.

    Draws run on a second core beside the central calculation.

    Parameters
    ----------
    project
        Checked project.
    n_draws
        Draws over the evidence ranges; 0 leaves the intervals out.
    seed
        Same seed, same plan.
    on_progress
        Told how far it is.
    """
    say = on_progress or (lambda what, share: None)
    with Background(lambda: draw(project, n_draws, seed)) as draws:
        say("following patients", 0.2)  # structure: where the progress bar stands
        calculation = calculate(project, Coefficients(project.evidence))
        headlines = list_headlines(project, calculation)
        ancestry = Ancestry(project)
        for key in headlines if n_draws else ():
            ancestry.list_rows(calculation.ledger.figures[key])
        say("drawing over the evidence", 0.5)  # structure: where the progress bar stands
        uncertainty = draws.wait() if n_draws else None
    if uncertainty is not None:
        uncertainty = keep_ancestors(uncertainty, ancestry, calculation.ledger)
    findings = tuple(check_plan(project, calculation, uncertainty))
    return Plan(project, calculation, headlines, uncertainty, findings, n_draws, seed)


def draw(project: Project, n_draws: int, seed: int) -> Uncertainty | None:
    """Compute the plan on draws, for the years phases are sized for."""
    if not n_draws:
        return None
    centre = project.centre
    coefficients = Coefficients(project.evidence, n_draws, seed)
    calculation = calculate(project, coefficients, list_drawn_years(centre))
    headlines = list_headlines(project, calculation)
    return compute_uncertainty(calculation.ledger, coefficients, headlines, centre.reference_year)


def list_drawn_years(centre: Centre) -> list[int]:
    """Return the years draws are taken on: those phases and tanks are sized for."""
    years = {opening.sized_for for opening in centre.openings}
    if centre.biobank is not None:
        years.add(find_tank_year(centre))
    return sorted(years)


def list_headlines(project: Project, calculation: Calculation) -> tuple[str, ...]:
    """Return the figures shown first: those the definition names, or every resource and the staff."""
    figures = calculation.ledger.figures
    column = calculation.ledger.find_year(project.centre.reference_year)
    named = [
        key
        for key in project.centre.headlines
        if key in figures and figures[key].central[min(column, len(figures[key].central) - 1)] > 0
    ]
    if named:
        return tuple(named)
    return tuple(
        key
        for key in figures
        if key.startswith("resource.") or key in ("staff.total", "workload.contacts_per_day")
    )
