"""What is looked up of courses: those of a patient, what is booked for one, and who holds which post."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import ClassVar

from oncopolis.operations.booking.views import Booking
from oncopolis.operations.courses.posts import Post
from oncopolis.operations.courses.views import Course
from oncopolis.operations.later import Later
from oncopolis.operations.views import View

_NONE: Mapping[str, Booking] = {}


class Courses:
    """Open courses by patient."""

    KIND: ClassVar[type[View]] = Course

    def __init__(self) -> None:
        self._of: defaultdict[str, dict[str, Course]] = defaultdict(dict)

    def change(self, before: Course | None, after: Course | None) -> None:
        """A course began, went on or ended."""
        if before is not None:
            of_patient = self._of[before.patient]
            of_patient.pop(before.id, None)
            if not of_patient:
                del self._of[before.patient]
        if after is not None:
            self._of[after.patient][after.id] = after

    def list_of(self, patient: str) -> tuple[Course, ...]:
        """Return the courses somebody is on."""
        return tuple(self._of[patient].values()) if patient in self._of else ()


class Booked:
    """Open bookings by course."""

    KIND: ClassVar[type[View]] = Booking

    def __init__(self) -> None:
        self.later: Later | None = None
        self._of: dict[str, dict[str, Booking]] = {}

    def change(self, before: Booking | None, after: Booking | None) -> None:
        """A booking came, was replaced or went."""
        if before is not None and before.course:
            left = self._of.get(before.course, {})
            left.pop(before.id, None)
            if not left:
                self._of.pop(before.course, None)
        if after is not None and after.course:
            self._of.setdefault(after.course, {})[after.id] = after

    def list_of(self, course: str) -> Collection[Booking]:
        """Return what is booked for a course, or waits for a time."""
        if self.later is not None:
            self.later.bring_referring("CarePlan", course)
        return self._of.get(course, _NONE).values()


class Posts:
    """Who holds which posts."""

    KIND: ClassVar[type[View]] = Post

    def __init__(self) -> None:
        self._of: defaultdict[str, dict[str, Post]] = defaultdict(dict)

    def change(self, before: Post | None, after: Post | None) -> None:
        """A post was taken or given up."""
        if before is not None:
            self._of[before.practitioner].pop(before.id, None)
        if after is not None:
            self._of[after.practitioner][after.id] = after

    def list_of(self, practitioner: str) -> Collection[Post]:
        """Return the posts somebody holds."""
        return self._of[practitioner].values() if practitioner in self._of else ()

    def has(self, practitioner: str, role: str) -> bool:
        """Whether somebody holds a post of a role."""
        return any(post.role == role for post in self._of.get(practitioner, {}).values())
