"""`Network`: every route that somebody can be on, and how people get on it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from oncopolis.centre.cohort import StageEntry
from oncopolis.centre.context import make_context
from oncopolis.centre.definition import Centre
from oncopolis.centre.resolving import Coefficient, Resolver
from oncopolis.centre.route import REST, Route, RouteMaker

RouteKey = tuple[str, str, str]
"""Pathway, site, stage."""


@dataclass(frozen=True, slots=True)
class Entry:
    """Patients of one site and stage, and where they come in."""

    site: str
    stage: str
    share: Coefficient
    survival: Coefficient | None
    advanced_survival: Coefficient | None
    route: RouteKey
    at: str | None


@dataclass(frozen=True, slots=True)
class FlowEntry:
    """Patients of another clinic, and where they come in."""

    flow: str
    volume: Coefficient
    growth: Coefficient | None
    route: RouteKey
    at: str | None


@dataclass(frozen=True)
class Network:
    """Routes by key, with the entries of cohorts and flows."""

    routes: Mapping[RouteKey, Route]
    entries: tuple[Entry, ...]
    flows: tuple[FlowEntry, ...]


def make_network(centre: Centre, resolver: Resolver) -> Network:
    """Make every route that can be reached from a cohort or a flow; faults go to the resolver."""
    entries = tuple(_list_entries(centre, resolver))
    flows = tuple(_list_flows(centre, resolver))
    maker = RouteMaker(centre, resolver)
    routes: dict[RouteKey, Route] = {}
    waiting = [*(entry.route for entry in entries), *(flow.route for flow in flows)]
    while waiting:
        key = waiting.pop()
        if key in routes:
            continue
        pathway, site, stage = key
        routes[key] = route = maker.make_route(pathway, make_context(centre, site, stage))
        waiting += [(episode.start, site, episode.stage or stage) for episode in route.episodes]
    return Network(routes, entries, flows)


def _list_entries(centre: Centre, resolver: Resolver) -> Iterator[Entry]:
    for site, cohort in centre.cohorts.items():
        advanced = cohort.advanced_survival
        for stage, entry in cohort.stages.items():
            context = make_context(centre, site, stage)
            path = ("cohorts", site, "stages", stage)
            yield Entry(
                site=site,
                stage=stage,
                share=REST
                if isinstance(entry.share, str)
                else resolver.resolve(entry.share, (*path, "share"), context),
                survival=_resolve_survival(entry, resolver, path, context),
                advanced_survival=None
                if advanced is None
                else resolver.resolve(advanced, ("cohorts", site, "advanced_survival"), context),
                route=(entry.pathway, site, stage),
                at=entry.at,
            )


def _resolve_survival(
    entry: StageEntry, resolver: Resolver, path: tuple[str, ...], context: Mapping[str, str]
) -> Coefficient | None:
    return None if entry.survival is None else resolver.resolve(entry.survival, (*path, "survival"), context)


def _list_flows(centre: Centre, resolver: Resolver) -> Iterator[FlowEntry]:
    context = make_context(centre)
    for key, flow in centre.flows.items():
        growth = flow.growth
        yield FlowEntry(
            flow=key,
            volume=resolver.resolve(flow.volume, ("flows", key, "volume"), context),
            growth=None if growth is None else resolver.resolve(growth, ("flows", key, "growth"), context),
            route=(flow.pathway, "", ""),
            at=flow.at,
        )
