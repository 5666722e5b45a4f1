"""Times as bits: each function against the same on lists."""

from hypothesis import given
from hypothesis import strategies as st

from oncopolis.operations.booking.slots import (
    N_SLOTS,
    count_slots,
    find_first,
    find_longest,
    find_nearest,
    find_starts,
    list_slots,
    make_mask,
    make_open,
)

MASKS = st.sets(st.integers(0, N_SLOTS - 1), max_size=60).map(lambda slots: sum(1 << slot for slot in slots))


def to_list(mask: int) -> list[bool]:
    return [bool(mask >> slot & 1) for slot in range(N_SLOTS)]


@given(MASKS, st.integers(1, 40))
def test_starts_are_those_from_which_all_slots_are_free(mask: int, n: int) -> None:
    free = to_list(mask)
    wanted = [at + n <= N_SLOTS and all(free[at : at + n]) for at in range(N_SLOTS)]
    assert to_list(find_starts(mask, n)) == wanted


@given(MASKS.filter(bool), st.integers(0, N_SLOTS - 1))
def test_the_nearest_slot_is_the_one_least_apart_and_the_earlier_of_two(mask: int, slot: int) -> None:
    slots = list(list_slots(mask))
    assert slots == [at for at, there in enumerate(to_list(mask)) if there]
    assert find_first(mask) == slots[0]
    assert find_nearest(mask, slot) == min(slots, key=lambda at: (abs(at - slot), at))


@given(MASKS)
def test_the_longest_row(mask: int) -> None:
    rows = "".join("1" if there else "0" for there in to_list(mask)).split("0")
    assert find_longest(mask) == max(map(len, rows))


def test_opening_hours_are_cut_to_whole_slots() -> None:
    assert make_open([(482, 493)]) == make_mask(97, 98)
    assert make_mask(-5, 2) == 3
    assert make_mask(N_SLOTS - 1, N_SLOTS + 9).bit_length() == N_SLOTS
    assert make_mask(9, 9) == 0
    assert (count_slots(10), count_slots(11)) == (2, 3)
