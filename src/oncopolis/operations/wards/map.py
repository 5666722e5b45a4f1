"""The bed map of a ward."""

from dataclasses import dataclass

from oncopolis.operations.floor import Floor
from oncopolis.operations.wards.finding import get_number
from oncopolis.operations.wards.indexes import Beds
from oncopolis.operations.wards.rooms import check_bed
from oncopolis.operations.wards.views import Bed, Stay


@dataclass(frozen=True, slots=True)
class Place:
    """A bed on the map.

    Parameters
    ----------
    stay
        Who lies in it, or for whom it is held; None for nobody.
    findings
        Rules of the room that are broken.
    """

    bed: Bed
    stay: Stay | None
    findings: tuple[str, ...]


def map_ward(floor: Floor, ward: str) -> tuple[Place, ...]:
    """Return the beds of a ward, room by room, in the order of their numbers."""
    beds = sorted(floor.index(Beds).of_ward[ward].values(), key=lambda bed: get_number(floor.house, bed.id))
    rooms = list(dict.fromkeys(bed.room for bed in beds))
    return tuple(_place(floor, bed) for bed in sorted(beds, key=lambda bed: rooms.index(bed.room)))


def _place(floor: Floor, bed: Bed) -> Place:
    stay = floor.find(Stay, bed.stay) if bed.stay is not None else None
    found = () if stay is None else check_bed(floor, bed, stay)
    return Place(bed, stay, tuple(one.rule for one in found if one.severity == "error"))
