"""Patients alive: under care of the centre, and on follow-up."""

from collections.abc import Sequence

import numpy as np

from oncopolis.centre import Project, Route
from oncopolis.planning.asking import Asking
from oncopolis.planning.coefficients import Array
from oncopolis.planning.demand import NMSC
from oncopolis.planning.flows import Flows
from oncopolis.planning.referral import compute_share_here
from oncopolis.planning.steps import expect


def is_counted(project: Project, route: Route) -> bool:
    """Whether people on a route are counted as patients alive: once each, skin (nmsc) left out."""
    return bool(route.site) and route.site != NMSC and project.network.is_in_sequence(route)


def compute_alive(
    project: Project, asking: Asking, flows: Flows, columns: Sequence[int], survival: str | None = None
) -> Array:
    """Return the patients of the centre alive in the wanted years, shape (draws, columns).

    Parameters
    ----------
    project, asking
        Project, and its coefficients on the axis `columns` point into.
    flows
        Entries into the network, on the same axis.
    columns
        Indices of the years wanted.
    survival
        Only those on routes of this kind of survival, if given.
    """
    catchment = project.centre.catchment
    alive = np.zeros((1, len(columns)))
    for route, stay in flows.list_stays(columns):
        if catchment is None or not is_counted(project, route) or survival not in (None, route.survival):
            continue
        share = compute_share_here(catchment, asking, route.site, route.stops[0].modality).values
        alive = alive + stay * (share if share.shape[1] == 1 else share[:, columns])
    return alive


def name_prevalence(project: Project, flows: Flows, asking: Asking, past: Asking) -> None:
    """Name the patients alive under care and on follow-up."""
    if project.centre.catchment is None:
        return
    ledger = asking.ledger
    columns = [past.ledger.find_year(year) for year in ledger.years]
    text = "person-years on the routes by survival and relapse"
    for key, label, survival in (
        ("demand.prevalent", "Patients alive under care of the centre (prevalent)", None),
        ("demand.follow_up", "Patients on follow-up", "cohort"),
    ):
        ledger.name(key, label, "count", expect(compute_alive(project, past, flows, columns, survival), text))
