"""Choices: fewest boxes, against all that is possible; donors' limits; and the walk."""

from itertools import combinations, pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from oncopolis.biobank.requests.choosing import Candidate, choose
from oncopolis.biobank.requests.walking import measure, order_boxes, order_tanks
from oncopolis.record.biobank.places import Container

candidates = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 5), st.integers(0, 9)), max_size=24).map(
    lambda rows: [Candidate(n, *row) for n, row in enumerate(rows)]
)


def count_possible(found: list[Candidate], boxes: set[int], cap: int, reserve: int) -> int:
    """How many may be taken from these boxes."""
    donors = {one.donor for one in found}
    return sum(
        min(
            sum(one.donor == donor and one.box in boxes for one in found),
            max(0, min(cap, sum(one.donor == donor for one in found) - reserve)),
        )
        for donor in donors
    )


@given(candidates, st.integers(1, 12), st.none() | st.integers(1, 4), st.integers(0, 2))
@settings(max_examples=300, deadline=None)
def test_as_many_as_may_be_from_few_boxes(
    found: list[Candidate], n: int, per_donor: int | None, reserve: int
) -> None:
    chosen = choose(found, n, per_donor, reserve)
    taken = [one for own in chosen.values() for one in own]
    cap = n if per_donor is None else per_donor
    everywhere = {one.box for one in found}
    assert (
        len({one.id for one in taken})
        == len(taken)
        == min(n, count_possible(found, everywhere, cap, reserve))
    )
    assert all(one.box == box for box, own in chosen.items() for one in own)
    for donor in {one.donor for one in taken}:
        own = sum(one.donor == donor for one in found)
        assert sum(one.donor == donor for one in taken) <= min(cap, own - reserve)
    fewest = next(
        size
        for size in range(len(everywhere) + 1)
        if any(
            count_possible(found, set(some), cap, reserve) >= len(taken)
            for some in combinations(everywhere, size)
        )
    )
    has_limits = per_donor is not None or reserve
    assert len(chosen) <= fewest + (1 if has_limits else 0)


def test_the_oldest_first() -> None:
    found = [Candidate(n, n, 1, 100 - n) for n in range(10)]
    assert [one.id for one in choose(found, 3, None, 0)[1]] == [9, 8, 7]


def make_tank(id_: int, x: float, y: float) -> Container:
    return Container(id_, f"T{id_}", "tank", 1, id_, "list", 1, 9, "containers", x_m=x, y_m=y)


def test_the_walk_is_short() -> None:
    """Two rows of tanks: down one and up the other."""
    tanks = [make_tank(n, n % 5, 3 * (n // 5)) for n in range(10)]
    walk = order_tanks(tanks)
    assert walk[0] is tanks[0]
    assert sum(measure(one, other) for one, other in pairwise(walk)) == 4 + 3 + 4


def test_boxes_of_a_tank_are_fetched_from_top_to_bottom() -> None:
    room = Container(1, "room", "room", None, None, "list", 1, 9, "containers")
    tanks = [make_tank(2, 0, 0), make_tank(3, 1, 0)]
    racks = [
        Container(10 + n, f"R{n}", "rack", 2 + n % 2, n // 2, "list", 1, 9, "containers") for n in range(4)
    ]
    boxes = [
        Container(20 + n, f"B{n}", "box", 10 + n % 4, n // 4, "grid", 9, 9, "specimens") for n in range(8)
    ]
    every = {one.id: one for one in (room, *tanks, *racks, *boxes)}
    assert order_boxes([one.id for one in boxes], every) == [20, 24, 22, 26, 21, 25, 23, 27]
