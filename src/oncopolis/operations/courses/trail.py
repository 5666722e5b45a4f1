"""What has happened on a course: steps that were opened and how they ended, questions and their answers."""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal, TypeAlias

from oncopolis.operations.booking.views import Window
from oncopolis.operations.courses.way import Part

MarkStatus: TypeAlias = Literal["open", "done", "skipped", "replaced", "stopped"]
VarianceKind: TypeAlias = Literal[
    "early", "late", "out_of_order", "again", "skipped", "replaced", "added", "times", "stopped"
]

WHOLE: Final = ""
"""In place of an activity: everything an occurrence asks for was done."""


@dataclass(frozen=True, slots=True)
class Variance:
    """Something that went otherwise than the pathway says; the reason may be given later."""

    kind: VarianceKind
    at_ms: int
    reason: str = ""
    by: str = ""


@dataclass(frozen=True, slots=True)
class Done:
    """Something done: an activity, or `WHOLE`; `source` names the record that says so, ``Type/id``."""

    at_ms: int
    day: date
    activity: str = WHOLE
    source: str = ""


@dataclass(frozen=True, slots=True)
class Mark:
    """A step of a course.

    Parameters
    ----------
    id
        The step of the way, with its round behind it from the second time on; another for what was added.
    step
        Step of the way; empty for what was added.
    window
        When its next occurrence is due; None for what was done before its turn.
    times
        Occurrences it is done in.
    wanted
        Activities an occurrence asks for, with how often each; nothing where that is not said.
    instead_of
        Mark it replaces.
    has_effect
        Whether what it replaces counts as done with it.
    documents
        Ids of DocumentReferences.
    """

    id: str
    step: str
    label: str
    window: Window | None
    times: int = 1
    wanted: tuple[tuple[str, int], ...] = ()
    status: MarkStatus = "open"
    done: tuple[Done, ...] = ()
    variances: tuple[Variance, ...] = ()
    instead_of: str = ""
    has_effect: bool = False
    documents: tuple[str, ...] = ()

    @property
    def is_open(self) -> bool:
        """Whether something is left to do."""
        return self.status == "open"

    @property
    def n_done(self) -> int:
        """Occurrences that are complete."""
        counted = Counter(done.activity for done in self.done)
        in_parts = min((counted[activity] // n for activity, n in self.wanted), default=0)
        return counted[WHOLE] + in_parts

    @property
    def last_day(self) -> date | None:
        """Day on which something of it was last done."""
        return max((done.day for done in self.done), default=None)

    def list_left(self) -> tuple[tuple[str, int], ...]:
        """Return what the current occurrence still asks for."""
        counted = Counter(done.activity for done in self.done)
        n = self.n_done - counted[WHOLE]
        left = ((activity, each * (n + 1) - counted[activity]) for activity, each in self.wanted)
        return tuple((activity, more) for activity, more in left if more > 0)


@dataclass(frozen=True, slots=True)
class Choice:
    """A question of a step and its answer.

    Parameters
    ----------
    step, part
        Which question.
    decider
        Role or board that decides; empty where none is named.
    window
        When the next step would be due; None for what was decided ahead of its turn.
    to
        The answer; empty while there is none.
    reasons, missing, despite
        Why so; information that was not there, and why it was decided all the same.
    by, role, case
        Who decided, as what, and at which discussion of a board.
    is_used
        Whether the course went on with it.
    """

    step: str
    part: Part
    decider: str
    window: Window | None = None
    to: str = ""
    reasons: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    despite: str = ""
    by: str = ""
    role: str = ""
    case: str = ""
    at_ms: int | None = None
    is_used: bool = False

    @property
    def is_open(self) -> bool:
        """Whether somebody has to decide."""
        return not self.to


@dataclass(frozen=True, slots=True)
class Carried:
    """Days of steps that were passed without work, added up since the last work was done."""

    earliest_days: int = 0
    target_days: int = 0
    latest_days: int | None = None


NO_DAYS: Final = Carried()
