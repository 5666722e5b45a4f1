"""Numbers for the call boards: they name nobody, and nobody reads an order out of them."""

from itertools import count

from oncopolis.foundation.names import name_key
from oncopolis.operations.arrivals.indexes import Inside, Queues
from oncopolis.operations.floor import Floor
from oncopolis.operations.house import House
from oncopolis.operations.house.naming import to_letters

_FEWEST = 3  # structure: digits that are read out well
_TEN = 10  # structure: digits there are


def make_number(floor: Floor, area: str, holder: str) -> str:
    """Return a number of an area that nobody else inside has.

    It follows from the id of its holder, not from who came before: a queue is not called in the order of
    coming, and numbers that rise would seem to say so.
    """
    inside, queues = floor.index(Inside), floor.index(Queues)
    letters, key = name_area(floor.house, area), name_key(holder)
    n, digits = _TEN**_FEWEST, _FEWEST
    # At most half of the numbers are in use, so that a free one is near.
    while n < 2 * inside.n_of_area[area]:
        n, digits = n * _TEN, digits + 1
    for i in count():
        number = f"{letters}{(key + i) % n:0{digits}}"
        if number not in inside.numbers and number not in queues.numbers:
            return number
    raise AssertionError


def name_area(house: House, area: str) -> str:
    """Return the letters of an area, by the order of the departments: signs have the same."""
    return to_letters(list(house.centre.departments).index(area))
