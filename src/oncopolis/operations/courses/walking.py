"""How a course goes on: from what was done or decided to where it waits next.

What lies between is passed without asking anybody: steps that are not for this patient, steps without work,
questions that were answered ahead. Nothing is drawn. A course waits at one place of its way at a time.
"""

from dataclasses import replace

from oncopolis.centre.pathway import END
from oncopolis.operations.courses.days import carry, make_window
from oncopolis.operations.courses.trail import NO_DAYS, Carried, Choice, Mark
from oncopolis.operations.courses.views import Course
from oncopolis.operations.courses.way import DO, Question, Step
from oncopolis.operations.courses.way_record import Way

Waits = None
"""In place of the step that follows: the course waits."""


def enter(way: Way, course: Course, id_: str | None) -> Course:
    """Come to a step, and go on until something has to be done or decided."""
    while id_ is not Waits and id_ != END:
        step = way.steps[id_]
        course, id_ = _come(step, replace(course, at=id_))
    return replace(course, at=END) if id_ == END else course


def leave(way: Way, course: Course, mark: Mark, *, is_done: bool) -> Course:
    """Go on from the step the course is at, which is done as ``mark`` says, or left out."""
    step = way.steps[course.at]
    if is_done:
        course = _finish(step, course, mark)
    return enter(way, *_turn(step, course))


def answer(way: Way, course: Course, choice: Choice) -> Course:
    """Answer the question the course waits for, or one ahead of it."""
    pending = course.find_pending()
    if pending is None or (pending.step, pending.part) != (choice.step, choice.part):
        return replace(course, choices=(*_drop_ahead(course, choice), choice))
    made = replace(choice, window=pending.window, is_used=True)
    course = replace(course, choices=tuple(made if one is pending else one for one in course.choices))
    step = way.steps[choice.step]
    if choice.part == "branch":
        return enter(way, course, choice.to)
    return enter(way, *(_do(step, course) if choice.to == DO else (course, step.skip_to)))


def put_mark(course: Course, mark: Mark) -> Course:
    """Return a course with a mark as it is now, or a new one."""
    if course.find_mark(mark.id) is None:
        return replace(course, marks=(*course.marks, mark))
    return replace(course, marks=tuple(mark if one.id == mark.id else one for one in course.marks))


def make_mark(course: Course, step: Step) -> Mark:
    """Return a new mark of a step of the way that is not due yet."""
    rounds = sum(mark.step == step.id for mark in course.marks)
    return Mark(
        id=f"{step.id}#{rounds + 1}" if rounds else step.id,
        step=step.id,
        label=step.label,
        window=None,
        times=step.times,
        wanted=tuple((errand.activity, errand.n) for errand in step.errands if errand.is_waited),
    )


def _come(step: Step, course: Course) -> tuple[Course, str | None]:
    """Come to the gate of a step."""
    has = set(course.attributes)
    if not has.issuperset(step.has) or has.intersection(step.lacks):
        return course, step.skip_to
    if step.gate is not None:
        course, to = _ask(step, step.gate, course, carry(course.carried, step))
        if to != DO:
            return course, Waits if to is Waits else step.skip_to
    return _do(step, course)


def _do(step: Step, course: Course) -> tuple[Course, str | None]:
    """Open a step, unless there is nothing to do or it was done ahead of its turn."""
    carried = carry(course.carried, step)
    if not step.is_work:
        return _turn(step, _gain(replace(course, carried=carried), step))
    ahead = next((mark for mark in course.marks if mark.step == step.id and mark.window is None), None)
    mark = replace(ahead or make_mark(course, step), window=make_window(course.since, carried))
    if mark.is_open and (mark.n_done < mark.times):
        return put_mark(course, mark), Waits
    if mark.is_open:
        mark = replace(mark, status="done")
    course = put_mark(course, mark)
    return _turn(step, _finish(step, course, mark) if mark.status == "done" else course)


def _turn(step: Step, course: Course) -> tuple[Course, str | None]:
    """Tell where it goes on behind a step."""
    if step.branch is None:
        return course, step.next
    return _ask(step, step.branch, course, course.carried)


def _ask(step: Step, question: Question, course: Course, due: Carried) -> tuple[Course, str | None]:
    """Return the answer that was given ahead; else the course waits for one."""
    for known in course.choices:
        if not known.is_used and known.to and (known.step, known.part) == (step.id, question.part):
            used = replace(known, is_used=True)
            choices = tuple(used if one is known else one for one in course.choices)
            return replace(course, choices=choices), known.to
    asked = Choice(step.id, question.part, question.decider, make_window(course.since, due))
    return replace(course, choices=(*course.choices, asked)), Waits


def _finish(step: Step, course: Course, mark: Mark) -> Course:
    """Let the days be counted anew from when a step was done, and the patient have what it gives."""
    since = max(course.since, mark.last_day or course.since)
    return _gain(replace(course, since=since, carried=NO_DAYS), step)


def _gain(course: Course, step: Step) -> Course:
    if set(step.sets) <= set(course.attributes):
        return course
    return replace(course, attributes=tuple(sorted({*course.attributes, *step.sets})))


def _drop_ahead(course: Course, choice: Choice) -> tuple[Choice, ...]:
    """Return the choices without an earlier answer ahead to the same question."""
    return tuple(
        one
        for one in course.choices
        if one.is_used or one.is_open or (one.step, one.part) != (choice.step, choice.part)
    )
