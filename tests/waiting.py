"""A clinic with two buildings, three consulting rooms and two wards, and what is done in its queues."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.clinic import Data, build, row, share, write
from tests.live import MONDAY_MS, SOMEBODY

from oncopolis.operations import Act, Decision, Floor, House, Moment, View, make_house
from oncopolis.operations.arrivals import ACTS as ARRIVALS
from oncopolis.operations.arrivals.views import Contact, Visit
from oncopolis.operations.booking.views import Booking, Held, Spot
from oncopolis.operations.wards import ACTS as WARDS
from oncopolis.operations.wards.views import Bed, Stay
from oncopolis.record.store.journal import JournalLine
from oncopolis.studies.preparing import prepare

MINUTE_MS = 60_000
HOUR_MS = 60 * MINUTE_MS
DAY_MS = 24 * HOUR_MS
ACTS: Mapping[str, Act[Any]] = {act.name: act for act in (*ARRIVALS, *WARDS)}
ROOMS = tuple(f"room.consult-room.{n}" for n in (1, 2, 3))
LINAC = "machine.linac.1"
BEDS = tuple(f"bed.bed.{n}" for n in range(1, 5))
OTHER_BEDS = ("bed.side-bed.1", "bed.side-bed.2")
KINDS: tuple[type[View], ...] = (Booking, Visit, Contact, Bed, Stay)


def make_data(breaks_min: int = 0) -> Data:
    """The definition, with a break in the middle of the day."""
    data = build()
    data["calendars"]["day"]["breaks_min"] = breaks_min
    data["time_zone"] = "Asia/Tashkent"
    data["campus"] = {
        "buildings": {
            "clinic": {"label": "Clinic", "departments": ["outpatient", "surgery"]},
            "tower": {"label": "Tower", "departments": ["wards", "radiotherapy", "biobank"]},
        },
        "walks": [{"between": ["clinic", "tower"], "minutes": 6}],
    }
    resources = data["resources"]
    spread = {"family": "normal", "sd": 14.0}
    resources["consult_room"] |= {
        "n": 3, "booking": {"no_show": share(0.1), "lateness": row(-20, "min", distribution=spread)},
    }  # fmt: skip
    resources["doctor"]["n"] = 3
    resources["side_bed"] = {
        "kind": "bed", "label": "side beds", "department": "wards", "calendar": "always", "n": 2,
    }  # fmt: skip
    resources["bed"] |= {"n": 4, "overflow": "side_bed"}
    talk = data["activities"]["consult"]["phases"][0]
    talk["duration"]["distribution"] = {"family": "lognormal", "cv": 0.4}
    stay = data["activities"]["stay"]["phases"][0]
    stay["duration"]["distribution"] = {"family": "gamma", "cv": 0.5}
    return data


@cache
def get_clinic(breaks_min: int = 0) -> House:
    """The clinic ready to be lived in."""
    with TemporaryDirectory() as folder:
        prepared = prepare(
            write(Path(folder) / "clinic", make_data(breaks_min)), {}, lambda _doing, _done: None
        )
    return make_house(prepared.equipped)


def make_booking(
    id_: str,
    patient: str,
    start_ms: int,
    *,
    activity: str = "consult",
    units: tuple[str, ...] = (),
    **more: Any,
) -> Booking:
    """An appointment of half an hour."""
    spot = Spot(start_ms, tuple(map(Held, units)))
    return Booking(id_, patient, activity, "booked", 30, start_ms - DAY_MS, spot=spot, **more)


def list_beds() -> Iterator[Bed]:
    """The beds of both wards, all free."""
    for bed in BEDS:
        yield Bed(bed, "bed", room=None)
    for bed in OTHER_BEDS:
        yield Bed(bed, "side_bed", room="side-room")


@dataclass
class Day:
    """A floor on which acts are done one after the other, by a clock that is set by hand."""

    floor: Floor
    at_ms: int = MONDAY_MS
    lines: list[JournalLine] = field(default_factory=list)
    numbers: Iterator[int] = field(default_factory=count)

    @property
    def moment(self) -> Moment:
        return Moment(self.at_ms, SOMEBODY, lambda: f"new-{next(self.numbers)}", self.floor.house)

    def do(self, name: str, **said: Any) -> dict[str, Any]:
        """Do an act; its answer."""
        decision = self.decide(name, **said)
        self.floor.put(*decision.puts)
        self.lines += decision.lines
        return dict(decision.answer)

    def decide(self, name: str, **said: Any) -> Decision:
        act = ACTS[name]
        decision = act.decide(self.floor, act.asked.model_validate(said), self.moment)
        types = {view.TYPE for view in decision.puts}
        assert types <= set(act.writes), f"{name} writes {types}"
        return decision

    def wait(self, minutes: float) -> None:
        self.at_ms += round(minutes * MINUTE_MS)

    def check_in(self, patient: str, activity: str = "consult", **said: Any) -> Contact:
        """Let somebody come without an appointment."""
        answer = self.do("check_in", patient=patient, activity=activity, **said)
        return self.get(answer["contact"])

    def get(self, contact: str) -> Contact:
        found = self.floor.find(Contact, contact)
        assert found is not None, f"{contact} is over"
        return found

    def serve(self, contact: str, room: str = ROOMS[0]) -> None:
        """Call somebody to a room and start."""
        area = self.get(contact).area
        self.do("call", area=area, room=room, contact=contact, reason="for the test")
        self.do("start", contact=contact)


def make_day(*views: View, house: House | None = None) -> Day:
    """A Monday, 8:00, with these views on the floor."""
    floor = Floor(house or get_clinic())
    floor.put(*views)
    return Day(floor)
