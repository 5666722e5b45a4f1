"""`Caring`: nursing, results and courses of fractions of a demonstration, invented while it runs.

The days that are lived bring people to beds and machines; this adds what nobody tells a replay: what was
measured in the nights before, what is handed over, who is isolated, results that cannot wait or belong to no
order, and fractions of the weeks before with a day that was missed.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import date, timedelta
from itertools import chain
from random import Random
from time import time_ns
from typing import Any, Final
from uuid import uuid4

from oncopolis.foundation import OncopolisError
from oncopolis.foundation.units import MS_PER_HOUR, MS_PER_MINUTE, NS_PER_MS
from oncopolis.operations import Floor, Live, make_wish
from oncopolis.operations.arrivals.views import Contact
from oncopolis.operations.booking.views import Booking
from oncopolis.operations.courses import Course
from oncopolis.operations.courses.indexes import Courses
from oncopolis.operations.courses.trail import Done, Mark
from oncopolis.operations.courses.ways import get_way
from oncopolis.operations.elements import to_instant
from oncopolis.operations.nursing.signs import write_signs
from oncopolis.operations.orders.department import list_departments
from oncopolis.operations.radiation import is_fraction
from oncopolis.operations.things import Kind, Thing
from oncopolis.operations.wards.views import Stay
from oncopolis.record import Act, Who
from oncopolis.web.chore import Chore
from oncopolis.web.demo.dosing import find_work, give_due, write_orders
from oncopolis.web.demo.marking import TAG
from oncopolis.web.demo.rounds import Rounds, draw_signs
from oncopolis.web.demo.running import PRACTITIONER
from oncopolis.web.demo.sentences import CRITICAL, NOTES, PLANS, STRAYS

LOOK_S: Final = 5.0  # structure: how often it looks for who is new
TOGETHER: Final = 10  # structure: people of one look, so that nobody waits for them
_NIGHTS_H: Final = range(36, 0, -4)  # structure: hours ago at which something was measured
_EVERY: Final = {"isolated": 12, "noted": 2, "planned": 3}  # structure: one in so many
_ISOLATED: Final = ("contact", "neutropenia")
_THINGS: Final[Mapping[Kind, int]] = {
    "infusion_pump": 24, "syringe_pump": 8, "monitor": 6, "ultrasound": 3, "wheelchair": 12, "bed": 6,
}  # fmt: skip  # structure: invented
_SEEN_MIN: Final = 40  # structure: minutes ago at which things were seen at most
_FRACTIONS: Final = 60  # structure: courses that get a past

_WHO: Final = Who("Practitioner", PRACTITIONER, "Demonstration")
_BY: Final = f"Practitioner/{PRACTITIONER}"
_PAST: Final = "past "
_FRACTION: Final = "fraction "
_FEWEST: Final = 5  # structure: fractions of a course that has a past


class Caring(Chore):
    """Adds to a demonstration while it is entered.

    Parameters
    ----------
    clock_ms
        The time, milliseconds since 1970 (UTC).
    """

    def __init__(self, live: Live, clock_ms: Callable[[], int] = lambda: time_ns() // NS_PER_MS) -> None:
        self.live, self._clock_ms = live, clock_ms
        self._known: set[str] = set()
        self._has_results = self._has_things = False
        self._rounds = Rounds(live, self._do)
        super().__init__("demonstration care")

    def _run(self) -> None:
        while not self._stopping.wait(LOOK_S):
            with suppress(OncopolisError):  # Somebody may have left meanwhile.
                self.care()

    def care(self) -> None:
        """Look after who is new in a bed or on a machine, and do what is due on wards."""
        if not self._has_things:
            self._has_things = True
            self._bring_things()
        stays, patients = self.live.ask(self._find_new)
        for stay in stays:
            self._known.add(stay.id)
            self._begin(stay)
        for patient in patients:
            self._known.add(f"{_FRACTION}{patient}")
            self._give_past(patient)
        if stays and not self._has_results:
            self._has_results = True
            self._bring_results([one.patient for one in stays])
        self._rounds.go(self._clock_ms())
        give_due(self.live, self._do, self._clock_ms())

    def _find_new(self, floor: Floor) -> tuple[list[Stay], list[str]]:
        stays = [
            one
            for one in floor.list(Stay)
            if one.state == "admitted" and one.bed and one.id not in self._known
        ]
        n_left = _FRACTIONS - sum(one.startswith(_PAST) for one in self._known)
        there: Iterator[Contact | Booking] = chain(floor.list(Contact), floor.list(Booking))
        treated = (one.patient for one in there if n_left > 0 and is_fraction(floor.house, one.activity))
        new = [one for one in dict.fromkeys(treated) if f"{_FRACTION}{one}" not in self._known]
        return stays[:TOGETHER], new[:TOGETHER]

    def _begin(self, stay: Stay) -> None:
        """Let somebody have been here for two nights."""
        draw, now_ms = Random(stay.id), self._clock_ms()  # noqa: S311 - made up
        ids = iter(lambda: uuid4().hex, "")
        records = [
            record
            for hours in _NIGHTS_H
            for record in write_signs(
                draw_signs(draw), ids, stay.patient, stay.id, now_ms - hours * MS_PER_HOUR, _BY
            )
        ]
        self._put(*records)
        if draw.randrange(_EVERY["isolated"]) == 0:
            self._do("isolate", stay=stay.id, isolation=draw.choice(_ISOLATED))
        if draw.randrange(_EVERY["planned"]) == 0:
            text, every_h = draw.choice(PLANS)
            due_ms = now_ms + draw.randrange(-1, 6) * MS_PER_HOUR  # structure: hours from now
            self._do("plan_task", stay=stay.id, text=text, every_h=every_h, due_ms=due_ms)
        if draw.randrange(_EVERY["noted"]) == 0:
            self._do("note_handover", stay=stay.id, words=draw.choice(NOTES))
        for said in write_orders(stay, now_ms):
            self._do("dispense_doses", **said)
        if (work := find_work(self.live, stay)) is not None:
            self._do("order", patient=stay.patient, activity=work)

    def _bring_results(self, patients: list[str]) -> None:
        """Have results that cannot wait, at each step of being passed on, and some that belong nowhere."""
        now_ms, house = self._clock_ms(), self.live.house
        listed = set(list_departments(house))
        work = [card.id for card in house.cards.values() if card.department in listed and not card.is_contact]
        for i, (patient, (critical, minutes)) in enumerate(zip(patients, CRITICAL, strict=False)):
            if work:
                at_ms = now_ms - minutes * MS_PER_MINUTE
                made = self._do("order", at_ms - MS_PER_HOUR, patient=patient, activity=work[i % len(work)])
                self._do("take", at_ms - MS_PER_HOUR // 2, order=made["order"])
                self._do("result", at_ms, order=made["order"], critical=critical)
        for i, (patient, text) in enumerate(zip(patients, STRAYS, strict=False)):
            self._put({
                "resourceType": "DiagnosticReport", "id": uuid4().hex, "status": "final",
                "code": {"text": text}, "identifier": [{"value": f"L-{i + 1:04}"}],
                "subject": {"reference": f"Patient/{patient}"},
                "issued": to_instant(now_ms - i * MS_PER_HOUR),
            })  # fmt: skip

    def _bring_things(self) -> None:
        """Have things with tags about the campus, some in use, and a tag that nobody has made known."""
        if self.live.ask(lambda floor: next(floor.list(Thing), None)) is not None:
            return
        now_ms, draw = self._clock_ms(), Random("things")  # noqa: S311 - made up
        areas = sorted(self.live.house.centre.departments)
        for kind, n in _THINGS.items():
            for i in range(1, n + 1):
                tag, area = f"{kind.replace('_', '-')}-{i:02}", draw.choice(areas)
                at_ms = now_ms - draw.randrange(_SEEN_MIN) * MS_PER_MINUTE
                self._do("add_thing", at_ms, thing=tag, kind=kind, area=area)
                if draw.randrange(_EVERY["planned"]) == 0:
                    self._do("use_thing", at_ms, thing=tag, in_use=True)
        self._do("locate_things", sightings=[{"thing": "tag-4711", "area": areas[0]}])

    def _give_past(self, patient: str) -> None:
        """Let a course of fractions have begun days ago, now and then with a day that was missed."""

        def find(floor: Floor) -> Course | None:
            courses = floor.index(Courses).list_of(patient)
            made = (_give_fractions(floor, one, self._clock_ms()) for one in courses)
            return next((one for one in made if one is not None), None)

        course = self.live.ask(find)
        if course is not None:
            self._known.add(f"{_PAST}{course.id}")
            self._put(course.to_record())

    def _put(self, *records: Mapping[str, Any]) -> None:
        tagged = [_add_tag(record) for record in records]
        self.live.store.submit(
            lambda transaction: [transaction.put(one) for one in tagged],
            Act("C", "create", _WHO, uuid4().hex),
        ).result()

    def _do(self, act: str, at_ms: int | None = None, /, **said: Any) -> dict[str, Any]:
        wish = make_wish(act, said, Act("E", act, _WHO, uuid4().hex), at_ms=at_ms)
        return self.live.perform(wish).result()


def draw_days(floor: Floor, today: date, draw: Random, times: int) -> list[date]:
    """Return days before today on which fractions were given; on some that were due none was."""
    back, days = draw.randrange(2, max(times - 2, 3)), list[date]()  # structure: invented
    day = today
    while len(days) < back:
        day -= timedelta(days=1)
        if floor.house.is_workday(day):
            days.append(day)
    days.reverse()
    n_missed = draw.choice((0, 0, 1, 1, 3)) if len(days) > _FEWEST else 0  # structure: invented
    return [one for i, one in enumerate(days) if not 0 < i <= n_missed]


def _give_fractions(floor: Floor, course: Course, now_ms: int) -> Course | None:
    """Return a course with fractions of the days before; None if it has some, or is to have few."""
    house = floor.house
    steps = (
        (step, errand.activity)
        for step in get_way(floor, course).steps.values()
        for errand in step.errands
        if step.times >= _FEWEST and is_fraction(house, errand.activity)
    )
    found = next(steps, None)
    if found is None or any(_has_fractions(floor, mark) for mark in course.marks):
        return None
    step, activity = found
    draw = Random(course.id)  # noqa: S311 - made up
    days = draw_days(floor, house.to_local(now_ms).date(), draw, step.times)
    done = tuple(Done(house.to_ms(day), day, activity) for day in days)
    mark = Mark(step.id, step.id, step.label, None, step.times, ((activity, 1),), done=done)
    return replace(course, marks=(*course.marks, mark))


def _has_fractions(floor: Floor, mark: Mark) -> bool:
    return any(is_fraction(floor.house, activity) for activity, _ in mark.wanted)


def _add_tag(record: Mapping[str, Any]) -> dict[str, Any]:
    meta = record.get("meta", {})
    return {**record, "meta": {**meta, "tag": [*_list_other(meta), TAG]}}


def _list_other(meta: Mapping[str, Any]) -> Iterator[Any]:
    return (tag for tag in meta.get("tag", ()) if tag != TAG)
