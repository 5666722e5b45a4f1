"""`WaitingRoom`: who waits for what, in the order of priority, appointment and arrival."""

from bisect import insort
from collections import defaultdict

from oncopolis.twin.reference.definition import Bundle, Definition
from oncopolis.twin.reference.people import Entity

QueueKey = tuple[int, int]
"""Number of the bundle that is waited for, and priority."""


def get_order(entity: Entity) -> int:
    """Return the time by which somebody stands in a queue: of the appointment, else of coming."""
    assert entity.order is not None
    return entity.order


def rank(entity: Entity) -> tuple[int, int, int, int]:
    """Return what decides who is first among those at the heads of queues."""
    return entity.priority, get_order(entity), entity.asked, entity.get_phase().bundle.number


class WaitingRoom:
    """A queue for each bundle and priority, and for each resource the queues that look at it."""

    def __init__(self, definition: Definition) -> None:
        self._queues: dict[QueueKey, list[Entity]] = defaultdict(list)
        self._bundles: list[Bundle] = definition.bundles
        self._looking: dict[int, list[QueueKey]] = defaultdict(list)

    def add(self, entity: Entity) -> None:
        """Let somebody wait; those of the same appointment or arrival in the order they come."""
        bundle = entity.get_phase().bundle
        key = (bundle.number, entity.priority)
        entity.waits_in = key
        insort(self._queues[key], entity, key=get_order)
        if len(self._queues[key]) == 1:
            for resource in bundle.watched:
                self._looking[resource].append(key)

    def drop(self, entity: Entity) -> None:
        """Take somebody out."""
        assert entity.waits_in is not None
        key, entity.waits_in = entity.waits_in, None
        self._queues[key].remove(entity)
        if not self._queues[key]:
            for resource in self._bundles[key[0]].watched:
                _drop_fast(self._looking[resource], key)

    def is_wanted(self, resource: int) -> bool:
        """Return whether anybody waits for something with this resource."""
        return bool(self._looking[resource])

    def list_heads(self, resource: int) -> list[Entity]:
        """Return the first of each queue that looks at a resource, the first in order first."""
        return sorted((self._queues[key][0] for key in self._looking[resource]), key=rank)

    def list_in_order(self, resource: int) -> list[Entity]:
        """Return everybody who waits for a resource itself, not for one it stands in for, the first first."""
        bundles = [
            key
            for key in self._looking[resource]
            if any(h.resource == resource and not h.behind for h in self._bundles[key[0]].holds)
        ]
        return sorted((entity for key in bundles for entity in self._queues[key]), key=rank)

    def list_all(self) -> list[Entity]:
        """Return everybody who waits."""
        return [entity for queue in self._queues.values() for entity in queue]


def _drop_fast(keys: list[QueueKey], key: QueueKey) -> None:
    """Drop one by putting the last into its place."""
    last = keys.pop()
    if last != key:
        keys[keys.index(key)] = last
