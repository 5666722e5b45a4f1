"""Where is operated on a day, and where patients wake up from it."""

from collections.abc import Sequence

from oncopolis.operations.house import House
from oncopolis.operations.notices.naming import find_stop
from oncopolis.operations.theatre import list_recovery, list_theatres
from oncopolis.studies.replaying.day import Part


class Theatres:
    """The theatres of a house with their places in recovery.

    Attributes
    ----------
    bays
        Places in recovery.
    """

    def __init__(self, house: House) -> None:
        self._house = house
        self._rooms = frozenset(list_theatres(house))
        self.bays = frozenset(list_recovery(house))

    def is_operation(self, activity: str, rooms: Sequence[str]) -> bool:
        """Whether an activity in rooms, a theatre first, is an operation after which one can wake up."""
        return (
            bool(rooms)
            and rooms[0] in self._rooms
            and bool(self.bays)
            and find_stop(self._house, activity) == "operation"
        )

    def list_bays(self, part: Part) -> tuple[str, ...]:
        """Return the places in recovery that a contact may take; none if it takes no such place."""
        if not part.is_contact or part.start_ms is None:
            return ()
        holds = self._house.get_card(part.activity).holds
        units_of = self._house.units_of
        return tuple(unit for resource in holds for unit in units_of.get(resource, ()) if unit in self.bays)
