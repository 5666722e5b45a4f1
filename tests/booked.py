"""A small clinic in two buildings whose time is given out beforehand, and a floor to book it on."""

from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import Any

from tests.clinic import build, lay, minutes, read, row, share
from tests.live import make_moment

from oncopolis.operations import Act, Decision, Floor, House, make_house
from oncopolis.operations.booking import ACTS, Booking
from oncopolis.operations.house import SLOT_MIN
from oncopolis.operations.upkeep import ACTS as UPKEEP
from oncopolis.studies.equipping import equip

MONDAY = date(2027, 3, 1)
"""A Monday in a month with Good Friday on the 26th."""
ALL: Mapping[str, Act[Any]] = {act.name: act for act in (*ACTS, *UPKEEP)}


@cache
def get_booked_house() -> House:
    """Three rooms and doctors with a break at noon; two linacs with four radiographers, 12 minutes away."""
    data = build(
        campus={
            "buildings": {
                "main": {"label": "Main building", "departments": ["outpatient", "wards", "surgery"]},
                "beams": {"label": "Bunkers", "departments": ["radiotherapy"]},
            },
            "walks": [{"between": ["main", "beams"], "minutes": 12}],
        }
    )
    lay(data, "time_zone", "Asia/Tashkent")
    lay(data, "calendars.clinic", {
        "label": "Clinic", "days": ["mon", "tue", "wed", "thu", "fri"], "opens": "08:00", "closes": "17:00",
        "holidays": "closed", "breaks_min": 60,
    })  # fmt: skip
    numbers = {
        "consult_room": 3,
        "doctor": 3,
        "linac": 2,
        "radiographer": 4,
        "theatre": 1,
        "bed": 4,
        "nurse": 2,
    }
    for resource, n in numbers.items():
        lay(data, f"resources.{resource}.n", n)
    for resource in ("consult_room", "doctor"):
        lay(data, f"resources.{resource}.calendar", "clinic")
    room = {"urgent_share": share(0.25), "urgent_days": 2, "overbooking": share(0.1), "horizon_days": 90}
    lay(data, "resources.consult_room.booking", room)
    lay(data, "resources.doctor.booking", {"horizon_days": 90})
    lay(data, "resources.linac.booking", {"share": share(0.9), "horizon_days": 120})
    lay(data, "resources.linac.maintenance", {"every_days": 20, "time": row(120, "min")})
    lay(data, "resources.radiographer.booking", {"horizon_days": 120})
    lay(data, "resources.theatre.booking", {"horizon_days": 90})
    lay(data, "activities.report", {
        "label": "Report", "department": "outpatient", "contact": False,
        "phases": [{"id": "write", "duration": minutes(20), "hold": {"doctor": 1}}],
    })  # fmt: skip
    lay(data, "activities.blood", {
        "label": "Blood", "department": "outpatient",
        "phases": [{"id": "draw", "duration": minutes(10), "hold": {"nurse": 1}}],
    })  # fmt: skip
    data["pathways"]["care"]["steps"][0]["do"] = ["consult", "report", "blood"]
    return make_house(equip(read(data)))


def at(minute: str, day: date = MONDAY) -> int:
    """A local time as milliseconds since 1970 (UTC)."""
    hours, _, rest = minute.partition(":")
    return get_booked_house().to_ms(day, int(hours) * 60 + int(rest))


def tell(at_ms: int) -> str:
    """A moment on the clinic's clocks."""
    return f"{get_booked_house().to_local(at_ms):%m-%d %H:%M}"


def act(floor: Floor, name: str, now: int, prefix: str = "", /, **said: Any) -> Mapping[str, Any]:
    """Do an act on a floor without a record; its answer."""
    return perform(floor, name, now, prefix, **said).answer


def perform(floor: Floor, name: str, now: int, prefix: str = "", /, **said: Any) -> Decision:
    """Do an act on a floor without a record; what was decided."""
    moment = make_moment(
        now, get_booked_house(), prefix or f"{name.replace('_', '-')}-{len(list(floor.list(Booking)))}-{now}"
    )
    decision = ALL[name].decide(floor, ALL[name].asked.model_validate(said), moment)
    floor.put(*decision.puts)
    return decision


def fill(floor: Floor, activity: str, n: int, now: int, **said: Any) -> list[Mapping[str, Any]]:
    """Book one activity for so many different patients."""
    return [
        act(
            floor,
            "book",
            now,
            f"fill-{activity}-{i}-{now}",
            patient=f"other-{activity}-{i}",
            activity=activity,
            **said,
        )
        for i in range(n)
    ]


def list_minutes(booking: Booking) -> range:
    """The slots a booking covers, counted from 1970."""
    first = booking.start_ms // (SLOT_MIN * 60_000)
    return range(first, first + booking.minutes // SLOT_MIN)
