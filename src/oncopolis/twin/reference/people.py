"""Who goes through the centre, and what each of them remembers."""

from collections import deque
from dataclasses import dataclass, field

from oncopolis.twin.kernels import tables as k
from oncopolis.twin.reference.agenda import Notice, What
from oncopolis.twin.reference.definition import Activity, Hold, Phase, Stop

_PHASE_BITS = 4  # structure: of a draw's number
_TIME_BITS = 10  # structure: of a draw's number
_TASK_BITS = 6  # structure: of a draw's number
_OCCURRENCE_BITS = 10  # structure: of a draw's number


def _pack(*parts: tuple[int, int]) -> int:
    """Put numbers beside each other, each in so many bits."""
    packed = 0
    for number, bits in parts:
        packed = (packed << bits) | (number & ((1 << bits) - 1))
    return packed


@dataclass
class Holding:
    """Something held: what the definition says, and the resource it is taken from."""

    hold: Hold
    taken_from: int


@dataclass(frozen=True)
class Appointment:
    """A time that is booked; `quarter` is None if it lies beyond what there is."""

    day: int
    quarter: int | None
    offset: int
    time: int


@dataclass(eq=False)
class Entity:
    """A patient, or work for one: what is being done, what is held, what is waited for."""

    key: int
    stop: Stop
    origin: int
    priority: int = 0
    frailty: float = 0.0
    notice: Notice | None = None
    visits: int = 0
    occurrence: int = 0
    task: int = 0
    times_left: int = 0
    activity: Activity | None = None
    phase: int = 0
    held: list[Holding] = field(default_factory=list)
    order: int | None = None
    planned: int = -1
    asked: int = 0
    came: int = 0
    begun: int = 0
    since: int = 0
    remaining: int | None = None
    resumed: int = 0
    waits_in: tuple[int, int] | None = None
    lacks: int = -1
    department: int | None = None

    def get_activity(self) -> Activity:
        """Return what is being done."""
        assert self.activity is not None
        return self.activity

    def get_phase(self) -> Phase:
        """Return the phase that is asked for or under way."""
        return self.get_activity().phases[self.phase]

    def number_stop(self) -> int:
        """Return the number of a draw made once for a visit to a stop."""
        return self.visits << (_OCCURRENCE_BITS + _TASK_BITS + _TIME_BITS + _PHASE_BITS)

    def number_occurrence(self) -> int:
        """Return the number of a draw made for each occurrence."""
        rest = _TASK_BITS + _TIME_BITS + _PHASE_BITS
        return self.number_stop() | _pack((self.occurrence, _OCCURRENCE_BITS), (0, rest))

    def number_task(self) -> int:
        """Return the number of a draw made for each task of an occurrence."""
        rest = _TIME_BITS + _PHASE_BITS
        return self.number_occurrence() | _pack((self.task, _TASK_BITS), (0, rest))

    def number_phase(self) -> int:
        """Return the number of a draw made for each phase of each time a task is done."""
        return self.number_task() | _pack((self.times_left, _TIME_BITS), (self.phase, _PHASE_BITS))


@dataclass(eq=False)
class Patient(Entity):
    """Somebody who comes."""

    usual_priority: int = 0
    attributes: int = 0
    part: float = 1.0
    entered: int = 0
    referred: int = 0
    treated: bool = False
    children: int = 0
    repeats_left: int = 0
    aim: int | None = None
    appointments: deque[Appointment] = field(default_factory=deque)
    excused: bool = False
    """Whether they missed or cancelled the time before: they surely come this time."""
    continues: bool = False
    """Whether they were sent home, and come again for the rest of a visit."""
    due: int = 0
    due_what: What = What.DUE
    fate: int = k.NEVER
    fate_kind: int | None = None
    event: int = k.NEVER
    """When something that happens at a rate happens next."""
    arrived: int = 0
    clinic: int | None = None

    def has(self, has: int, lacks: int) -> bool:
        """Return whether a condition on attributes holds."""
        return self.attributes & has == has and not self.attributes & lacks


@dataclass(eq=False)
class Job(Entity):
    """Work for a patient who does not wait for it."""


@dataclass(eq=False)
class Tail(Entity):
    """The last phases of an activity, after the patient has gone."""


@dataclass(eq=False)
class Source:
    """Where people come from, and how many have."""

    number: int
    count: int = 0
    day: int = 0
    passed: float = 0.0
    notice: Notice | None = None


@dataclass(eq=False)
class Failing:
    """The failures of a resource."""

    resource: int
    count: int = 0
    notice: Notice | None = None


@dataclass(eq=False)
class Repair:
    """A unit out of order."""

    resource: int
    key: int
    notice: Notice | None = None
