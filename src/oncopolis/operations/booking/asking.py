"""What is said to book, move and cancel."""

from datetime import date
from typing import Annotated, Literal, TypeAlias

from pydantic import Field

from oncopolis.centre.number import USUAL_PRIORITY, Identifier, Priority
from oncopolis.foundation import Frozen
from oncopolis.foundation.units import MINUTES_PER_DAY
from oncopolis.operations.booking.trips import MOST_STOPS
from oncopolis.operations.booking.wanting import Part

Id: TypeAlias = Annotated[str, Field(pattern=r"^[A-Za-z0-9.\-]{1,64}$")]
Words: TypeAlias = Annotated[str, Field(max_length=200)]  # structure: a name, not a text
Minutes: TypeAlias = Annotated[int, Field(ge=1, le=MINUTES_PER_DAY)]

CancelReason: TypeAlias = Literal["patient", "ill", "centre", "course", "mistake", "died"]
"""Who or what an appointment is cancelled for."""
WaitReason: TypeAlias = Literal["full", "wish", "breakdown", "result"]
"""Why somebody waits: no time is left, none they wish for, a machine is out of order, or something has to
be known first."""


class Days(Frozen):
    """Days between which it should be, and wishes for the time."""

    earliest: date | None = None
    """First day; today if left out."""
    target: date | None = None
    """Day that is aimed at; the first one if left out."""
    latest: date | None = None
    """Last day; as far ahead as can be booked if left out."""
    part: Part | None = None
    """Part of the day the patient wishes for."""
    units: tuple[Id, ...] = ()
    """Units wished for: the same person or machine as before."""


class Purpose(Frozen):
    """What somebody comes for."""

    activity: Identifier
    """Activity to do."""
    minutes: Minutes | None = None
    """How long it takes; what its card says if left out."""
    course: Id | Literal[""] = ""
    """CarePlan it belongs to."""
    pathway: Identifier | Literal[""] = ""
    """Pathway of that course."""
    step: Words = ""
    """Step of that pathway."""


class Book(Days, Purpose):
    """An appointment."""

    patient: Id
    """Who comes."""
    start_ms: int | None = None
    """Begin at this moment (milliseconds since 1970, UTC); the first feasible time if left out."""
    priority: Priority = USUAL_PRIORITY
    """Rank; below 5 it may have what is kept for the urgent."""
    language: Words = ""
    """Language the patient wishes to be spoken to in (BCP 47)."""


class BookSeries(Book):
    """Appointments of a series: fractions, cycles."""

    n: Annotated[int, Field(ge=1, le=100)]  # structure: no course has more, and a decision stays short
    """How many."""
    every_days: Annotated[int, Field(ge=1, le=366)] = 1  # structure: days of a year
    """Days from one to the next."""
    workdays: bool = False
    """Whether those are working days."""


class BookTrip(Days):
    """Several appointments on one day."""

    patient: Id
    """Who comes."""
    stops: Annotated[tuple[Purpose, ...], Field(min_length=1, max_length=MOST_STOPS)]
    """What for."""
    in_order: bool = False
    """Whether they have to follow each other as they are listed."""
    priority: Priority = USUAL_PRIORITY
    """Rank of all of them."""
    language: Words = ""
    """Language the patient wishes to be spoken to in (BCP 47)."""


class Move(Days):
    """Another time for an appointment."""

    booking: Id
    """Appointment to move."""
    start_ms: int | None = None
    """Begin at this moment (milliseconds since 1970, UTC); the first feasible time if left out."""


class Cancel(Frozen):
    """An appointment, or a wait for one, that is given up."""

    booking: Id
    """Which."""
    reason: CancelReason
    """Why."""
    rest: bool = False
    """Whether the later ones of its series are given up with it."""


class Await(Days, Purpose):
    """A wait for a time."""

    patient: Id
    """Who waits."""
    reason: WaitReason
    """Why."""
    priority: Priority = USUAL_PRIORITY
    """Rank: the lower, the sooner they are offered something."""
    language: Words = ""
    """Language the patient wishes to be spoken to in (BCP 47)."""


class Offer(Frozen):
    """A time for somebody who waits."""

    booking: Id
    """Appointment that waits for a time."""
    start_ms: int | None = None
    """The time (milliseconds since 1970, UTC); the first feasible one if left out."""


class Answer(Frozen):
    """What somebody who waits says to an offer."""

    booking: Id
    """Appointment that was offered a time."""
