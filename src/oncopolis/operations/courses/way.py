"""`Way`: a pathway as one patient walks it: its numbers are bound, its branches are questions to somebody.

It is made from a route once and kept with its own digest as its id, so that whoever started on it stays on it
whatever becomes of the definition.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias

from oncopolis.centre.number import USUAL_PRIORITY
from oncopolis.centre.pathway import Setting

Need: TypeAlias = Literal["sure", "likely", "seldom"]
"""Who needs an activity of a step: everybody, most of those who come here, or few of them."""
Part: TypeAlias = Literal["gate", "branch"]
"""What a question of a step is about: whether the step is done, or where it goes on."""

DO, PASS = "do", "pass"
"""Answers at a gate."""


@dataclass(frozen=True, slots=True)
class Errand:
    """An activity of a step, so many times an occurrence.

    Parameters
    ----------
    is_contact
        Whether the patient has to come for it.
    is_waited
        Whether an occurrence is not complete without it.
    """

    activity: str
    n: int
    need: Need
    is_contact: bool
    is_waited: bool


@dataclass(frozen=True, slots=True)
class Option:
    """An answer: the step it leads to (or ``end``); at a gate `DO` or `PASS`."""

    to: str
    label: str
    is_likely: bool
    """Whether most are answered so: the one the proposal goes on with until somebody has decided."""


@dataclass(frozen=True, slots=True)
class Question:
    """What somebody has to decide; nobody draws it.

    Parameters
    ----------
    decider
        Role or board that decides; empty where the definition names none.
    needs
        Information that must be there first.
    reasons
        Reasons to choose from.
    """

    part: Part
    decider: str
    needs: tuple[str, ...]
    reasons: tuple[str, ...]
    options: tuple[Option, ...]

    @property
    def likely(self) -> str:
        """The answer most are given."""
        return next(option.to for option in self.options if option.is_likely)

    def find_option(self, to: str) -> Option | None:
        """Return an answer, None if it is none."""
        return next((option for option in self.options if option.to == to), None)


@dataclass(frozen=True, slots=True)
class Step:
    """A step, at its end the name of the next or a question.

    Parameters
    ----------
    earliest_days, target_days, latest_days
        Days from the end of the step before; without `latest_days` it is never late.
    times, every_days, workdays
        How often, and how many (working) days from one to the next.
    has, lacks
        Attributes of those for whom it is done.
    sets
        Attributes the patient has from here on.
    skip_to, next
        Step, or ``end``.
    priority
        Rank in queues, lower first.
    """

    id: str
    label: str
    setting: Setting
    errands: tuple[Errand, ...]
    earliest_days: int
    target_days: int
    latest_days: int | None
    times: int
    every_days: int
    workdays: bool
    has: tuple[str, ...]
    lacks: tuple[str, ...]
    sets: tuple[str, ...]
    skip_to: str
    next: str
    priority: int
    gate: Question | None = None
    branch: Question | None = None

    @property
    def is_work(self) -> bool:
        """Whether the course waits here until something is done.

        Urgent activities that not everybody needs come by themselves or not at all.
        """
        if any(errand.need == "sure" for errand in self.errands):
            return True
        return bool(self.errands) and self.priority >= USUAL_PRIORITY

    def list_questions(self) -> Iterator[Question]:
        """Yield what is decided here, in order."""
        yield from (question for question in (self.gate, self.branch) if question is not None)

    def find_question(self, part: Part) -> Question | None:
        """Return what is decided here, if it is."""
        return self.gate if part == "gate" else self.branch


@dataclass(frozen=True, slots=True)
class Sequel:
    """A pathway that may be started from this one."""

    id: str
    start: str
    when: str
    stage: str
    at: str
    sets: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Layout:
    """Everything of a way that its digest is made from."""

    pathway: str
    version: int
    label: str
    site: str
    stage: str
    is_approved: bool
    signed_by: tuple[str, ...]
    entries: tuple[str, ...]
    """Steps at which somebody may come in; the first is the usual one."""
    steps: tuple[Step, ...]
    sequels: tuple[Sequel, ...]
