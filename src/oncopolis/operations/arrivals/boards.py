"""An area at a glance: for the call board, which names nobody, and for those who work there."""

from collections.abc import Iterable
from dataclasses import dataclass

from oncopolis.foundation.units import MS_PER_MINUTE
from oncopolis.operations.arrivals.indexes import Queues
from oncopolis.operations.arrivals.views import Contact, State
from oncopolis.operations.floor import Floor


@dataclass(frozen=True, slots=True)
class Called:
    """A number, and where it is to come to."""

    number: str
    room: str | None
    called_ms: int


@dataclass(frozen=True, slots=True)
class Look:
    """What a board may show.

    Parameters
    ----------
    waiting
        Numbers in the order of the queue.
    called
        The last call first.
    n_away
        How many stepped out.
    mean_wait_min
        Mean of today's waits, minutes: those that are over and, as long as they are, those that are not. An
        average of the first alone looks best when nobody is called any more. None before anybody came.
    """

    waiting: tuple[str, ...]
    called: tuple[Called, ...]
    served: tuple[Called, ...]
    n_away: int
    mean_wait_min: float | None


def look_at_area(floor: Floor, area: str, at_ms: int) -> Look:
    """Return what is so in an area at a moment."""
    queues = floor.index(Queues)
    contacts = queues.of_area[area]
    return Look(
        waiting=tuple(contacts[rank[-1]].number for rank in queues.waiting[area]),
        called=_list_calls(contacts.values(), "called"),
        served=_list_calls(contacts.values(), "served"),
        n_away=sum(one.state == "away" for one in contacts.values()),
        mean_wait_min=compute_mean_wait(floor, area, at_ms),
    )


def _list_calls(contacts: Iterable[Contact], state: State) -> tuple[Called, ...]:
    found = [Called(one.number, one.room, one.called_ms or 0) for one in contacts if one.state == state]
    return tuple(sorted(found, key=lambda one: (-one.called_ms, one.number)))


def compute_mean_wait(floor: Floor, area: str, at_ms: int) -> float | None:
    """Return the mean of today's waits in an area, minutes, with those that are not over."""
    since_ms = floor.house.to_ms(floor.house.to_local(at_ms).date())
    over = floor.index(Queues).list_waits(area, since_ms)
    waiting = [
        max(at_ms - one.asked_ms, 0)
        for one in floor.index(Queues).of_area[area].values()
        if one.start_ms is None
    ]
    waits = [*over, *waiting]
    return sum(waits) / len(waits) / MS_PER_MINUTE if waits else None
