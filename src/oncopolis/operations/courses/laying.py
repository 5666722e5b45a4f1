"""From a route to what is walked: coefficients become numbers, shares become questions."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from math import floor
from typing import Any

from oncopolis.centre import BoundActivity, Centre, Route
from oncopolis.centre.pathway import END, Branch, Decision
from oncopolis.centre.pathway import Step as Written
from oncopolis.centre.resource import Kind
from oncopolis.centre.route import OUT, REST, BoundTask, Stop
from oncopolis.operations.courses.way import DO, PASS, Errand, Layout, Need, Option, Question, Sequel, Step
from oncopolis.operations.house import House
from oncopolis.planning.quantity import ROUNDING_NOISE

_HALF = 0.5  # structure: the larger part of two


def lay(house: House, route: Route) -> Layout:
    """Return the way of a route in the centre as it is defined now."""
    pathway = house.centre.pathways[route.pathway]
    layer = _Layer(house, route)
    return Layout(
        pathway=route.pathway,
        version=pathway.version,
        label=route.label,
        site=route.site,
        stage=route.stage,
        is_approved=pathway.status == "approved",
        signed_by=pathway.signed_by,
        entries=tuple(route.entries),
        steps=tuple(layer.lay_step(stop) for stop in route.stops),
        sequels=tuple(
            Sequel(
                episode.id, episode.start, episode.when, episode.stage or "", episode.at or "",
                tuple(sorted(episode.sets)),
            )
            for episode in route.episodes
        ),
    )  # fmt: skip


class _Layer:
    def __init__(self, house: House, route: Route) -> None:
        self.house, self.route = house, route

    def lay_step(self, stop: Stop) -> Step:
        written = get_written(self.house.centre, stop)
        times = 1.0 if stop.cadence is None else self.house.values.get(stop.cadence.n)
        latest = stop.after.latest_days
        return Step(
            id=stop.id,
            label=stop.label,
            setting=stop.setting,
            errands=tuple(self._list_errands(stop.tasks, min(times, 1.0))),
            earliest_days=stop.after.earliest_days,
            target_days=stop.after.aim_days,
            latest_days=latest,
            times=max(1, _round(times)),
            every_days=stop.cadence.every_days if stop.cadence else 1,
            workdays=bool(stop.cadence and stop.cadence.workdays),
            has=tuple(sorted(stop.has)),
            lacks=tuple(sorted(stop.lacks)),
            sets=tuple(sorted(stop.sets)),
            skip_to=self._name(stop.skip_to),
            next=self._name(stop.exits[0].to),
            priority=self.route.priority if stop.priority is None else stop.priority,
            gate=self._make_gate(stop, written),
            branch=self._make_branch(stop, written),
        )

    def _name(self, index: int) -> str:
        return END if index == OUT else self.route.stops[index].id

    def _list_errands(self, tasks: Iterable[BoundTask], chance: float) -> Iterator[Errand]:
        """Yield the activities whose department is there, or what is done instead, each once."""
        found: dict[str, tuple[float, float]] = {}
        contacts: set[str] = set()
        for task in tasks:
            activity = self._find_activity(task.activity)
            if activity is not None:
                n = self.house.values.get(task.n)
                share = chance if task.share is None else chance * self.house.values.get(task.share)
                most, known = found.get(activity.id, (0.0, 0.0))
                found[activity.id] = max(most, n), known + share * min(n, 1.0)
                contacts.update({activity.id} if activity.contact else ())
        errands = [
            Errand(activity, max(1, _round(n)), _tell_need(share), activity in contacts, is_waited=False)
            for activity, (n, share) in found.items()
        ]
        waited = self._list_waited(errands)
        return (replace(errand, is_waited=errand in waited) for errand in errands)

    def _list_waited(self, errands: list[Errand]) -> list[Errand]:
        """Return what everybody has to come for; beside a stay only what a room or machine is booked for."""
        sure = [errand for errand in errands if errand.need == "sure" and errand.is_contact]
        if not any(self._holds(errand, "bed") for errand in sure):
            return sure
        return [errand for errand in sure if self._holds(errand, "bed") or self._is_booked(errand)]

    def _holds(self, errand: Errand, kind: Kind) -> bool:
        resources = self.house.centre.resources
        return any(resources[one].kind == kind for one in self.house.get_card(errand.activity).holds)

    def _is_booked(self, errand: Errand) -> bool:
        resources = self.house.centre.resources
        holds = self.house.get_card(errand.activity).holds
        return any(one in self.house.booking and resources[one].kind != "role" for one in holds)

    def _find_activity(self, activity: BoundActivity | None) -> BoundActivity | None:
        while activity is not None and activity.department not in self.house.equipped.opened:
            activity = activity.fallback
        return activity

    def _make_gate(self, stop: Stop, written: Written) -> Question | None:
        when = written.when
        if stop.share is None and (when is None or when.decider is None or not _is_entrance(stop, written)):
            return None
        share = 1.0 if stop.share is None else self.house.values.get(stop.share)
        options = (
            Option(DO, stop.label, share >= _HALF),
            Option(PASS, "", share < _HALF),
        )
        return _make_question("gate", when, options)

    def _make_branch(self, stop: Stop, written: Written) -> Question | None:
        if len(stop.exits) == 1 or not isinstance(written.next, Branch):
            return None
        shares = [
            0.0 if way.share is None or way.share == REST else self.house.values.get(way.share)
            for way in stop.exits
        ]
        rest = 1.0 - sum(shares)
        shares = [rest if way.share == REST else share for way, share in zip(stop.exits, shares, strict=True)]
        likely = shares.index(max(shares))
        options = tuple(
            Option(self._name(way.to), option.label, number == likely)
            for number, (way, option) in enumerate(zip(stop.exits, written.next.options, strict=True))
        )
        return _make_question("branch", written.next, options)


def _make_question(part: Any, decision: Decision | None, options: tuple[Option, ...]) -> Question:
    known = decision or Decision()
    return Question(part, known.decider or "", known.needs, known.reasons, options)


def _is_entrance(stop: Stop, written: Written) -> bool:
    """Whether it is the step itself, or the gate of its block, and not the stop that leaves that."""
    return not written.block or not stop.id.endswith("/")


def get_written(centre: Centre, stop: Stop) -> Written:
    """Return the step of the definition that a stop follows from."""
    room, key, _, number = stop.path
    written: Mapping[str, Any] = centre.pathways if room == "pathways" else centre.blocks
    step: Written = written[str(key)].steps[int(number)]
    return step


def _round(n: float) -> int:
    return floor(n + _HALF)


def _tell_need(share: float) -> Need:
    if share >= 1.0 - ROUNDING_NOISE:
        return "sure"
    return "likely" if share >= _HALF else "seldom"
