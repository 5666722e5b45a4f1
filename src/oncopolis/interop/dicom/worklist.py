"""The steps of a floor that a query may mean: what is booked at the machines of the stations it names."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from pydicom.dataset import Dataset

from oncopolis.foundation import InputError
from oncopolis.interop.dicom.matching import list_texts, matches
from oncopolis.interop.dicom.settings import DicomSettings, Station
from oncopolis.interop.dicom.steps import StepStatus
from oncopolis.operations import Floor
from oncopolis.operations.arrivals.indexes import Queues
from oncopolis.operations.arrivals.views import Contact, State
from oncopolis.operations.booking.agenda import get_diary
from oncopolis.operations.booking.views import Booking
from oncopolis.operations.house import House

__all__ = ["Planned", "check_units", "list_planned"]

_DAYS_BACK, _DAYS_AHEAD = 1, 14  # structure: days that a query without dates is about
_MOST_DAYS: Final = 92  # structure: days that one query may be about
_GONE: Final = frozenset({"fulfilled", "noshow", "cancelled", "entered-in-error"})

_STATUSES: Final[dict[State, StepStatus]] = {
    "waiting": "ARRIVED", "away": "ARRIVED", "called": "READY", "served": "STARTED",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Planned:
    """An appointment at a unit of a station."""

    booking: Booking
    title: str
    station: Station
    unit: str
    status: StepStatus


def check_units(settings: DicomSettings, house: House) -> None:
    """Refuse a station of a unit that the centre has not.

    Raises
    ------
    InputError
        INT-072.
    """
    for title, station in settings.stations.items():
        for unit in station.units:
            if not list_units(house, unit):
                known = sorted(key for key, one in house.centre.resources.items() if one.kind == "machine")
                raise InputError(
                    code="INT-072", where=f"dicom/settings.yaml: stations.{title}.units", got=unit,
                    expected=f"a unit such as machine.ct.1, or one of {', '.join(known)}",
                    fix="name what the definition of the centre has",
                )  # fmt: skip


def list_units(house: House, name: str) -> tuple[str, ...]:
    """Return the units of a resource, or the one of that name."""
    return house.units_of.get(name) or ((name,) if name in house.units else ())


def list_planned(floor: Floor, settings: DicomSettings, keys: Dataset, today: date) -> list[Planned]:
    """Return what may be meant by a query, in the order of time: station, modality and dates are kept to."""
    step = _get_step(keys)
    first, last = _read_days(step, today)
    diary, found = get_diary(floor), dict[tuple[str, str], Planned]()
    for title, station in settings.stations.items():
        if not _is_meant(step, title, station):
            continue
        for unit in dict.fromkeys(one for name in station.units for one in list_units(floor.house, name)):
            for booking in diary.list_of_unit(unit, first, last):
                if booking.status not in _GONE:
                    status = _find_status(floor, booking)
                    found[booking.id, title] = Planned(booking, title, station, unit, status)
    return sorted(found.values(), key=lambda one: (one.booking.start_ms, one.title))


def _get_step(keys: Dataset) -> Dataset:
    sequence = keys.get("ScheduledProcedureStepSequence")
    return sequence[0] if sequence else Dataset()


def _is_meant(step: Dataset, title: str, station: Station) -> bool:
    there = Dataset()
    there.ScheduledStationAETitle, there.Modality = title, station.modality
    return matches(step, there)


def _read_days(step: Dataset, today: date) -> tuple[date, date]:
    """Return the first and last local day a query is about; an open end is where appointments end."""
    name = "ScheduledProcedureStepStartDate"
    first_text, dash, last_text = (list_texts(step[name])[0] if name in step else "").partition("-")
    first, last = _read_day(first_text), _read_day(last_text if dash else first_text)
    if first is None:
        first = min(today - timedelta(days=_DAYS_BACK), last or today)
    if last is None:
        last = max(first, today) + timedelta(days=_DAYS_AHEAD)
    return first, min(last, first + timedelta(days=_MOST_DAYS))


def _read_day(text: str) -> date | None:
    digits = text.strip().replace(".", "")
    try:
        return datetime.strptime(digits, "%Y%m%d").date()  # noqa: DTZ007 - a day of the centre's calendar
    except ValueError:
        return None


def _find_status(floor: Floor, booking: Booking) -> StepStatus:
    id_ = floor.index(Queues).of_booking.get(booking.id)
    contact = floor.find(Contact, id_) if id_ is not None else None
    return "SCHEDULED" if contact is None else _STATUSES[contact.state]
