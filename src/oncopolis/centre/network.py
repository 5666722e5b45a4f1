"""`Network`: every route that somebody can be on, and how people get on it."""

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cached_property

from oncopolis.centre.cohort import StageEntry
from oncopolis.centre.context import make_context
from oncopolis.centre.definition import Centre
from oncopolis.centre.drivers import list_counted, list_steps
from oncopolis.centre.number import EvidenceRef
from oncopolis.centre.pathway import Step
from oncopolis.centre.resolving import Coefficient, Resolver
from oncopolis.centre.route import REST, BoundEpisode, Route, RouteMaker
from oncopolis.centre.walking import list_numbers
from oncopolis.foundation import Frozen

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
    """Patients of another clinic, and where they come in.

    Without a volume, `between` or the clock times of the definition's flow say how many come.
    """

    flow: str
    volume: Coefficient | None
    growth: Coefficient | None
    route: RouteKey
    at: str | None
    between: Coefficient | None = None
    batch: Coefficient = 1
    no_show: Coefficient | None = None


@dataclass(frozen=True)
class Network:
    """Routes by key, with the entries of cohorts and flows."""

    routes: Mapping[RouteKey, Route]
    entries: tuple[Entry, ...]
    flows: tuple[FlowEntry, ...]
    staged: frozenset[str]
    """Pathways that differ between stages; routes of the others carry no stage."""
    tracked: frozenset[str]
    """Attributes that make a difference to somebody's way, or that something is counted on."""
    kept: Mapping[RouteKey, frozenset[str]]
    """Route -> attributes that still matter to somebody entering it."""
    read: Mapping[RouteKey, frozenset[str]]
    """Route -> attributes that its own steps and episodes read or set."""

    def is_in_sequence(self, route: Route) -> bool:
        """Whether somebody on this route is on no other at the same time, so that people can be counted.

        Episodes that run beside a route (unplanned stays) or end a life (palliative care) are left out.
        """
        return route.survival in ("cohort", "advanced") or route.key in self._entered

    @cached_property
    def _entered(self) -> frozenset[RouteKey]:
        return frozenset(entry.route for entry in self.entries)

    def start(self, episode: BoundEpisode, route: Route) -> RouteKey:
        """Return the route an episode leads to."""
        return make_key(episode.start, route.site, episode.stage or route.stage, self.staged)


def make_network(centre: Centre, resolver: Resolver) -> Network:
    """Make every route that can be reached from a cohort or a flow; faults go to the resolver."""
    staged = find_staged(centre)
    entries = tuple(_list_entries(centre, resolver, staged))
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
        waiting += [
            make_key(episode.start, site, episode.stage or stage, staged) for episode in route.episodes
        ]
    read = {key: frozenset(_list_read(route)) for key, route in routes.items()}
    return Network(
        routes, entries, flows, staged, find_tracked(centre), _find_kept(routes, read, staged), read
    )


def make_key(pathway: str, site: str, stage: str, staged: AbstractSet[str]) -> RouteKey:
    """Return the key of a route; patients of all stages share one that stage does not change."""
    return (pathway, site, stage if pathway in staged else "")


def find_staged(centre: Centre) -> frozenset[str]:
    """Return the pathways that differ between stages, by themselves or by what they start."""
    blocks = {key for key, block in centre.blocks.items() if _names_stage(block)}
    activities = {key for key, activity in centre.activities.items() if _names_stage(activity)}
    while more := {
        key
        for key, block in centre.blocks.items()
        if key not in blocks and _uses(block.steps, blocks, activities)
    }:
        blocks |= more
    staged = {
        key
        for key, pathway in centre.pathways.items()
        if pathway.survival == "cohort" or _names_stage(pathway) or _uses(pathway.steps, blocks, activities)
    }
    while more := {
        key
        for key, pathway in centre.pathways.items()
        if key not in staged
        and any(episode.stage is None and episode.start in staged for episode in pathway.episodes)
    }:
        staged |= more
    return frozenset(staged)


def _names_stage(model: Frozen) -> bool:
    return any(
        isinstance(number, EvidenceRef) and "{stage}" in f"{number.evidence}{number.otherwise}"
        for _, number, _ in list_numbers(model)
    )


def _uses(steps: Sequence[Step], blocks: AbstractSet[str], activities: AbstractSet[str]) -> bool:
    """Whether a step pulls in one of the blocks or does one of the activities."""
    return any(
        step.block in blocks
        or any((task if isinstance(task, str) else task.activity) in activities for task in step.do)
        for step in steps
    )


def find_tracked(centre: Centre) -> frozenset[str]:
    """Return the attributes that matter: conditions ask for them, or something is counted on them."""
    tracked: set[str] = set()
    for step in list_steps(centre):
        if step.when:
            tracked.update(step.when.has, step.when.lacks)
    for pathway in centre.pathways.values():
        for episode in pathway.episodes:
            tracked.update(episode.has, episode.lacks)
    counted = {per.removeprefix("patients.") for per in list_counted(centre) if per.startswith("patients.")}
    return frozenset(tracked | counted)


def _find_kept(
    routes: Mapping[RouteKey, Route], read: Mapping[RouteKey, frozenset[str]], staged: AbstractSet[str]
) -> dict[RouteKey, frozenset[str]]:
    """Return, by route, the attributes that it or anything it starts still reads or sets."""
    kept = dict(read)
    changed = True
    while changed:
        changed = False
        for key, route in routes.items():
            started = (
                make_key(episode.start, route.site, episode.stage or route.stage, staged)
                for episode in route.episodes
            )
            wider = kept[key].union(*(kept[further] for further in started))
            changed = changed or wider != kept[key]
            kept[key] = wider
    return kept


def _list_read(route: Route) -> Iterator[str]:
    for stop in route.stops:
        yield from (*stop.sets, *stop.has, *stop.lacks)
    for episode in route.episodes:
        yield from (*episode.has, *episode.lacks)


def _list_entries(centre: Centre, resolver: Resolver, staged: AbstractSet[str]) -> Iterator[Entry]:
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
                route=make_key(entry.pathway, site, stage, staged),
                at=entry.at,
            )


def _resolve_survival(
    entry: StageEntry, resolver: Resolver, path: tuple[str, ...], context: Mapping[str, str]
) -> Coefficient | None:
    return None if entry.survival is None else resolver.resolve(entry.survival, (*path, "survival"), context)


def _list_flows(centre: Centre, resolver: Resolver) -> Iterator[FlowEntry]:
    context = make_context(centre)
    for key, flow in centre.flows.items():
        numbers = {
            name: None if number is None else resolver.resolve(number, ("flows", key, name), context)
            for name, number in (
                ("volume", flow.volume),
                ("growth", flow.growth),
                ("between", flow.between),
                ("no_show", flow.no_show),
            )
        }
        yield FlowEntry(
            flow=key,
            route=(flow.pathway, "", ""),
            at=flow.at,
            batch=resolver.resolve(flow.batch, ("flows", key, "batch"), context),
            **numbers,
        )
