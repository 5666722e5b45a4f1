"""Times that a patient who waits was offered, to be taken or left."""

from dataclasses import dataclass

from oncopolis.operations.booking.diary import Diary
from oncopolis.operations.floor import Floor
from oncopolis.operations.journeys.ahead import find_stop_and_place
from oncopolis.operations.notices.naming import Place, Stop


@dataclass(frozen=True, slots=True)
class Offered:
    """A time that is offered; it is held for nobody.

    Parameters
    ----------
    id
        Appointment that waits for a time.
    activity
        What it is; shown to nobody who was not told.
    start_ms
        Milliseconds since 1970 (UTC).
    """

    id: str
    activity: str
    stop: Stop
    place: Place
    start_ms: int


def list_offers(floor: Floor, patient: str, at_ms: int) -> tuple[Offered, ...]:
    """Return what somebody is offered and can still take, the first first."""
    waiting = (one for one in floor.index(Diary).list_of_patient(patient) if one.status == "waitlist")
    found = [
        Offered(one.id, one.activity, *find_stop_and_place(floor, one.activity), one.offer.start_ms)
        for one in waiting
        if one.offer is not None and one.offer.start_ms > at_ms
    ]
    return tuple(sorted(found, key=lambda one: (one.start_ms, one.id)))
