"""One person after the other through a route: slow, readable, and no line shared with the solver."""

import random
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from oncopolis.centre.route import OUT, REST, Route, Stop

Node = tuple[int, frozenset[str]]


@dataclass
class Walked:
    """What many people did."""

    n_people: int
    done: Counter[Node] = field(default_factory=Counter)
    squares: Counter[Node] = field(default_factory=Counter)
    days: dict[Node, float] = field(default_factory=lambda: defaultdict(float))
    ends: Counter[frozenset[str]] = field(default_factory=Counter)


def walk(
    route: Route,
    values: Mapping[str, float],
    n_people: int,
    seed: int,
    attributes: frozenset[str] = frozenset(),
) -> Walked:
    """Send people through a route; `values` are the shares and lengths it names."""
    dice = random.Random(seed)
    walked = Walked(n_people)
    for _ in range(n_people):
        own: Counter[Node] = Counter()
        end = _walk_once(route, values, dice, attributes, own, walked.days)
        walked.ends[end] += 1
        for node, times in own.items():
            walked.done[node] += times
            walked.squares[node] += times * times
    return walked


def _walk_once(
    route: Route,
    values: Mapping[str, float],
    dice: random.Random,
    attributes: frozenset[str],
    own: Counter[Node],
    days: dict[Node, float],
) -> frozenset[str]:
    here, day = 0, 0.0
    while here != OUT:
        stop = route.stops[here]
        allowed = stop.has.issubset(attributes) and not stop.lacks.intersection(attributes)
        if not allowed or (stop.share is not None and dice.random() >= look_up(stop.share, values)):
            here = stop.skip_to
            continue
        day += stop.after.aim_days
        own[here, attributes] += 1
        days[here, attributes] += day
        day += length_of(stop, values)
        attributes = attributes | stop.sets
        here = choose(stop, values, dice)
    return attributes


def look_up(coefficient: int | str, values: Mapping[str, float]) -> float:
    return float(coefficient) if isinstance(coefficient, int) else values[coefficient]


def length_of(stop: Stop, values: Mapping[str, float]) -> float:
    if stop.cadence is not None:
        gap = stop.cadence.every_days * (7 / 5 if stop.cadence.workdays else 1)
        return (look_up(stop.cadence.n, values) - 1) * gap
    if stop.setting == "inpatient":
        return sum(look_up(phase.duration, values) for task in stop.tasks for phase in task.activity.phases)
    return 0.0


def choose(stop: Stop, values: Mapping[str, float], dice: random.Random) -> int:
    """Draw the way out."""
    if len(stop.exits) == 1:
        return stop.exits[0].to
    mark, rest = dice.random(), OUT
    for way in stop.exits:
        if way.share == REST or way.share is None:
            rest = way.to
            continue
        mark -= look_up(way.share, values)
        if mark < 0:
            return way.to
    return rest
