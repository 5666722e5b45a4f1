"""Who comes to a centre year by year, and the hazards of every route: what the twin is given of the plan.

Central values only. The catchment's cases are those of the years a plan follows: from long before the
first year, with the inherited stock set right, to the last.
"""

from collections.abc import Iterator

from oncopolis.centre import Project, RouteKey
from oncopolis.centre.intake import Fate, Inflow, Intake
from oncopolis.planning import Coefficients, Plan
from oncopolis.planning.arrivals import list_cohorts, list_flows
from oncopolis.planning.asking import Asking
from oncopolis.planning.calculation import make_past
from oncopolis.planning.coefficients import CENTRAL, Array
from oncopolis.planning.demand import Demand, compute_demand
from oncopolis.planning.flows import Flows
from oncopolis.planning.hazards import compute_hazards
from oncopolis.planning.leaving import Leaving
from oncopolis.planning.quantity import Ledger
from oncopolis.planning.referral import make_factor
from oncopolis.planning.workload import Workload, compute_workload


def make_intake(project: Project, plan: Plan | None = None) -> Intake:
    """Return everybody who comes to a centre, the hazards of every route, and the hours that are needed.

    Parameters
    ----------
    project
        Checked project, with or without a catchment.
    plan
        A plan of it, if there is one: saves computing its workload again.

    Raises
    ------
    InputError, InputErrors
        If a site whose patients can relapse or are advanced states no survival.
    """
    past = make_past(project, Coefficients(project.evidence))
    demand = compute_demand(project, past)
    return Intake(
        inflows=(*_list_cases(project, past, demand), *_list_others(project, past)),
        fates=dict(_list_fates(project, past.ledger.coefficients)),
        here=_compute_here(project, past),
        hours=_compute_hours(project, demand) if plan is None else _read_hours(plan),
    )


def _compute_hours(project: Project, demand: Demand | None) -> dict[str, dict[int, float]]:
    """Return the hours that everything is held by the averages, resource by resource and year by year."""
    coefficients = Coefficients(project.evidence)
    horizon = project.centre.horizon
    asking = Asking(project, Ledger(coefficients, range(horizon.first, horizon.last + 1)))
    workload = compute_workload(project, asking, make_past(project, coefficients), demand)
    return _list_hours(workload, asking)


def _read_hours(plan: Plan) -> dict[str, dict[int, float]]:
    return _list_hours(plan.calculation.workload, plan.calculation.asking)


def _list_hours(workload: Workload, asking: Asking) -> dict[str, dict[int, float]]:
    return {key: _by_year(hours.values, asking) for key, hours in workload.hours.items()}


def _list_cases(project: Project, past: Asking, demand: Demand | None) -> Iterator[Inflow]:
    """Yield the catchment's new cases by site and stage, before referral."""
    cohorts = list_cohorts(project, demand, past)
    if not cohorts:
        return
    for entry, (_, cases) in zip(project.network.entries, cohorts, strict=True):
        yield Inflow(
            name=f"cohort.{entry.site}.{entry.stage}",
            route=entry.route,
            at=entry.at,
            flow=None,
            per_year=_by_year(cases, past),
        )


def _list_others(project: Project, past: Asking) -> Iterator[Inflow]:
    """Yield the patients of other clinics."""
    for entry, (_, people) in zip(project.network.flows, list_flows(project, past), strict=True):
        yield Inflow(
            name=f"flow.{entry.flow}",
            route=entry.route,
            at=entry.at,
            flow=entry.flow,
            per_year=_by_year(people, past),
        )


def _list_fates(project: Project, coefficients: Coefficients) -> Iterator[tuple[RouteKey, Fate]]:
    """Yield the hazards of every route that has any."""
    network = project.network
    hazards = compute_hazards(project, coefficients) if network.entries else None
    for key, leaving in Flows(network, coefficients, hazards).leavings.items():
        if not leaving.is_certain_to_stay:
            yield key, _to_fate(leaving)


def _to_fate(leaving: Leaving) -> Fate:
    return Fate(
        relapse=float(leaving.relapse[CENTRAL]),
        relapse_years=leaving.relapse_years,
        death=float(leaving.death[CENTRAL]),
        other=float(leaving.other[CENTRAL]),
        ageing=float(leaving.ageing[CENTRAL]),
    )


def _compute_here(project: Project, past: Asking) -> dict[tuple[str, str | None], dict[int, float]]:
    """Return the share treated here of every site and modality that its routes have."""
    if project.centre.catchment is None:
        return {}
    asked: dict[tuple[str, str | None], None] = {}
    for route in project.network.routes.values():
        if route.site:
            asked |= {(route.site, modality): None for modality in (None, *(s.modality for s in route.stops))}
    factor = make_factor(project, past)
    return {(site, modality): _by_year(factor(site, modality), past) for site, modality in asked}


def _by_year(values: Array, past: Asking) -> dict[int, float]:
    """Return central values by calendar year; shape (draws, years or 1)."""
    central = values[CENTRAL]
    years = past.ledger.years
    return {year: float(central[i if len(central) > 1 else 0]) for i, year in enumerate(years)}
