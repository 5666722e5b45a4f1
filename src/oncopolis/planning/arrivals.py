"""Who enters the network each year: new cases by stage, and the flows of other clinics."""

from collections.abc import Iterator

import numpy as np

from oncopolis.centre import Coefficient, FlowEntry, Project
from oncopolis.foundation.units import DAYS_PER_YEAR, MINUTES_PER_DAY
from oncopolis.planning.asking import Asking
from oncopolis.planning.coefficients import Array, Coefficients
from oncopolis.planning.demand import Demand
from oncopolis.planning.flows import Flows, State
from oncopolis.planning.hazards import compute_hazards
from oncopolis.planning.prevalence import compute_alive
from oncopolis.planning.quantity import Quantity, to_quantity

NOBODY: frozenset[str] = frozenset()
"""Attributes of somebody who just came."""


def list_cohorts(project: Project, demand: Demand | None, past: Asking) -> list[tuple[State, Array]]:
    """Yearly new cases of the catchment by the state they enter, with the inherited stock set right."""
    if demand is None or project.centre.catchment is None:
        return []
    shape = (past.ledger.coefficients.size, len(past.ledger.years))
    arrivals = [
        ((entry.route, entry.at, NOBODY), np.array(np.broadcast_to(cases.values, shape), order="F"))
        for entry in project.network.entries
        for cases in [demand.new_cases[entry.site] * demand.stage_shares[entry.site, entry.stage]]
    ]
    stock = project.centre.catchment.inherited_stock
    return arrivals if stock is None else _set_stock(project, past, arrivals, past.ask(stock.patients))


def _set_stock(
    project: Project, asking: Asking, arrivals: list[tuple[State, Array]], stated: Quantity
) -> list[tuple[State, Array]]:
    """Scale the cases of the years before opening so that those alive at opening are the stated stock."""
    ledger = asking.ledger
    opening = ledger.find_year(min(opening.year for opening in project.centre.openings))
    central = Coefficients(project.evidence)
    before = Flows(project.network, central, compute_hazards(project, central))
    past = np.array([[float(i < opening) for i in range(len(ledger.years))]])
    before.enter((state, flow[:1] * past) for state, flow in arrivals)
    alive = compute_alive(project, asking, before, [max(opening - 1, 0)])
    modelled = ledger.name(
        "demand.stock_modelled",
        "Prevalent patients at opening by the cohorts",
        "count",
        ledger.given(alive, "patients alive at opening by survival and relapse"),
    )
    ratio = ledger.name(
        "demand.stock_ratio", "Stated over modelled prevalent patients at opening", "ratio", stated / modelled
    )
    scale = np.where(past > 0, ratio.values, 1.0)
    return [(state, flow * scale) for state, flow in arrivals]


def list_flows(project: Project, past: Asking) -> Iterator[tuple[State, Array]]:
    """Yearly arrivals of other clinics."""
    shape = (past.ledger.coefficients.size, len(past.ledger.years))
    for entry in project.network.flows:
        volume = name_volume(project, past, entry)
        yield (entry.route, entry.at, NOBODY), np.array(np.broadcast_to(volume.values, shape), order="F")


def name_volume(project: Project, asking: Asking, entry: FlowEntry) -> Quantity:
    """Name the yearly arrivals of one flow."""
    ledger, flow = asking.ledger, project.centre.flows[entry.flow]
    per_year = _count_people(project, asking, entry)
    if entry.growth is not None:
        first = project.centre.horizon.first
        elapsed = np.array([[max(year - first, 0) for year in ledger.years]], dtype=float)
        growth = ledger.evidence(entry.growth) + 1
        per_year = per_year * growth ** ledger.given(elapsed, f"years since {first}")
    return ledger.name(f"demand.flows.{entry.flow}", flow.label, "patient/year", per_year)


def _count_people(project: Project, asking: Asking, entry: FlowEntry) -> Quantity:
    """People a year by volume, by the time between arrivals or by clock times, before growth."""
    if entry.volume is not None:
        return asking.ledger.evidence(entry.volume) * _arrival_days(project, entry.volume, asking)
    if entry.between is not None:
        return _count_renewals(project, asking, entry, entry.between)
    return _count_booked(project, asking, entry)


def _count_renewals(project: Project, asking: Asking, entry: FlowEntry, between: Coefficient) -> Quantity:
    """People a year by the mean time between arrivals.

    Members of a closed population are counted as if they were gone in no time, which is an upper bound.
    """
    ledger, members = asking.ledger, project.centre.flows[entry.flow].members
    minutes = ledger.given(np.full((1, 1), MINUTES_PER_DAY * DAYS_PER_YEAR), "minutes a year")
    each = to_quantity(members) if members is not None else ledger.evidence(entry.batch)
    return minutes * each / ledger.evidence(between, "min")


def _count_booked(project: Project, asking: Asking, entry: FlowEntry) -> Quantity:
    """People a year by clock times: those of an open day, times open days, less those who never come."""
    centre, ledger = project.centre, asking.ledger
    flow = centre.flows[entry.flow]
    assert flow.times is not None
    days = (
        DAYS_PER_YEAR
        if flow.calendar is None
        else centre.get_calendar(flow.calendar).compute_days_per_year(
            centre.country, centre.currency.price_year
        )
    )
    open_days = ledger.given(np.full((1, 1), days), f"open days a year ({flow.calendar or 'all days'})")
    booked = open_days * to_quantity(len(flow.times)) * ledger.evidence(entry.batch)
    if entry.no_show is None:
        return booked
    return booked * (1 - ledger.evidence(entry.no_show))


def _arrival_days(project: Project, volume: str | int, asking: Asking) -> Quantity:
    """Days a year on which a daily volume arrives; 1 for a yearly one."""
    row = project.evidence.get_row(str(volume))
    if not row.unit.endswith("/day"):
        return to_quantity(1)
    days = compute_working_days(project) if row.per == "work_day" else DAYS_PER_YEAR
    return asking.ledger.given(np.full((1, 1), days), "days a year")


def compute_working_days(project: Project) -> float:
    """Working days of a mean year: Monday to Friday less public holidays of the price year."""
    centre = project.centre
    return centre.get_working_week().compute_days_per_year(centre.country, centre.currency.price_year)
