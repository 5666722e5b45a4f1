"""Booking what was proposed: everything that was chosen, or nothing of it."""

from collections import defaultdict
from dataclasses import replace
from datetime import date, timedelta
from typing import Annotated

from pydantic import Field

from oncopolis.centre.number import Identifier
from oncopolis.foundation import ConflictError, Frozen, InputError
from oncopolis.foundation.units import MINUTES_PER_DAY
from oncopolis.operations.booking import Booking, Wanted, make_agenda
from oncopolis.operations.booking.asking import Id, Purpose, Words
from oncopolis.operations.booking.making import find_time, make_booking, show, tell_of
from oncopolis.operations.courses.branching import get_open
from oncopolis.operations.courses.deciders import name_person
from oncopolis.operations.courses.doing import tell_variance
from oncopolis.operations.courses.foreseeing import Foreseen, Foresight
from oncopolis.operations.courses.indexes import Booked
from oncopolis.operations.courses.proposing import MOST
from oncopolis.operations.courses.trail import Mark, Variance
from oncopolis.operations.courses.views import Course
from oncopolis.operations.courses.walking import make_mark, put_mark
from oncopolis.operations.courses.ways import get_way
from oncopolis.operations.deciding import Act, Decision, Moment
from oncopolis.operations.floor import Floor


class Pick(Frozen):
    """One appointment of a proposal."""

    step: Words
    """Step, as the proposal names it."""
    turn: Annotated[int, Field(ge=1)] = 1
    """Its occurrence."""
    activity: Identifier
    """What the patient comes for; one of the step's stops, or of what is optional there."""
    start_ms: int
    """When, milliseconds since 1970 (UTC)."""


class ConfirmCourse(Frozen):
    """Appointments of a proposal are booked, in one go."""

    course: Id
    """Course."""
    picks: Annotated[tuple[Pick, ...], Field(min_length=1, max_length=MOST)]
    """Those that are chosen."""
    despite: Words = ""
    """Why some are before or behind the days the pathway gives."""
    language: Words = ""
    """Language the patient wishes to be spoken to in (BCP 47)."""
    by: Id | None = None
    """Practitioner who decided on `despite`, where reception or a program tells."""


def confirm_course(floor: Floor, asked: ConfirmCourse, moment: Moment) -> Decision:
    """Book appointments of a course; nothing behind a question that nobody has answered."""
    course = get_open(floor, asked.course)
    booker = _Booking(floor, course, asked, moment)
    left: defaultdict[tuple[str, int], list[Pick]] = defaultdict(list)
    for pick in asked.picks:
        left[pick.step, pick.turn].append(pick)
    while left and (foreseen := booker.sight.find_next()) is not None:
        picks = left.pop((foreseen.mark, foreseen.turn), None)
        day = booker.find_day(foreseen) if picks is None else booker.book(foreseen, picks)
        booker.sight.go_on(foreseen, day)
    if left:
        step, turn = next(iter(left))
        raise InputError(
            code="OPS-097", where=f"CarePlan/{course.id}", got=f"occurrence {turn} of {step:.80}",
            expected="one that is still to come on this course", fix="have it proposed again",
        )  # fmt: skip
    made = sorted(booker.made, key=lambda booking: booking.start_ms)
    changed = (booker.course,) if booker.course != course else ()
    decision = Decision(
        (*changed, *made), answer={"course": course.id, "bookings": [show(one) for one in made]}
    )
    return decision + tell_of(moment, made[0], "booked")


