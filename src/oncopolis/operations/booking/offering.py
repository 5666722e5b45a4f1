"""What becomes free is offered to the first who waits for it."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from oncopolis.operations.booking.agenda import Agenda
from oncopolis.operations.booking.diary import find_mask
from oncopolis.operations.booking.finding import find_mask_on, make_spot
from oncopolis.operations.booking.making import tell_offer, want_again
from oncopolis.operations.booking.slots import find_first, make_mask
from oncopolis.operations.booking.views import Booking, Spot, Window
from oncopolis.operations.deciding import Decision, Moment


def offer_freed(
    agenda: Agenda, moment: Moment, freed: Iterable[Booking], besides: frozenset[str] = frozenset()
) -> Decision:
    """Offer times that became free, each to one who waits: by rank, then to who has waited longest.

    Who is offered something is told. An offer holds nothing: whoever takes the time first has it.

    Parameters
    ----------
    freed
        Bookings that are gone from the agenda.
    besides
        Ids of those who are not asked.
    """
    offered: dict[str, Booking] = {}
    for gone in freed:
        if gone.spot is None or gone.start_ms <= moment.at_ms:
            continue
        for waiting in sorted(_list_candidates(agenda, gone), key=rank):
            if waiting.id in besides or waiting.id in offered or waiting.offer is not None:
                continue
            spot = _find_within(agenda, waiting, gone)
            if spot is not None:
                offered[waiting.id] = replace(waiting, offer=spot)
                agenda.take(replace(waiting, status="proposed", spot=spot))
                break
    decision = Decision(puts=tuple(offered.values()), answer={"offered": list(offered)} if offered else {})
    for one in offered.values():
        if one.offer is not None:
            decision += tell_offer(moment, one, one.offer)
    return decision


def rank(waiting: Booking) -> tuple[int, int, str]:
    """Return what those who wait are sorted by."""
    return waiting.priority, waiting.asked_ms, waiting.id


def _list_candidates(agenda: Agenda, gone: Booking) -> Iterator[Booking]:
    """Yield who waits for something that takes units of the same kind, except who gave it up."""
    assert gone.spot is not None
    cards = (agenda.house.units.get(held.unit) for held in gone.spot.units)
    resources = {card.resource for card in cards if card is not None}
    for activity, needs in agenda.openings.needs.items():
        if resources & needs.units.keys():
            for waiting in agenda.list_waiting(activity):
                if waiting.id != gone.id and waiting.reason != "result":
                    yield waiting


def _find_within(agenda: Agenda, waiting: Booking, gone: Booking) -> Spot | None:
    """Return a time that uses what became free, on that day."""
    assert gone.spot is not None
    day, mask = find_mask(agenda.house, gone.spot, gone.minutes)
    window = waiting.window or Window(day, day)
    if day < window.earliest or (window.latest is not None and day > window.latest) or not mask:
        return None
    wanted = want_again(agenda, waiting)
    touching = make_mask(find_first(mask) - wanted.n_slots + 1, mask.bit_length())
    starts = find_mask_on(agenda, wanted, day) & touching
    return make_spot(agenda, wanted, day, find_first(starts)) if starts else None
