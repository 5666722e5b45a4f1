"""Acts in any order: each visit, contact and bed is in exactly one state, and nobody is in two places."""

from collections import Counter
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, multiple, rule
from tests.live import MONDAY_MS
from tests.waiting import (
    BEDS,
    DAY_MS,
    LINAC,
    MINUTE_MS,
    OTHER_BEDS,
    ROOMS,
    Day,
    list_beds,
    make_booking,
    make_day,
)

from oncopolis.foundation import OncopolisError
from oncopolis.operations import Floor, View
from oncopolis.operations.arrivals.indexes import Inside, Queues
from oncopolis.operations.arrivals.views import Contact, Visit
from oncopolis.operations.booking.views import Booking
from oncopolis.operations.wards.indexes import Beds, Stays
from oncopolis.operations.wards.views import Bed, Stay

PATIENTS = st.sampled_from([f"p{i}" for i in range(3)])
UNITS = st.sampled_from([ROOMS[0], ROOMS[1], LINAC])
AREAS = st.sampled_from(["outpatient", "radiotherapy"])
ALL_BEDS = st.sampled_from([*BEDS, *OTHER_BEDS])


class Centre(RuleBasedStateMachine):
    """Three people, two rooms, a machine and six beds."""

    contacts, stays, booked = Bundle("contacts"), Bundle("stays"), Bundle("booked")

    def __init__(self) -> None:
        super().__init__()
        self.day: Day = make_day(*list_beds())
        self.ended: dict[str, str] = {}
        self.n_contacts = 0

    def do(self, name: str, **said: Any) -> dict[str, Any]:
        """Do an act if it is allowed; what is refused changes nothing."""
        before = self.day.floor.to_state()
        said = {key: value for key, value in said.items() if value is not None}
        try:
            decision = self.day.decide(name, **said)
        except OncopolisError:
            assert self.day.floor.to_state() == before
            return {}
        self.check_claims(decision.puts)
        self.day.floor.put(*decision.puts)
        self.day.lines += decision.lines
        for view in decision.puts:
            end = getattr(view, "end", None)
            if end is not None:
                assert view.id not in self.ended, "it ended twice"
                self.ended[view.id] = end
        return dict(decision.answer)

    def check_claims(self, puts: tuple[View, ...]) -> None:
        """What the database would refuse is refused by the act itself."""
        ids = {view.id for view in puts}
        held = Counter(
            claim for view in list_views(self.day.floor) if view.id not in ids for claim in view.list_claims()
        )
        held += Counter(claim for view in puts if view.is_open for claim in view.list_claims())
        assert max(held.values(), default=0) <= 1, held

    @rule(
        target=booked,
        patient=PATIENTS,
        minutes=st.integers(-60, 240),
        activity=st.sampled_from(["consult", "fraction"]),
    )
    def book(self, patient: str, minutes: int, activity: str) -> str:
        id_ = f"b{len(list(self.day.floor.list(Booking)))}-{next(self.day.numbers)}"
        at_ms = self.day.at_ms + minutes * MINUTE_MS
        self.day.floor.put(make_booking(id_, patient, at_ms, activity=activity))
        return id_

    @rule(target=contacts, booking=booked, channel=st.sampled_from(["kiosk", "phone", "reception"]))
    def check_in(self, booking: str, channel: str) -> Any:
        return self._checked(self.do("check_in", booking=booking, channel=channel))

    @rule(target=contacts, patient=PATIENTS, activity=st.sampled_from(["consult", "fraction"]))
    def walk_in(self, patient: str, activity: str) -> Any:
        return self._checked(self.do("check_in", patient=patient, activity=activity))

    def _checked(self, answer: dict[str, Any]) -> Any:
        self.n_contacts += bool(answer) and not answer["again"]
        return multiple(*((answer["contact"],) if answer else ()))

    @rule(target=contacts, patient=PATIENTS, activity=st.sampled_from(["consult", "fraction"]), unit=UNITS)
    def come_and_begin(self, patient: str, activity: str, unit: str) -> Any:
        answer = self.do("check_in", patient=patient, activity=activity)
        self.n_contacts += bool(answer) and not answer["again"]
        self.do("start", contact=answer["contact"], units=[unit])
        return answer["contact"]

    @rule(minutes=st.integers(-5, 90))
    def wait(self, minutes: int) -> None:
        self.day.wait(minutes)

    @rule(area=AREAS, room=UNITS, contact=st.none() | contacts)
    def call(self, area: str, room: str, contact: str | None) -> None:
        self.do("call", area=area, room=room, contact=contact, reason=None if contact is None else "because")

    @rule(name=st.sampled_from(["recall", "step_out", "return", "no_show"]), contact=contacts)
    def change(self, name: str, contact: str) -> None:
        self.do(name, contact=contact)

    @rule(contact=contacts, area=AREAS)
    def transfer(self, contact: str, area: str) -> None:
        self.do("transfer", contact=contact, area=area)

    @rule(contact=contacts, units=st.none() | st.lists(UNITS, max_size=2))
    def start(self, contact: str, units: list[str] | None) -> None:
        self.do("start", contact=contact, units=units)

    @rule(contact=contacts, more=st.booleans())
    def finish(self, contact: str, more: bool) -> None:
        self.n_contacts += self.do("finish", contact=contact, more=more).get("next") is not None

    @rule(contact=contacts)
    def leave(self, contact: str) -> None:
        found = self.day.floor.find(Contact, contact)
        self.do("leave", visit=contact if found is None else found.visit)

    @rule(is_over=st.sampled_from([True, *[False] * 9]))
    def end_the_day(self, is_over: bool) -> None:
        if not is_over:
            return
        self.day.at_ms = MONDAY_MS + ((self.day.at_ms - MONDAY_MS) // DAY_MS + 1) * DAY_MS
        self.do("close_no_shows")
        self.do("close_day")
        assert not list(self.day.floor.list(Visit))

    @rule(
        target=stays,
        patient=PATIENTS,
        bed=st.none() | ALL_BEDS,
        isolation=st.sampled_from([None, None, "mrsa"]),
    )
    def admit(self, patient: str, bed: str | None, isolation: str | None) -> Any:
        answer = self.do("admit", patient=patient, activity="stay", bed=bed, isolation=isolation)
        return multiple(*(answer["stay"],) if answer else ())

    @rule(target=stays, patient=PATIENTS, bed=st.none() | ALL_BEDS)
    def reserve(self, patient: str, bed: str | None) -> Any:
        answer = self.do("reserve_bed", patient=patient, activity="stay", bed=bed)
        return multiple(*(answer["stay"],) if answer else ())

    @rule(
        name=st.sampled_from(["admit", "reserve_bed", "transfer_bed"]), stay=stays, bed=st.none() | ALL_BEDS
    )  # fmt: skip
    def lie(self, name: str, stay: str, bed: str | None) -> None:
        self.do(name, stay=stay, bed=bed)

    @rule(
        name=st.sampled_from(["order_discharge", "discharge", "left_bed", "isolate", "cancel_admission"]),
        stay=stays,
    )
    def go(self, name: str, stay: str) -> None:
        self.do(name, stay=stay)

    @rule(name=st.sampled_from(["cleaned", "close_bed", "open_bed"]), bed=ALL_BEDS)
    def keep(self, name: str, bed: str) -> None:
        self.do(name, bed=bed, reason="because" if name == "close_bed" else None)

    @invariant()
    def every_contact_is_open_or_over_with_one_line(self) -> None:
        floor = self.day.floor
        here = {one.id for one in floor.list(Contact)}
        over = [line for line in self.day.lines if line.asked_ms is not None and line.activity != "stay"]
        assert len(here) + len(over) == self.n_contacts
        assert not here & self.ended.keys()
        assert all(
            one.visit in {view.id for view in floor.list(Visit)} | {view.id for view in floor.list(Stay)}
            for one in floor.list(Contact)
        )

    @invariant()
    def nobody_is_in_two_places(self) -> None:
        floor = self.day.floor
        served = [one for one in floor.list(Contact) if one.state == "served"]
        assert len({one.patient for one in served}) == len(served)
        used = [unit for one in served for unit in one.units]
        assert len(set(used)) == len(used)
        assert all(not one.units for one in floor.list(Contact) if one.state != "served")
        visits = [one.patient for one in floor.list(Visit)]
        assert len(set(visits)) == len(visits)

    @invariant()
    def every_bed_is_in_the_state_its_stay_says(self) -> None:
        floor = self.day.floor
        lying = {one.bed: one for one in floor.list(Stay) if one.bed is not None}
        held = {one.reserved: one for one in floor.list(Stay) if one.reserved is not None}
        assert not lying.keys() & held.keys()
        for bed in floor.list(Bed):
            if bed.state in ("occupied", "isolation"):
                assert lying[bed.id].id == bed.stay
                assert (bed.state == "isolation") == (lying[bed.id].isolation is not None)
            elif bed.state == "reserved":
                assert held[bed.id].id == bed.stay
            else:
                assert bed.stay is None
                assert bed.id not in lying
                assert bed.id not in held
            assert not (bed.state == "free" and bed.dirty)

    @invariant()
    def indexes_are_what_is_on_the_floor(self) -> None:
        floor = self.day.floor
        fresh = Floor(floor.house)
        fresh.put(*list_views(floor))
        assert floor.index(Inside).of_patient == fresh.index(Inside).of_patient
        assert floor.index(Inside).numbers == fresh.index(Inside).numbers
        old, new = floor.index(Queues), fresh.index(Queues)
        for name in ("waiting", "of_area", "of_visit"):
            kept = {key: value for key, value in getattr(old, name).items() if value}
            assert kept == {key: value for key, value in getattr(new, name).items() if value}
        assert (old.of_booking, old.of_unit, old.numbers) == (new.of_booking, new.of_unit, new.numbers)
        assert floor.index(Stays).of_patient == fresh.index(Stays).of_patient
        assert floor.index(Beds).of_ward == fresh.index(Beds).of_ward
        assert floor.index(Beds).of_room == fresh.index(Beds).of_room


def list_views(floor: Floor) -> list[View]:
    return [view for kind in (Booking, Visit, Contact, Bed, Stay) for view in floor.list(kind)]


TestCentre = Centre.TestCase
TestCentre.settings = settings(max_examples=50, stateful_step_count=40, deadline=None)
