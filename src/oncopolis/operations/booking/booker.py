"""`Booker`: the port behind which times are found, and the one that takes the first that is feasible."""

from collections.abc import Sequence
from typing import Final, Protocol

from oncopolis.operations.booking.agenda import Agenda
from oncopolis.operations.booking.finding import find_spot
from oncopolis.operations.booking.series import Rhythm, find_series
from oncopolis.operations.booking.trips import find_trip
from oncopolis.operations.booking.views import Spot
from oncopolis.operations.booking.wanting import Wanted


class Booker(Protocol):
    """Finds times; it changes nothing."""

    def find(self, agenda: Agenda, wanted: Wanted) -> Spot | None:
        """Return a time for one activity, None if there is none."""
        ...

    def find_series(self, agenda: Agenda, wanted: Wanted, rhythm: Rhythm) -> tuple[Spot, ...] | None:
        """Return times for a series, None if there are none."""
        ...

    def find_trip(
        self, agenda: Agenda, stops: Sequence[Wanted], *, is_in_order: bool = False
    ) -> tuple[Spot, ...] | None:
        """Return times for several activities on one day, None if there are none."""
        ...


class FirstFeasible:
    """Takes the first time that is feasible and moves nobody else."""

    def find(self, agenda: Agenda, wanted: Wanted) -> Spot | None:
        """Return the first time in the window."""
        return find_spot(agenda, wanted)

    def find_series(self, agenda: Agenda, wanted: Wanted, rhythm: Rhythm) -> tuple[Spot, ...] | None:
        """Return a series that begins on the first day it can."""
        return find_series(agenda, wanted, rhythm)

    def find_trip(
        self, agenda: Agenda, stops: Sequence[Wanted], *, is_in_order: bool = False
    ) -> tuple[Spot, ...] | None:
        """Return the shortest trip on the first day it can be made."""
        return find_trip(agenda, stops, is_in_order=is_in_order)


BOOKER: Final[Booker] = FirstFeasible()
