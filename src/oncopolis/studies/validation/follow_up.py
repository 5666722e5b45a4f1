"""People alive with a cancer diagnosis in a region, by the cohort model alone."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np

from oncopolis.centre import Project, read_project
from oncopolis.foundation import OncopolisError
from oncopolis.planning.asking import Asking
from oncopolis.planning.calculation import BACK_YEARS
from oncopolis.planning.coefficients import CENTRAL, Coefficients
from oncopolis.planning.demand import compute_demand
from oncopolis.planning.flows import Flows
from oncopolis.planning.hazards import compute_hazards
from oncopolis.planning.quantity import Ledger
from oncopolis.studies.validation.check import Check, Published
from oncopolis.studies.validation.lifetime import MEASURES, NOBODY, drop_routes
from oncopolis.studies.validation.mix import NMSC


def compute_prevalent(project: Project, year: int) -> float:
    """Return the people of the catchment alive after a diagnosis, as a mean of `year`; without skin cancer.

    Parameters
    ----------
    project
        Project with a catchment; its inherited stock is not used.
    year
        Calendar year. As in a plan, cases of `BACK_YEARS` years are followed, those before the base year cast
        back by growth.
    """
    ledger = Ledger(Coefficients(project.evidence), range(year - BACK_YEARS, year + 1))
    demand = compute_demand(project, Asking(project, ledger))
    assert demand is not None
    network = drop_routes(project.network, MEASURES)
    hazards = compute_hazards(replace(project, network=network), ledger.coefficients)
    flows = Flows(network, ledger.coefficients, hazards)
    shape = (1, len(ledger.years))
    flows.enter(
        (
            (entry.route, entry.at, NOBODY),
            np.array(
                np.broadcast_to(
                    (demand.new_cases[entry.site] * demand.stage_shares[entry.site, entry.stage]).values,
                    shape,
                )
            ),
        )
        for entry in network.entries
    )
    return sum(
        float(stay[CENTRAL, -1])
        for route, stay in flows.list_stays()
        if route.site != NMSC and network.is_in_sequence(route)
    )


def list_follow_up_checks(published: Published, folder: Path) -> Iterator[Check]:
    """Yield the people on follow-up in the Tyumen region."""
    key, tolerance = "demand.tyumen.follow_up", "validation.tolerance.follow_up"
    label = "People on follow-up, Tyumen region: cohorts and survival alone, without the inherited stock"
    year = published.evidence.get_row(key).year
    assert year is not None
    try:
        ours = compute_prevalent(read_project(folder), year)
    except OncopolisError as error:
        yield published.skip(
            "tyumen.follow_up", key, f"the example cannot be read: {error}", tolerance=tolerance, label=label
        )
        return
    yield published.compare(
        "tyumen.follow_up",
        key,
        ours,
        tolerance=tolerance,
        label=label,
        cause=[
            "survival.other_cause",
            "survival.other_cause_rise",
            "survival.hazard_ratio.rus",
            "survival.relapse_years",
        ],
        why=(
            "incidence by site is Russia's, and its growth before 2022 is taken from the projection; "
            "nobody leaves the register but by death"
        ),
    )
