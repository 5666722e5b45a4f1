"""Which specimens to take: few boxes opened, the oldest first, and enough of each donor left.

Without limits per donor the boxes with most that fits, largest first, are the fewest possible. With them a
box counts only for what donors still allow, and boxes are taken greedily by that; small ones for which the
others can stand in are given up again.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from heapq import heapify, heappop, heappush
from typing import NamedTuple, TypeAlias


class Candidate(NamedTuple):
    """A specimen that may be given out."""

    id: int
    donor: int
    box: int
    collected_ms: int


_N_TRIED = 20  # structure: boxes that are tried to be given up, the smallest first

Choice: TypeAlias = dict[int, list[Candidate]]
"""What is taken, by box."""


@dataclass(slots=True)
class _Box:
    """What fits in a box: by donor, the oldest first."""

    by_donor: dict[int, list[Candidate]]
    oldest_ms: int

    def count(self, allowed: dict[int, int], most: int) -> int:
        """How much of it may be taken now."""
        n = sum(min(len(own), allowed[donor]) for donor, own in self.by_donor.items())
        return min(n, most)


def choose(candidates: Sequence[Candidate], n: int, per_donor: int | None, reserve: int) -> Choice:
    """Choose ``n`` specimens, or as many as may be taken.

    Parameters
    ----------
    per_donor
        At most so many of one donor.
    reserve
        So many of the candidates of each donor have to stay.
    """
    boxes, allowed = _group(candidates, n if per_donor is None else per_donor, reserve)
    order = [(-box.count(allowed, n), box.oldest_ms, id_) for id_, box in boxes.items()]
    heapify(order)
    chosen: Choice = {}
    left = n
    while left and order:
        gain, oldest_ms, id_ = heappop(order)
        now = boxes[id_].count(allowed, left)
        if now == 0:
            continue
        if order and (-now, oldest_ms, id_) > order[0] and now < -gain:
            heappush(order, (-now, oldest_ms, id_))
            continue
        taken = _take(boxes[id_], allowed, left)
        chosen[id_] = taken
        left -= len(taken)
    return _drop_superfluous(chosen, boxes, allowed)


def _group(candidates: Sequence[Candidate], cap: int, reserve: int) -> tuple[dict[int, _Box], dict[int, int]]:
    """What fits by box, and how many may be taken of each donor."""
    n_of: dict[int, int] = defaultdict(int)
    found: dict[int, dict[int, list[Candidate]]] = defaultdict(lambda: defaultdict(list))
    for one in sorted(candidates, key=lambda one: (one.collected_ms, one.id)):
        n_of[one.donor] += 1
        found[one.box][one.donor].append(one)
    boxes = {
        id_: _Box(dict(by_donor), min(own[0].collected_ms for own in by_donor.values()))
        for id_, by_donor in found.items()
    }
    return boxes, {donor: max(0, min(cap, n - reserve)) for donor, n in n_of.items()}


def _take(box: _Box, allowed: dict[int, int], most: int) -> list[Candidate]:
    """Take the oldest of a box that donors allow."""
    fits = [one for donor, own in box.by_donor.items() for one in own[: allowed[donor]]]
    taken = sorted(fits, key=lambda one: (one.collected_ms, one.id))[:most]
    for one in taken:
        allowed[one.donor] -= 1
    return taken


def _drop_superfluous(chosen: Choice, boxes: dict[int, _Box], allowed: dict[int, int]) -> Choice:
    """Give up a box, the smallest first, if the other open ones can stand in for all that it gave."""
    for id_ in sorted(chosen, key=lambda id_: (len(chosen[id_]), id_))[:_N_TRIED]:
        given = chosen.pop(id_)
        for one in given:
            allowed[one.donor] += 1
        added: Choice = {}
        for other, taken in chosen.items():
            left = len(given) - sum(map(len, added.values()))
            if left == 0:
                break
            used = {one.id for one in taken}
            rest = {
                donor: [one for one in own if one.id not in used]
                for donor, own in boxes[other].by_donor.items()
                if allowed[donor]
            }
            if more := _take(_Box(rest, 0), allowed, left):
                added[other] = more
        if sum(map(len, added.values())) == len(given):
            for other, more in added.items():
                chosen[other] = chosen[other] + more
            continue
        for more in added.values():
            for one in more:
                allowed[one.donor] += 1
        for one in given:
            allowed[one.donor] -= 1
        chosen[id_] = given
    return chosen
