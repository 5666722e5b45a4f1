"""Which part of the patients in need is treated here: referral times uptake."""

from collections.abc import Callable

import numpy as np

from oncopolis.centre import Project
from oncopolis.centre.catchment import Catchment
from oncopolis.planning.asking import Asking
from oncopolis.planning.coefficients import Array
from oncopolis.planning.demand import NMSC, Demand, compute_ramp
from oncopolis.planning.quantity import Quantity, total


def compute_share_here(catchment: Catchment, asking: Asking, site: str, modality: str | None) -> Quantity:
    """Return referral times uptake of a modality for a site; shape (draws, years or 1)."""
    referral = catchment.referral
    of_site = referral.sites.get(site, {})
    number = of_site.get(modality or "", of_site.get("default"))
    if number is None:
        number = referral.modalities.get(modality or "", referral.default)
    share = asking.ask(number, site=site)
    uptake = catchment.uptake.get(modality or "")
    if uptake is None:
        return share
    start, full = asking.ask(uptake.start), asking.ask(uptake.full)
    first = asking.project.centre.horizon.first
    return share * (start + (full - start) * compute_ramp(asking.ledger, first, uptake.full_year))


def make_factor(project: Project, asking: Asking) -> Callable[[str, str | None], Array]:
    """Return the part of a site's patients in need of a modality that gets it here."""
    catchment = project.centre.catchment
    whole = np.ones((1, 1))
    made: dict[tuple[str, str | None], Array] = {}

    def factor(site: str, modality: str | None) -> Array:
        if not site or catchment is None:
            return whole
        if (site, modality) not in made:
            made[site, modality] = compute_share_here(catchment, asking, site, modality).values
        return made[site, modality]

    return factor


def compute_cases_here(project: Project, asking: Asking, demand: Demand) -> dict[str, Quantity]:
    """Name the new cases seen at the centre, by site and in all."""
    catchment, ledger = project.centre.catchment, asking.ledger
    assert catchment is not None
    cases = {
        site: ledger.name(
            f"demand.cases.{site}",
            f"New cases at the centre, {project.centre.cohorts[site].label}",
            "case/year",
            demand.new_cases[site] * compute_share_here(catchment, asking, site, None),
        )
        for site in project.centre.cohorts
    }
    counted = [quantity for site, quantity in cases.items() if site != NMSC]
    ledger.name(
        "demand.cases",
        "New cases at the centre (non-melanoma skin cancer left out)",
        "case/year",
        total(counted),
    )
    return cases