class _Booking:
    def __init__(self, floor: Floor, course: Course, asked: ConfirmCourse, moment: Moment) -> None:
        self.floor, self.asked, self.moment = floor, asked, moment
        self.agenda = make_agenda(floor, moment.at_ms)
        self.way = get_way(floor, course)
        self.sight = Foresight(self.way, course, floor.house, moment.at_ms)
        self.course = course
        self.made: list[Booking] = []

    def find_day(self, foreseen: Foreseen) -> date:
        """Return the day of an occurrence of which nothing is chosen: that of what is booked, or aimed at."""
        names = (foreseen.mark, foreseen.step)
        booked = [
            self.floor.house.to_local(one.start_ms).date()
            for one in self.floor.index(Booked).list_of(self.course.id)
            if one.step in names and one.spot is not None
        ]
        later = [day for day in booked if day >= foreseen.window.earliest]
        return min(later, default=max(foreseen.window.target, self.agenda.today))

    def book(self, foreseen: Foreseen, picks: list[Pick]) -> date:
        """Book what was chosen of an occurrence; the day by which it is done."""
        if foreseen.undecided:
            step, part = foreseen.undecided[0]
            raise ConflictError(
                code="OPS-096", where=f"step {foreseen.mark}", got=f"no decision at {step} ({part})",
                expected="a decision first: what comes behind it is only foreseen",
                fix="have it decided, then book",
            )  # fmt: skip
        over = foreseen.window.earliest
        for pick in picks:
            self._check_activity(foreseen, pick)
            over = max(over, self._book_one(foreseen, pick))
        return over

    def _check_activity(self, foreseen: Foreseen, pick: Pick) -> None:
        known = dict((*foreseen.activities, *foreseen.optional))
        if pick.activity not in known:
            raise InputError(
                code="OPS-098", where=f"step {foreseen.mark}", got=pick.activity,
                expected=", ".join(known) or "nothing the patient comes for",
                fix="choose one of them, or add a step for it",
            )  # fmt: skip
        if pick.activity in dict(foreseen.optional):
            mark = self._get_mark(foreseen)
            if pick.activity not in dict(mark.wanted):
                self._put(replace(mark, wanted=(*mark.wanted, (pick.activity, 1))))

    def _book_one(self, foreseen: Foreseen, pick: Pick) -> date:
        n_slots = self.agenda.openings.count_slots(pick.activity)
        course = self.course
        wanted = Wanted(course.patient, pick.activity, n_slots, foreseen.window, foreseen.priority)
        spot = find_time(self.agenda, wanted, pick.start_ms)
        day = self.floor.house.to_local(pick.start_ms).date()
        self._check_day(foreseen, day)
        purpose = Purpose(
            activity=pick.activity, course=course.id, pathway=course.pathway, step=foreseen.mark
        )  # fmt: skip
        booking = make_booking(self.moment, wanted, purpose, spot, self.asked.language)
        self.agenda.take(booking)
        self.made.append(booking)
        return day + timedelta(days=self.floor.house.get_card(pick.activity).minutes // MINUTES_PER_DAY)

    def _check_day(self, foreseen: Foreseen, day: date) -> None:
        """Refuse a day outside the window, unless somebody says why; then that is kept."""
        kind = tell_variance(foreseen.window, day)
        if kind is None:
            return
        if not self.asked.despite.strip():
            window = foreseen.window
            raise InputError(
                code="OPS-099", where=f"step {foreseen.mark}", got=f"{day}",
                expected=f"a day from {window.earliest} to {window.latest or 'any day'}",
                fix="choose another day, or say in `despite` why",
            )  # fmt: skip
        where = f"CarePlan/{self.course.id}"
        person = name_person(self.moment, self.asked.by, where, may_be_told=True)
        mark = self._get_mark(foreseen)
        told = Variance(kind, self.moment.at_ms, self.asked.despite, person)
        if told not in mark.variances:
            self._put(replace(mark, variances=(*mark.variances, told)))

    def _get_mark(self, foreseen: Foreseen) -> Mark:
        """Return the step on the course as it is; one further on is marked ahead of its turn."""
        return self.course.find_mark(foreseen.mark) or make_mark(self.course, self.way.steps[foreseen.step])

    def _put(self, mark: Mark) -> None:
        self.course = put_mark(self.course, mark)


CONFIRM = Act("confirm_course", ConfirmCourse, confirm_course, ("CarePlan", "Appointment", "Communication"))
