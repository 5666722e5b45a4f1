"""A small clinic with theatres, a recovery room and a day unit, for tests of what happens in them."""

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.clinic import build, lay, minutes, row, share, write
from tests.live import MONDAY_MS, make_moment

from oncopolis.operations import ACTS, Decision, Floor, House, Moment, fold, make_house
from oncopolis.operations.booking.views import Booking, Held, Spot
from oncopolis.operations.loop import write_code
from oncopolis.studies.preparing import prepare

THEATRE, OTHER = "room.theatre.1", "room.theatre.2"
BAY, CHAIR, SECOND_CHAIR = "place.recovery-place.1", "place.chair.1", "place.chair.2"
MINUTE_MS = 60_000


def _lay_units(data: dict[str, Any]) -> dict[str, Any]:
    data["departments"]["chemotherapy"] = {"label": "Day unit", "gross": row(1.5, "ratio")}
    for key, label, department in (
        ("recovery_place", "recovery bays", "surgery"),
        ("chair", "chairs", "chemotherapy"),
    ):
        data["resources"][key] = {
            "kind": "place", "label": label, "department": department, "calendar": "day",
            "sizing": {"utilisation": share(0.8), "at_least": 3},
        }  # fmt: skip
    data["resources"]["theatre"]["sizing"]["at_least"] = 2
    for key in ("theatre", "chair"):
        data["resources"][key]["booking"] = {"horizon_days": 90}
    data["activities"]["recovery"] = {
        "label": "Recovery", "department": "surgery",
        "phases": [{"id": "recover", "duration": minutes(60), "hold": {"recovery_place": 1}}],
    }  # fmt: skip
    data["activities"]["infusion"] = {
        "label": "Infusion", "department": "chemotherapy",
        "phases": [{"id": "infuse", "duration": minutes(120), "hold": {"chair": 1}}],
    }  # fmt: skip
    steps = data["pathways"]["care"]["steps"]
    steps[2]["do"] = ["operation", "recovery"]
    steps.append({"id": "medicine", "do": ["infusion"], "when": {"share": share(0.5)}})
    return data


@cache
def get_unit_house() -> House:
    """The clinic, in Tashkent."""
    data = lay(_lay_units(build()), "time_zone", "Asia/Tashkent")
    with TemporaryDirectory() as folder:
        prepared = prepare(write(Path(folder) / "clinic", data), {}, lambda _doing, _done: None)
    return make_house(prepared.equipped)


def book_theatre(id_: str, patient: str, minutes_on: int, room: str = THEATRE, length: int = 120) -> Booking:
    """An operation so many minutes after eight on Monday."""
    spot = Spot(MONDAY_MS + minutes_on * MINUTE_MS, (Held(room),))
    return Booking(id_, patient, "operation", "booked", length, MONDAY_MS, spot=spot)


def at(minutes_on: int, prefix: str = "", who: Any = None) -> Moment:
    """A moment so many minutes after eight on Monday."""
    moment = make_moment(MONDAY_MS + minutes_on * MINUTE_MS, get_unit_house(), prefix or f"m{minutes_on}")
    return moment if who is None else Moment(moment.at_ms, who, moment.make_id, moment.house)


def act(floor: Floor, moment: Moment, name: str, **said: Any) -> Decision:
    """Do an act on a floor."""
    found = ACTS[name]
    decision = found.decide(floor, found.asked.model_validate(said), moment)
    fold(floor, decision)
    return decision


def band(patient: str) -> str:
    return write_code("patient", patient)


def door(unit: str) -> str:
    return write_code("place", unit)
