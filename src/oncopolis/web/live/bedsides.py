"""What the pages of a ward show of each bed: who lies there, what is due, and how they have been."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup

from oncopolis.foundation.marking import mark
from oncopolis.foundation.units import MS_PER_HOUR
from oncopolis.operations.floor import Floor
from oncopolis.operations.nursing import Handover, Handovers, NursingTask, Tasks
from oncopolis.operations.nursing.signs import SIGNS, Sign, SignId, get_signs
from oncopolis.operations.nursing.trends import SHOWN_H, Trend, read_trends
from oncopolis.operations.wards.map import map_ward
from oncopolis.operations.wards.views import Stay
from oncopolis.web.live.day_words import SIGN_NAMES
from oncopolis.web.live.spans import tell_span
from oncopolis.web.live.sparks import draw_trend
from oncopolis.web.live.station import Station
from oncopolis.web.pages.languages import Words

_SOON_MS: Final = MS_PER_HOUR
_TOLD: Final = 6  # structure: values of a line that are told to those who do not see it
PRESSURE: Final = ("systolic", "diastolic")


@dataclass(frozen=True, slots=True)
class Bedside:
    """Somebody in a bed, with what is due and what was handed over."""

    bed: str
    stay: Stay
    tasks: tuple[NursingTask, ...]
    handover: Handover | None


@dataclass(frozen=True, slots=True)
class Shown:
    """One sign of somebody: its last value, from when, and its line.

    Parameters
    ----------
    ago
        How long ago that was, in words.
    """

    name: str
    value: str
    unit: str
    ago: str
    line: Markup


@dataclass(slots=True)
class Load:
    """How much is due on a ward now."""

    late: int = 0
    soon: int = 0
    isolated: int = 0
    people: int = 0


def list_bedsides(floor: Floor, ward: str) -> list[Bedside]:
    """Return who is in a bed of a ward, room by room."""
    found = ((place.bed.id, place.stay) for place in map_ward(floor, ward))
    return [
        make_bedside(floor, bed, stay)
        for bed, stay in found
        if stay is not None and stay.bed == bed and stay.state != "planned"
    ]


def make_bedside(floor: Floor, bed: str, stay: Stay) -> Bedside:
    """Look at a bed."""
    tasks = floor.index(Tasks).list_of(stay.id)
    return Bedside(bed, stay, tasks, floor.index(Handovers).of.get(stay.id))


def count_load(bedsides: Iterable[Bedside], now_ms: int) -> Load:
    """Count what is due."""
    load = Load()
    for one in bedsides:
        load.people += 1
        load.isolated += one.stay.isolation is not None
        load.late += sum(task.due_ms <= now_ms for task in one.tasks)
        load.soon += sum(now_ms < task.due_ms <= now_ms + _SOON_MS for task in one.tasks)
    return load


def read_shown(
    station: Station, patients: Iterable[str], words: Words, now_ms: int
) -> dict[str, list[Shown]]:
    """Return, by patient, what was measured in the last days, ready to be shown."""
    trends = read_trends(station.live.store, sorted(set(patients)), now_ms)
    return {patient: list(_show(trend, words, now_ms)) for patient, trend in trends.items()}


def _show(trend: Trend, words: Words, now_ms: int) -> Iterable[Shown]:
    span = (now_ms - SHOWN_H * MS_PER_HOUR, now_ms)
    for id_ in SIGNS:
        points = trend.get(id_)
        if not points or (id_ == PRESSURE[1] and trend.get(PRESSURE[0])):
            continue
        sign = get_signs()[id_]
        unit = words.text(sign.unit)
        name = words.text(SIGN_NAMES["pressure" if id_ in PRESSURE else id_])
        ago = words.text(mark("{span} ago"), span=tell_span(words, now_ms - points[-1][0]))
        value = _write_value(trend, id_)
        last = ", ".join(f"{value:g}" for _, value in points[-_TOLD:])
        told = f"{name}: {last} {unit}"
        yield Shown(name, value, unit, ago, draw_trend(points, span, sign.shown, told))


def _write_value(trend: Mapping[SignId, Iterable[tuple[int, float]]], id_: SignId) -> str:
    at_ms, value = list(trend[id_])[-1]
    lower = dict(trend.get("diastolic", ())).get(at_ms) if id_ == PRESSURE[0] else None
    return f"{value:g}" if lower is None else f"{value:g}/{lower:g}"


def list_inputs(words: Words) -> list[tuple[Sign, str]]:
    """Return what can be entered at a bed, with what it is called."""
    return [(sign, words.text(SIGN_NAMES[sign.id])) for sign in get_signs().values()]
