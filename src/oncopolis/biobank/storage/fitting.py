"""Where everything in a tank fits: racks whole if they can be, else boxes, else one by one."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from math import hypot

from oncopolis.record.biobank.places import Container
from oncopolis.record.biobank.specimens import Specimen


@dataclass(frozen=True, slots=True)
class Carry:
    """One thing to carry: a container or a specimen, into a place."""

    what: Container | Specimen
    into: Container
    slot: int


class Stock:
    """All containers at one moment, and what of their places is taken or promised.

    Parameters
    ----------
    promised
        Container and place of what evacuations under way need.
    find_taken
        Positions of a box that cannot be used; asked when it is looked at.
    """

    def __init__(
        self,
        containers: Iterable[Container],
        promised: Iterable[tuple[int, int]],
        find_taken: Callable[[int], Iterable[int]],
    ) -> None:
        self.all = {one.id: one for one in containers}
        self.children: dict[int, list[Container]] = defaultdict(list)
        self._taken: dict[int, set[int]] = defaultdict(set)
        for one in self.all.values():
            if one.parent is not None and one.slot is not None:
                self.children[one.parent].append(one)
                self._taken[one.parent].add(one.slot)
        for parent, slot in promised:
            self._taken[parent].add(slot)
        self._find_taken = find_taken
        self._looked_at: set[int] = set()

    def take(self, container: Container, slot: int) -> None:
        """Let a place be taken."""
        self._taken[container.id].add(slot)

    def walk_free(self, container: Container) -> Iterator[int]:
        """Yield the places of a container that are free, while they are being taken."""
        if container.holds == "specimens" and container.id not in self._looked_at:
            self._looked_at.add(container.id)
            self._taken[container.id].update(self._find_taken(container.id))
        for slot in range(container.n_places):
            if slot not in self._taken[container.id]:
                yield slot

    def walk_within(self, container: Container) -> Iterator[Container]:
        """Yield a container and all in it, in the order of their places."""
        yield container
        for child in sorted(self.children[container.id], key=lambda one: one.slot or 0):
            yield from self.walk_within(child)

    def find_temperature(self, container: Container) -> float | None:
        """What it is kept at, degrees Celsius."""
        where: Container | None = container
        while where is not None:
            if where.temperature_c is not None:
                return where.temperature_c
            where = self.all[where.parent] if where.parent is not None else None
        return None

    def list_targets(self, tank: Container) -> list[Container]:
        """Tanks that may take what is in one: as cold, of its inventory, in use; reserves, then near ones."""
        limit = self.find_temperature(tank)
        found = []
        for one in self.all.values():
            mine = self.find_temperature(one) if one.kind == tank.kind else None
            is_cold = limit is None or (mine is not None and mine <= limit)
            is_like = one.kind == tank.kind and one.inventory == tank.inventory
            if is_like and is_cold and one.id != tank.id and one.state == "used":
                found.append(one)
        return sorted(found, key=lambda one: (not one.is_reserve, _measure(tank, one), one.id))


def _measure(tank: Container, other: Container) -> float:
    if None in (tank.x_m, tank.y_m, other.x_m, other.y_m):
        return abs((tank.slot or 0) - (other.slot or 0))
    return hypot(tank.x_m - other.x_m, tank.y_m - other.y_m)  # type: ignore[operator]


def fit(
    stock: Stock, tank: Container, inside: dict[int, list[Specimen]]
) -> tuple[list[Carry], list[Specimen]]:
    """Find a place for everything in a tank.

    Parameters
    ----------
    inside
        Specimens by box, of all boxes in the tank that are not empty, and of no others.

    Returns
    -------
    carries, left
        What to carry, in the order of the places it is taken from; specimens for which there is no place.
    """
    targets = stock.list_targets(tank)
    carries: list[Carry] = []
    whole = [one for one in stock.children[tank.id] if _has_any(stock, one, inside)]
    parts = _fit_containers(stock, sorted(whole, key=lambda one: one.slot or 0), targets, carries)
    while parts and any(one.holds == "containers" for one in parts):
        opened = [child for one in parts for child in _open(stock, one) if _has_any(stock, child, inside)]
        holders = [
            one for target in targets for one in stock.walk_within(target)
            if one.id != target.id and one.holds == "containers"
        ]  # fmt: skip
        parts = _fit_containers(stock, opened, holders, carries)
    left = _fit_specimens(stock, [one for box in parts for one in inside[box.id]], targets, carries)
    return carries, left


def _has_any(stock: Stock, container: Container, inside: dict[int, list[Specimen]]) -> bool:
    return any(one.id in inside for one in stock.walk_within(container))


def _open(stock: Stock, container: Container) -> list[Container]:
    """What is carried if a container cannot be: what stands in it, or itself if specimens do."""
    if container.holds == "specimens":
        return [container]
    return sorted(stock.children[container.id], key=lambda one: one.slot or 0)


def _fit_containers(
    stock: Stock, wanted: list[Container], holders: list[Container], carries: list[Carry]
) -> list[Container]:
    """Give containers free places of others that hold their kind; those that found none."""
    free = ((holder, slot) for holder in holders for slot in stock.walk_free(holder))
    left: list[Container] = []
    by_kind: dict[tuple[str, str], list[Container]] = defaultdict(list)
    for one in wanted:
        by_kind[one.kind, one.holds].append(one)
    for holder, slot in free:
        kind = next((key for key in by_kind if by_kind[key] and _holds(stock, holder, key)), None)
        if kind is None:
            continue
        one = by_kind[kind].pop(0)
        stock.take(holder, slot)
        carries.append(Carry(one, holder, slot))
    for rest in by_kind.values():
        left += rest
    return left


def _holds(stock: Stock, holder: Container, kind: tuple[str, str]) -> bool:
    """Whether a container holds containers of a kind: it does already, or it is empty."""
    if holder.holds != "containers" or holder.state != "used":
        return False
    children = stock.children[holder.id]
    return not children or any((one.kind, one.holds) == kind for one in children)


def _fit_specimens(
    stock: Stock, wanted: list[Specimen], targets: list[Container], carries: list[Carry]
) -> list[Specimen]:
    """Give single specimens free positions; those that found none."""
    waiting = iter(wanted)
    one = next(waiting, None)
    for target in targets:
        for box in stock.walk_within(target):
            if box.holds != "specimens" or box.state != "used":
                continue
            for place in stock.walk_free(box):
                if one is None:
                    return []
                stock.take(box, place)
                carries.append(Carry(one, box, place))
                one = next(waiting, None)
    return [] if one is None else [one, *waiting]
