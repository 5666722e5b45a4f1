"""`Beginning`: the state a run starts from, as data: who is where on their pathway, booked or in a bed."""

from collections import Counter
from dataclasses import dataclass
from datetime import date

from oncopolis.centre import RouteKey


@dataclass(frozen=True)
class Lying:
    """Somebody is in a bed.

    Parameters
    ----------
    activity
        Activity of the step that is the stay.
    ward
        Resource whose bed it is.
    lain_ms
        How long they have lain there at the time of the beginning.
    """

    activity: str
    ward: str
    lain_ms: int


@dataclass(frozen=True)
class Standing:
    """Somebody on a pathway when a run begins; times in milliseconds from the first midnight of the run.

    Parameters
    ----------
    id
        Tells them from all others: their draws depend on it.
    route, step
        Where they are.
    n_done, n_left
        Occurrences of the step that took place, and that are left. With none left the step is behind them,
        and what comes next is drawn when they are due.
    due_ms
        When they are due, or the day from which an appointment is looked for.
    began_ms
        When they entered the pathway, at most 0.
    attributes
        What conditions ask for.
    is_treated
        Whether a treatment has begun.
    is_ahead
        Whether it is open if the step is done for them at all: they come to it when they are due.
    appointments_ms
        What is booked of the occurrences left, in order.
    lying
        The bed they are in.
    """

    id: str
    route: RouteKey
    step: str
    n_done: int = 0
    n_left: int = 1
    due_ms: int = 0
    began_ms: int = 0
    attributes: frozenset[str] = frozenset()
    is_treated: bool = False
    is_ahead: bool = False
    appointments_ms: tuple[int, ...] = ()
    lying: Lying | None = None


@dataclass(frozen=True)
class Beginning:
    """Everybody who is there when a run begins.

    Parameters
    ----------
    day
        First day of the run.
    people
        Who is there.
    omitted
        What the record says and the run does not contain, in words.
    at_ms
        When on that day they are there: nobody else comes before, since who came is among them.
    """

    day: date
    people: tuple[Standing, ...]
    omitted: tuple[str, ...] = ()
    at_ms: int = 0

    def count_by_pathway(self) -> dict[str, int]:
        """Return people by pathway, the most first."""
        return dict(Counter(sorted(person.route[0] for person in self.people)).most_common())

    @property
    def n_in_beds(self) -> int:
        """People in beds."""
        return sum(person.lying is not None for person in self.people)

    @property
    def n_booked(self) -> int:
        """People who have an appointment ahead."""
        return sum(bool(person.appointments_ms) for person in self.people)
