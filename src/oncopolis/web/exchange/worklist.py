"""The modality worklist over the live centre: what stations are told is in the audit first."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from uuid import uuid4

from pydicom.dataset import Dataset

from oncopolis.centre.number import USUAL_PRIORITY
from oncopolis.interop.dicom.serving import Worklist
from oncopolis.interop.dicom.settings import DicomSettings
from oncopolis.interop.dicom.steps import Step, to_dataset
from oncopolis.interop.dicom.worklist import Planned, check_units, list_planned
from oncopolis.operations import Live
from oncopolis.operations.people.views import Person
from oncopolis.record import Act, Who
from oncopolis.record.fhir.text import parse
from oncopolis.record.store.store import get_time_ms
from oncopolis.record.types import Version

__all__ = ["answer_stations"]


@contextmanager
def answer_stations(
    live: Live, settings: DicomSettings, address: tuple[str, int], say: Callable[[str], None]
) -> Iterator[None]:
    """Answer stations while the block runs.

    Raises
    ------
    InputError
        A station is of a unit that is not there, or somebody else has the port.
    """
    check_units(settings, live.house)

    def answer(title: str, keys: Dataset) -> Sequence[Dataset]:
        return list_steps(live, settings, title, keys)

    with Worklist(settings, address, answer, say) as worklist:
        say(f"worklist on {address[0]}:{worklist.port} as {settings.ae_title}")
        yield


def list_steps(live: Live, settings: DicomSettings, title: str, keys: Dataset) -> Sequence[Dataset]:
    """Return what may be meant by a query, after it is in the audit that a station was told of it."""
    today = live.house.to_local(get_time_ms()).date()
    planned = live.ask(lambda floor: list_planned(floor, settings, keys, today))
    people = {one.booking.patient for one in planned}
    read = {id_: live.store.read("Patient", id_) for id_ in people}
    # Whose record was erased is nobody any more.
    versions = {id_: one for id_, one in read.items() if one is not None and one.body is not None}
    act = Act("E", "search-type", Who("Device", title), str(uuid4()), query="modality worklist")
    live.store.note(act, versions.values()).result()
    return [
        to_dataset(_make_step(live, one, versions[one.booking.patient]))
        for one in planned
        if one.booking.patient in versions
    ]


def _make_step(live: Live, planned: Planned, version: Version) -> Step:
    booking, house = planned.booking, live.house
    assert version.body is not None
    return Step(
        booking=booking.id,
        station=planned.title,
        modality=planned.station.modality,
        unit=planned.unit,
        activity=booking.activity,
        start=house.to_local(booking.start_ms),
        label=house.cards[booking.activity].label if booking.activity in house.cards else booking.activity,
        status=planned.status,
        priority="HIGH" if booking.priority < USUAL_PRIORITY else "ROUTINE",
        person=Person.from_record(parse(version.body)),
    )
