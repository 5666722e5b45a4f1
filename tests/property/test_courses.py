"""What must hold for any patient on any pathway of the library, whatever is done and decided."""

import random
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from oncopolis.centre.pathway import END
from oncopolis.operations import House, make_house
from oncopolis.operations.courses import Course
from oncopolis.operations.courses.doing import add_done
from oncopolis.operations.courses.foreseeing import Foresight
from oncopolis.operations.courses.laying import lay
from oncopolis.operations.courses.trail import WHOLE, Choice, Done, Mark, Variance
from oncopolis.operations.courses.walking import answer, enter, leave, put_mark
from oncopolis.operations.courses.way_record import Way
from oncopolis.record.fhir.text import parse, to_text
from oncopolis.record.fhir.validating import validate
from oncopolis.studies.preparing import prepare

EXAMPLE = Path(__file__).parents[2] / "src" / "oncopolis" / "centre" / "examples" / "tashkent"
MONDAY = date(2027, 3, 1)
MOST_STEPS = 3000


@cache
def get_ways() -> tuple[House, tuple[Way, ...]]:
    """All pathways of the library, for a few of the sites and stages each is for."""
    house = make_house(prepare(EXAMPLE, {}, lambda _doing, _done: None).equipped)
    seen: dict[str, int] = {}
    ways = []
    for (pathway, _, _), route in sorted(house.network.routes.items()):
        seen[pathway] = seen.get(pathway, 0) + 1
        if seen[pathway] <= 2:
            ways.append(Way(lay(house, route)))
    return house, tuple(ways)


def start(way: Way, at: str) -> Course:
    layout = way.layout
    course = Course(
        "c1", "p1", way.id, layout.pathway, layout.version, layout.label, 0, "Practitioner/x", MONDAY, at,
        site=layout.site, stage=layout.stage,
    )  # fmt: skip
    return enter(way, course, at)


class Life:
    """Everything that happens on a course, drawn."""

    def __init__(self, house: House, way: Way, dice: random.Random) -> None:
        self.house, self.way, self.dice = house, way, dice

    def go_on(self, course: Course) -> Course:
        pending = course.find_pending()
        if pending is not None:
            return self.decide(course, pending)
        mark = next(mark for mark in course.list_open() if mark.window is not None)
        if self.dice.random() < 0.1:
            skipped = replace(
                mark, status="skipped", variances=(*mark.variances, Variance("skipped", 0, "x"))
            )
            return leave(self.way, put_mark(course, skipped), skipped, is_done=False)
        return self.do(course, mark)

    def decide(self, course: Course, pending: Choice) -> Course:
        question = self.way.steps[pending.step].find_question(pending.part)
        assert question is not None
        to = self.dice.choice(question.options).to
        made = Choice(
            pending.step, pending.part, pending.decider, to=to, reasons=("x",), by="Practitioner/x", at_ms=1
        )
        return answer(self.way, course, made)

    def do(self, course: Course, mark: Mark) -> Course:
        assert mark.window is not None
        latest = mark.window.latest or mark.window.target
        last = max(latest - mark.window.earliest, timedelta()).days
        day = mark.window.earliest + timedelta(days=self.dice.randint(-2, last + 2))
        activity = self.dice.choice([WHOLE, *(activity for activity, _ in mark.list_left())])
        return add_done(self.way, course, mark, Done(0, day, activity), self.house)


def check_days(mark: Mark, day: date, after: Course) -> None:
    """A day outside the window is told as a variance, one inside is not."""
    window = mark.window
    assert window is not None
    is_outside = day < window.earliest or (window.latest is not None and day > window.latest)
    told = [one for one in (after.find_mark(mark.id) or mark).variances if one.kind in ("early", "late")]
    known = [one for one in mark.variances if one.kind in ("early", "late")]
    assert (len(told) > len(known)) == is_outside


@settings(max_examples=100, deadline=None)
@given(number=st.integers(0, 10_000), seed=st.integers(0, 2**32))
def test_every_pathway_is_walked_to_its_end(number: int, seed: int) -> None:
    house, ways = get_ways()
    way, dice = ways[number % len(ways)], random.Random(seed)
    life, course = Life(house, way, dice), start(way, dice.choice(way.layout.entries))
    n_steps = 0
    while course.at != END:
        n_steps += 1
        assert n_steps < MOST_STEPS, course
        # It waits at exactly one place.
        waits = [mark for mark in course.list_open() if mark.window is not None]
        assert len(waits) + (course.find_pending() is not None) == 1
        before = course
        course = life.go_on(course)
        assert (course.way, course.version) == (way.id, way.layout.version)
        for mark in before.marks:
            after = course.find_mark(mark.id)
            assert after is not None
            assert after.done[: len(mark.done)] == mark.done
            if mark.is_open and len(after.done) > len(mark.done):
                check_days(mark, after.done[-1].day, course)
    assert course.find_pending() is None
    assert not list(course.list_open())
    record = parse(to_text(course.to_record()))
    assert Course.from_record(record) == course


@settings(max_examples=60, deadline=None)
@given(number=st.integers(0, 10_000), n_steps=st.integers(0, 40), seed=st.integers(0, 2**32))
def test_a_course_is_kept_whole_in_its_record_and_foreseen_to_its_end(
    number: int, n_steps: int, seed: int
) -> None:
    house, ways = get_ways()
    way, dice = ways[number % len(ways)], random.Random(seed)
    life, course = Life(house, way, dice), start(way, way.layout.entries[0])
    for _ in range(n_steps):
        if course.at != END:
            course = life.go_on(course)
    record = parse(to_text(course.to_record()))
    assert Course.from_record(record) == course
    sight, last = Foresight(way, course, house, 0), date.min
    for _ in range(MOST_STEPS):
        foreseen = sight.find_next()
        if foreseen is None:
            break
        assert foreseen.window.earliest <= foreseen.window.target
        day = max(foreseen.window.target, last)
        sight.go_on(foreseen, day)
        last = day
    assert sight.course.at == END


def test_every_way_is_kept_whole_in_its_record() -> None:
    _, ways = get_ways()
    for way in ways:
        kept = Way.from_record(parse(to_text(way.to_record())))
        assert kept.layout == way.layout
        assert kept.id == way.id


def test_records_of_ways_and_courses_are_what_fhir_asks_for() -> None:
    house, ways = get_ways()
    for number, way in enumerate(ways[::8]):
        life, course = Life(house, way, random.Random(number)), start(way, way.layout.entries[0])
        for _ in range(30):
            if course.at != END:
                course = life.go_on(course)
        for record in (way.to_record(), course.to_record()):
            errors = [one for one in validate(parse(to_text(record))) if one.severity == "error"]
            assert not errors, errors[0]


def test_a_changed_pathway_is_another_way() -> None:
    house, ways = get_ways()
    assert len({way.id for way in ways}) == len(ways)
    layout = ways[0].layout
    longer = replace(layout, steps=(*layout.steps[:-1], replace(layout.steps[-1], times=99)))
    assert Way(longer).id != ways[0].id
    assert house.centre.pathways.keys() == {way.layout.pathway for way in ways}
