"""Ranks of places: who waits in one place for another keeps the first only if it ranks lower.

A patient in theatre waits for a recovery bay, and one there for a bed; if some wait the other way round,
the rarer way is cut, so that no circle of people can block each other for ever.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

from oncopolis.centre import BoundActivity
from oncopolis.centre.resource import Resource
from oncopolis.twin.compiling.bundles import Bundles
from oncopolis.twin.compiling.ways import Ways

Edge = tuple[int, int]


def rank_resources(
    ways: Ways, bundles: Bundles, resources: Sequence[Resource]
) -> tuple[list[int], tuple[str, ...]]:
    """Rank places by the moves the definition makes from one to the next."""
    stays = [resource.kind != "role" for resource in resources]

    def list_held(activity: BoundActivity) -> list[frozenset[int]]:
        return [
            frozenset(r for r, _, behind in bundles.held[bundles.add(phase)] if stays[r] and not behind)
            for phase in activity.phases
            if phase.patient
        ]

    moves: Counter[tuple[int, int]] = Counter()
    for route in ways.network.routes.values():
        stay: list[frozenset[int]] = []
        for stop in route.stops:
            for task in stop.tasks:
                held = list_held(task.activity)
                if stop.setting == "inpatient":
                    stay += held
                else:
                    moves.update(list_moves(held))
            if stop.setting != "inpatient" and stop.tasks:
                moves.update(list_moves(stay))
                stay = []
        moves.update(list_moves(stay))
    ranks = rank_places(moves, len(resources))
    keys = list(ways.project.centre.resources)
    cut = tuple(f"{keys[old]} -> {keys[new]}" for old, new in sorted(moves) if ranks[old] >= ranks[new])
    return ranks, cut


def list_moves(sequence: Sequence[frozenset[int]]) -> Iterable[Edge]:
    """Yield (held, wanted) for places held one after the other."""
    for held, wanted in pairwise(sequence):
        for old in held:
            for new in wanted - held:
                yield old, new


def rank_places(moves: Mapping[Edge, int], n: int) -> list[int]:
    """Return a rank for each place, such that the commonest moves go upwards.

    Parameters
    ----------
    moves
        (held, wanted) -> how often it is found in the definition.
    n
        Number of places.
    """
    after: dict[int, set[int]] = {place: set() for place in range(n)}
    for (old, new), _ in sorted(moves.items(), key=lambda item: (-item[1], item[0])):
        if old != new and not _reaches(after, new, old):
            after[old].add(new)
    ranks = [0] * n
    left = Counter(new for many in after.values() for new in many)
    ready = [place for place in range(n) if not left[place]]
    rank = 0
    while ready:
        place = ready.pop(0)
        ranks[place] = rank
        rank += 1
        for new in sorted(after[place]):
            left[new] -= 1
            if not left[new]:
                ready.append(new)
    return ranks


def _reaches(after: Mapping[int, set[int]], start: int, goal: int) -> bool:
    seen, waiting = set(), [start]
    while waiting:
        place = waiting.pop()
        if place == goal:
            return True
        if place not in seen:
            seen.add(place)
            waiting += after[place]
    return False
