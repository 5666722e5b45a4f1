"""What wards look up on the floor: whose stay, which beds."""

from collections import defaultdict
from typing import ClassVar

from oncopolis.operations.views import View
from oncopolis.operations.wards.views import Bed, Stay


class Stays:
    """Stays that are not over.

    Attributes
    ----------
    of_patient
        Patient -> the stay they are on now.
    planned_of
        Patient -> the stays they are expected for, by id.
    """

    KIND: ClassVar[type[View]] = Stay

    def __init__(self) -> None:
        self.of_patient: dict[str, Stay] = {}
        self.planned_of: defaultdict[str, dict[str, Stay]] = defaultdict(dict)

    def change(self, before: Stay | None, after: Stay | None) -> None:
        """Somebody is expected, comes, or goes."""
        if before is not None:
            if before.state == "planned":
                self.planned_of[before.patient].pop(before.id, None)
            else:
                self.of_patient.pop(before.patient, None)
        if after is not None:
            if after.state == "planned":
                self.planned_of[after.patient][after.id] = after
            else:
                self.of_patient[after.patient] = after


class Beds:
    """Beds by ward and room.

    Attributes
    ----------
    of_ward, of_room
        Ward, or room -> beds by id.
    """

    KIND: ClassVar[type[View]] = Bed

    def __init__(self) -> None:
        self.of_ward: defaultdict[str, dict[str, Bed]] = defaultdict(dict)
        self.of_room: defaultdict[str, dict[str, Bed]] = defaultdict(dict)

    def change(self, before: Bed | None, after: Bed | None) -> None:
        """A bed is in another state."""
        if before is not None and (after is None or after.ward != before.ward):
            self.of_ward[before.ward].pop(before.id, None)
        if before is not None and before.room is not None:
            self.of_room[before.room].pop(before.id, None)
        if after is not None:
            self.of_ward[after.ward][after.id] = after
            if after.room is not None:
                self.of_room[after.room][after.id] = after
