"""Rules of a room with several beds, as findings: whoever overrules one says why."""

from collections.abc import Iterator

from oncopolis.foundation import ConflictError, Finding
from oncopolis.operations.floor import Floor
from oncopolis.operations.wards.indexes import Beds
from oncopolis.operations.wards.views import Bed, Stay


def check_bed(floor: Floor, bed: Bed, stay: Stay) -> Iterator[Finding]:
    """Yield what speaks against somebody in a bed.

    Rules: ``room-isolation`` (somebody isolated shares a room), ``room-sex`` (women and men share one),
    ``ward-overflow`` (it is not the ward they are for).
    """
    if bed.ward != stay.ward:
        yield Finding(
            rule="ward-overflow", severity="note", where=bed.id, message="The bed is of another ward.",
            actual=bed.ward, expected=stay.ward,
        )  # fmt: skip
    for other in list_others(floor, bed, stay):
        if stay.isolation is not None or other.isolation is not None:
            yield Finding(
                rule="room-isolation", severity="error", where=bed.id,
                message="Somebody who is isolated would share a room.", actual=str(bed.room),
                expected="a room of their own", fix="choose a bed in an empty room",
            )  # fmt: skip
        if None not in (stay.sex, other.sex) and stay.sex != other.sex:
            yield Finding(
                rule="room-sex", severity="error", where=bed.id, message="Women and men would share a room.",
                actual=str(bed.room), expected="a room of one sex", fix="choose a bed in another room",
            )  # fmt: skip


def list_others(floor: Floor, bed: Bed, stay: Stay) -> Iterator[Stay]:
    """Yield the stays of those who lie in the same room, or for whom a bed of it is held."""
    if bed.room is None:
        return
    for other in floor.index(Beds).of_room.get(bed.room, {}).values():
        found = floor.find(Stay, other.stay) if other.stay is not None else None
        if found is not None and found.id != stay.id and other.id != bed.id:
            yield found


def insist(findings: tuple[Finding, ...], reason: str | None) -> None:
    """Refuse what breaks a rule unless there is a reason."""
    broken = [finding for finding in findings if finding.severity == "error"]
    if broken and not reason:
        first = broken[0]
        raise ConflictError(
            code="OPS-130", where=first.where, got=first.message, expected=first.expected,
            fix=f"{first.fix}, or give a reason for this one",
        )  # fmt: skip
