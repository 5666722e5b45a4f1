"""In which order boxes are fetched: a short walk from tank to tank, and in each from rack to rack."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from math import hypot

from oncopolis.record.biobank.places import Container

_OTHER_ROOM_M = 1_000.0  # structure: farther than anything in one room
_ROUNDS = 50  # structure: rounds of improvement; a room has a few dozen tanks


def order_boxes(boxes: Iterable[int], containers: Mapping[int, Container]) -> list[int]:
    """Boxes in the order of the walk.

    Parameters
    ----------
    containers
        These boxes and all that they are in.
    """
    by_tank: dict[int, list[tuple[tuple[int, ...], int]]] = defaultdict(list)
    for box in boxes:
        tank, inside = _find_tank(box, containers)
        by_tank[tank].append((inside, box))
    tanks = order_tanks([containers[id_] for id_ in by_tank])
    return [box for tank in tanks for _, box in sorted(by_tank[tank.id])]


def _find_tank(box: int, containers: Mapping[int, Container]) -> tuple[int, tuple[int, ...]]:
    """What stands in the room around a box, and the way to the box inside of that."""
    inside: list[int] = []
    one = containers[box]
    while one.parent is not None and containers[one.parent].kind not in ("room", "site"):
        inside.append(one.slot or 0)
        one = containers[one.parent]
    return one.id, tuple(reversed(inside))


def order_tanks(tanks: Sequence[Container]) -> list[Container]:
    """A short walk through tanks: always the nearest next, then improved by turning parts round."""
    known = sorted(tanks, key=lambda one: (one.parent or 0, one.slot or 0, one.id))
    apart = [[measure(one, other) for other in known] for one in known]
    left = set(range(1, len(known)))
    walk = [0] if known else []
    while left:
        here = apart[walk[-1]]
        near = min(left, key=lambda i: (here[i], known[i].id))
        left.remove(near)
        walk.append(near)
    for _ in range(_ROUNDS):
        better = _improve(walk, apart)
        if better is None:
            break
        walk = better
    return [known[i] for i in walk]


def _improve(walk: list[int], apart: Sequence[Sequence[float]]) -> list[int] | None:
    """The walk with one part turned round, if some part makes it shorter; the first tank stays."""
    n = len(walk)
    for first in range(1, n - 1):
        from_before, from_first = apart[walk[first - 1]], apart[walk[first]]
        entered = from_before[walk[first]]
        for last in range(first + 1, n):
            old, new = entered, from_before[walk[last]]
            if last + 1 < n:
                after = walk[last + 1]
                old, new = old + apart[walk[last]][after], new + from_first[after]
            if new < old - 1e-9:  # structure: shorter by more than rounding
                return [*walk[:first], *reversed(walk[first : last + 1]), *walk[last + 1 :]]
    return None


def measure(one: Container, other: Container) -> float:
    """How far apart two tanks are: metres, or places apart where it is not known where they stand."""
    if one.x_m is None or one.y_m is None or other.x_m is None or other.y_m is None:
        return abs((one.slot or 0) - (other.slot or 0)) + _OTHER_ROOM_M * (one.parent != other.parent)
    return hypot(one.x_m - other.x_m, one.y_m - other.y_m)
