"""`Equipped`: a centre whose numbers are all known: what stands there when, and who is on duty when."""

from collections.abc import Mapping
from dataclasses import dataclass

from oncopolis.centre.reading import Project


@dataclass(frozen=True, slots=True)
class Duty:
    """So many of a resource whenever a calendar is open, from the first day of a year on."""

    resource: str
    calendar: str
    n: int
    from_year: int


@dataclass(frozen=True)
class Equipped:
    """A project with a number for every resource: what twin and operations accept."""

    project: Project
    duties: tuple[Duty, ...]
    """Duties of one resource add up."""
    opened: Mapping[str, int]
    """Department -> year in which it opens."""

    def list_duties(self, resource: str) -> tuple[Duty, ...]:
        """Return the duties of one resource, the earliest first."""
        own = [duty for duty in self.duties if duty.resource == resource]
        return tuple(sorted(own, key=lambda duty: duty.from_year))
