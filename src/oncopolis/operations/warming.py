"""What acts would work out when it is first asked for, worked out before anybody waits for it."""

from typing import Any, Final

from oncopolis.operations.arrivals.indexes import Expected, Inside, Queues
from oncopolis.operations.booking.diary import Diary
from oncopolis.operations.courses.indexes import Booked, Courses, Posts
from oncopolis.operations.courses.ways import lay_way
from oncopolis.operations.floor import Floor
from oncopolis.operations.forecasting.loading import load_kernels
from oncopolis.operations.nursing.indexes import Handovers, Tasks
from oncopolis.operations.orders.listing import Orders
from oncopolis.operations.wards.indexes import Beds, Stays

_INDEXES: Final[tuple[type[Any], ...]] = (
    Beds, Booked, Courses, Diary, Expected, Handovers, Inside, Orders, Posts, Queues, Stays, Tasks,
)  # fmt: skip


def warm(floor: Floor) -> None:
    """Have at hand: indexes of the floor, cards of all activities, ways of all routes, kernels."""
    load_kernels()
    for kind in _INDEXES:
        floor.index(kind)
    assert floor.house.cards
    for route in floor.house.network.routes.values():
        # The id is a digest of the whole way: most of the work.
        assert lay_way(floor, route).id
