"""`Ancestry`: which coefficients a figure really rests on."""

from collections.abc import Iterator
from functools import cached_property

from oncopolis.centre import Coefficient, Project
from oncopolis.centre.route import REST
from oncopolis.planning.quantity import Quantity


class Ancestry:
    """Finds the evidence rows below figures of one project."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self._known: dict[int, frozenset[str]] = {}

    def list_rows(self, quantity: Quantity) -> frozenset[str]:
        """Return the keys of all rows below a quantity.

        Below an expectation over pathways these are the rows of the steps that add to it, and all that
        decide who goes where: shares, repeats, episodes, survival.
        """
        if id(quantity) not in self._known:
            self._known[id(quantity)] = self._find_rows(quantity)
        return self._known[id(quantity)]

    def _find_rows(self, quantity: Quantity) -> frozenset[str]:
        if quantity.row is not None:
            return frozenset({quantity.key})
        below = frozenset().union(*(self.list_rows(parent) for parent in quantity.parents))
        if quantity.details is None:
            return below
        return below | self.flow_rows | {key for detail in quantity.details() for key in detail.evidence}

    @cached_property
    def flow_rows(self) -> frozenset[str]:
        """Rows that decide who goes where in the network, and how many come here."""
        return frozenset(key for key in self._list_flow_rows() if isinstance(key, str) and key != REST)

    def _list_flow_rows(self) -> Iterator[Coefficient | None]:
        network = self.project.network
        for entry in network.entries:
            yield from (entry.share, entry.survival, entry.advanced_survival)
        for flow in network.flows:
            yield from (flow.volume, flow.growth, flow.between, flow.no_show)
            if flow.between is not None or flow.no_show is not None:
                yield flow.batch
        for route in network.routes.values():
            yield route.hazard
            for stop in route.stops:
                yield from (
                    stop.share,
                    stop.cadence.n if stop.cadence else None,
                    *(way.share for way in stop.exits),
                )
            for episode in route.episodes:
                yield from (episode.share, episode.mean, episode.rate)
        yield from (key for key in self.project.evidence.rows if key.startswith(("survival.", "catchment.")))
