"""What a course will ask for, occurrence by occurrence, as far ahead as anybody wants to look.

Whoever looks says on which day each occurrence is done; the next ones follow from that. Behind a question
that nobody has answered the likely answers are taken, and everything from there on is provisional.
"""

from dataclasses import dataclass, replace
from datetime import date

from oncopolis.centre.number import USUAL_PRIORITY
from oncopolis.operations.booking import Window
from oncopolis.operations.courses.doing import add_done
from oncopolis.operations.courses.trail import WHOLE, Choice, Done, Mark
from oncopolis.operations.courses.views import Course
from oncopolis.operations.courses.walking import answer
from oncopolis.operations.courses.way import Errand, Step
from oncopolis.operations.courses.way_record import Way
from oncopolis.operations.house import House


@dataclass(frozen=True, slots=True)
class Foreseen:
    """An occurrence of a step.

    Parameters
    ----------
    turn
        Its number within the step, from 1.
    activities
        What it still asks the patient to come for, with how often each.
    optional
        What most of the others need there, and somebody has to say for this patient.
    undecided
        Questions that have to be answered before it is sure to come, as (step, part).
    priority
        Rank in queues.
    """

    mark: str
    step: str
    label: str
    turn: int
    window: Window
    activities: tuple[tuple[str, int], ...]
    optional: tuple[tuple[str, int], ...]
    undecided: tuple[tuple[str, str], ...]
    priority: int

    @property
    def is_provisional(self) -> bool:
        """Whether something has to be decided before."""
        return bool(self.undecided)


class Foresight:
    """Looks ahead on a course, which stays as it is."""

    def __init__(self, way: Way, course: Course, house: House, at_ms: int) -> None:
        self._way, self._house, self._at_ms = way, house, at_ms
        self.course = course
        self._undecided: tuple[tuple[str, str], ...] = ()
        self._beside = [mark.id for mark in course.list_open() if not mark.step and not mark.instead_of]

    def find_next(self) -> Foreseen | None:
        """Return the next occurrence, None behind the last."""
        while (mark := self._find_mark()) is None:
            pending = self.course.find_pending()
            if pending is None:
                return None
            self._answer(pending)
        step = self._way.steps.get(mark.step)
        assert mark.window is not None
        return Foreseen(
            mark=mark.id,
            step=mark.step,
            label=mark.label,
            turn=mark.n_done + 1,
            window=mark.window,
            activities=mark.list_left(),
            optional=tuple((errand.activity, errand.n) for errand in _list_optional(step)),
            undecided=() if mark.id in self._beside else self._undecided,
            priority=USUAL_PRIORITY if step is None else step.priority,
        )

    def go_on(self, foreseen: Foreseen, day: date) -> None:
        """Look further: an occurrence is done by a day."""
        mark = self.course.find_mark(foreseen.mark)
        assert mark is not None
        for activity, n in foreseen.activities:
            for _ in range(n):
                mark = self._add(mark, day, activity)
        if not foreseen.activities:
            self._add(mark, day, WHOLE)

    def _add(self, mark: Mark, day: date, activity: str) -> Mark:
        done = Done(self._at_ms, day, activity)
        self.course = add_done(self._way, self.course, mark, done, self._house)
        found = self.course.find_mark(mark.id)
        assert found is not None
        return found

    def _find_mark(self) -> Mark | None:
        """Return the first step that is due: what is beside the way first, then where the way waits."""
        return next((mark for mark in self.course.list_open() if mark.window is not None), None)

    def _answer(self, pending: Choice) -> None:
        question = self._way.steps[pending.step].find_question(pending.part)
        assert question is not None
        self._undecided = (*self._undecided, (pending.step, pending.part))
        self.course = answer(self._way, self.course, replace(pending, to=question.likely))


def _list_optional(step: Step | None) -> list[Errand]:
    """Return what has to be said for each patient; who is in a bed is not booked for what is done there."""
    if step is None or step.setting == "inpatient":
        return []
    return [one for one in step.errands if one.is_contact and not one.is_waited and one.need != "seldom"]
