"""Patients alive: under care of the centre, and on follow-up."""

from collections.abc import Sequence

import numpy as np

from oncopolis.centre import Project, Route
from oncopolis.planning.asking import Asking
from oncopolis.planning.demand import NMSC
from oncopolis.planning.flows import Flows
from oncopolis.planning.referral import compute_share_here
from oncopolis.planning.steps import expect


def is_counted(project: Project, route: Route) -> bool:
    """Whether people on a route are counted as patients alive: once each, skin (nmsc) left out."""
    return bool(route.site) and route.site != NMSC and project.network.is_in_sequence(route)


def name_prevalence(project: Project, flows: Flows, asking: Asking, columns: Sequence[int]) -> None:
    """Name the patients alive under care and on follow-up."""
    catchment = project.centre.catchment
    if catchment is None:
        return
    ledger = asking.ledger
    shape = (ledger.coefficients.size, len(ledger.years))
    follow_up, everybody = np.zeros(shape), np.zeros(shape)
    for route, stay in flows.list_stays(columns):
        if not is_counted(project, route):
            continue
        here = stay * compute_share_here(catchment, asking, route.site, route.stops[0].modality).values
        everybody = everybody + here
        if route.survival == "cohort":
            follow_up = follow_up + here
    text = "person-years on the routes by survival and relapse"
    ledger.name(
        "demand.prevalent",
        "Patients alive under care of the centre (prevalent)",
        "count",
        expect(everybody, text),
    )
    ledger.name("demand.follow_up", "Patients on follow-up", "count", expect(follow_up, text))
