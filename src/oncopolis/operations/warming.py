"""What acts would work out when it is first asked for, worked out before anybody waits for it."""

from typing import Any, Final

from oncopolis.operations.acts import ACTS
from oncopolis.operations.arrivals.indexes import Expected, Inside, Queues
from oncopolis.operations.booking import get_diary
from oncopolis.operations.booking.diary import Diary
from oncopolis.operations.courses.indexes import Booked, Courses, Posts
from oncopolis.operations.courses.ways import lay_way
from oncopolis.operations.floor import Floor
from oncopolis.operations.forecasting.loading import load_kernels
from oncopolis.operations.infusion.routes import list_routes
from oncopolis.operations.loop.rules import get_rules
from oncopolis.operations.notices.naming import list_languages
from oncopolis.operations.nursing.indexes import Handovers, Tasks
from oncopolis.operations.orders.listing import Orders
from oncopolis.operations.theatre.checklist import get_checklist
from oncopolis.operations.theatre.lists import Operations
from oncopolis.operations.wards.indexes import Beds, Stays
from oncopolis.record.access.policy import get_policy
from oncopolis.record.fhir.extracting import extract
from oncopolis.record.likeness.weighing import get_weights

_INDEXES: Final[tuple[type[Any], ...]] = (
    Beds, Booked, Courses, Diary, Expected, Handovers, Inside, Operations, Orders, Posts, Queues, Stays,
    Tasks,
)  # fmt: skip


def warm(floor: Floor) -> None:
    """Have at hand: indexes of the floor, cards of all activities, ways of all routes, tables, kernels."""
    load_kernels()
    for read in (get_policy, get_weights, get_rules, get_checklist, list_routes, list_languages):
        assert read()
    for type_ in sorted({type_ for act in ACTS.values() for type_ in act.writes}):
        extract({"resourceType": type_})
    for kind in _INDEXES:
        floor.index(kind)
    assert floor.house.cards
    assert floor.house.tariffs.digits >= 0
    for route in floor.house.network.routes.values():
        # The id is a digest of the whole way: most of the work.
        assert lay_way(floor, route).id
    openings = get_diary(floor).settle(floor.house)
    for activity in openings.needs:
        openings.count_slots(activity)
