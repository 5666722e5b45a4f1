"""What is looked up of courses: those of a patient, what is booked for one, and who holds which post."""

from typing import ClassVar

from oncopolis.operations.booking.views import Booking
from oncopolis.operations.courses.posts import Post
from oncopolis.operations.courses.views import Course
from oncopolis.operations.grouping import Grouped
from oncopolis.operations.later import Later
from oncopolis.operations.views import View


class Courses(Grouped[Course]):
    """Open courses by patient."""

    KIND: ClassVar[type[View]] = Course
    OF = "patient"


class Booked(Grouped[Booking]):
    """Open bookings by course."""

    KIND: ClassVar[type[View]] = Booking
    OF = "course"

    def __init__(self) -> None:
        super().__init__()
        self.later: Later | None = None

    def list_of(self, key: str) -> tuple[Booking, ...]:
        """Return what is booked for a course, or waits for a time."""
        if self.later is not None:
            self.later.bring_referring("CarePlan", key)
        return super().list_of(key)


class Posts(Grouped[Post]):
    """Who holds which posts."""

    KIND: ClassVar[type[View]] = Post
    OF = "practitioner"

    def has(self, practitioner: str, role: str) -> bool:
        """Whether somebody holds a post of a role."""
        return any(post.role == role for post in self.list_of(practitioner))
