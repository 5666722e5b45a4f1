"""Trips: the shortest way through all stops, against every way there is."""

from itertools import pairwise, permutations, product

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.booked import MONDAY, act, at, get_booked_house, tell
from tests.live import make_floor

from oncopolis.foundation import ConflictError
from oncopolis.operations import Floor
from oncopolis.operations.booking import Booking, Spot
from oncopolis.operations.booking.slots import list_slots
from oncopolis.operations.booking.trips import plan_trip

EARLY = at("7:00")
N = 3
MASKS = st.lists(st.sets(st.integers(0, 14), min_size=1, max_size=8), min_size=N, max_size=N)
WALKS = st.lists(st.lists(st.integers(0, 3), min_size=N, max_size=N), min_size=N, max_size=N)


@given(MASKS, st.lists(st.integers(1, 3), min_size=N, max_size=N), WALKS, st.booleans())
def test_the_trip_is_the_shortest_there_is(
    slots: list[set[int]], lengths: list[int], walks: list[list[int]], is_in_order: bool
) -> None:
    masks = [sum(1 << slot for slot in some) for some in slots]
    best = None
    for order in [tuple(range(N))] if is_in_order else permutations(range(N)):
        for at_ in product(*(list_slots(mask) for mask in masks)):
            ends = [at_[stop] + lengths[stop] for stop in range(N)]
            if all(at_[b] >= ends[a] + walks[a][b] for a, b in pairwise(order)):
                rank = (ends[order[-1]] - at_[order[0]], ends[order[-1]])
                best = rank if best is None else min(best, rank)
    found = plan_trip(masks, lengths, walks, is_in_order=is_in_order)
    assert (None if found is None else found[:2]) == best
    if found is not None:
        assert all(masks[stop] >> slot & 1 for stop, slot in enumerate(found[2]))


@pytest.fixture
def floor() -> Floor:
    return make_floor(house=get_booked_house())


def book(floor: Floor, *activities: str, **said: object) -> list[str]:
    stops = [{"activity": activity} for activity in activities]
    answer = act(floor, "book_trip", EARLY, patient="me", stops=stops, **said)
    return [tell(one["start_ms"]) for one in answer["bookings"]]


def test_a_trip_walks_once_between_buildings_and_keeps_an_order_that_is_said(floor: Floor) -> None:
    # Blood and consultation side by side, then 12 minutes to the beam: 10 + 30 + 15 + 15 minutes, no wait.
    found = book(floor, "blood", "fraction", "consult")
    first, last = min(found), max(found)
    assert found[1] in (first, last)
    other = make_floor(house=get_booked_house())
    assert book(other, "fraction", "consult", "blood", in_order=True) == sorted(
        book(make_floor(house=get_booked_house()), "fraction", "consult", "blood", in_order=True)
    )


def test_a_trip_is_on_the_first_day_on_which_all_can_be_had(floor: Floor) -> None:
    whole = Spot(at("7:00"))
    floor.put(Booking("b", "me", "operation", "booked", 600, 0, spot=whole))
    assert all(one.startswith("03-02") for one in book(floor, "consult", "fraction"))


def test_a_trip_that_cannot_be_is_refused(floor: Floor) -> None:
    with pytest.raises(ConflictError, match="OPS-049"):
        book(floor, "operation", "operation", "operation", "operation", "operation", latest=str(MONDAY))


def test_stops_of_one_kind_share_what_is_given_out(floor: Floor) -> None:
    found = book(floor, "consult", "consult", "consult")
    assert sorted(found) == ["03-01 08:00", "03-01 08:30", "03-01 09:00"]
