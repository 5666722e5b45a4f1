"""Acts: what can be done in the live centre, each decided by a pure function on the floor."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Generic, TypeVar

from oncopolis.foundation import Frozen
from oncopolis.operations.floor import Floor
from oncopolis.operations.house import House
from oncopolis.operations.views import Record, View
from oncopolis.record import Who
from oncopolis.record.store import Transaction
from oncopolis.record.store.journal import JournalLine

A = TypeVar("A", bound=Frozen)


@dataclass(frozen=True, slots=True)
class Moment:
    """When an act is done, and by whom: all a decision may know beside the floor.

    Parameters
    ----------
    at_ms
        Milliseconds since 1970 (UTC).
    make_id
        Gives the id of something new.
    """

    at_ms: int
    who: Who
    make_id: Callable[[], str]
    house: House

    @property
    def local(self) -> datetime:
        """On the centre's clocks."""
        return self.house.to_local(self.at_ms)

    @property
    def day(self) -> date:
        """Day of the centre's calendar."""
        return self.local.date()


@dataclass(frozen=True, slots=True)
class Message:
    """Something for the outbox: the same ``key`` is sent once. It names records and does not repeat them."""

    kind: str
    payload: Mapping[str, Any]
    key: str | None = None
    due_ms: int | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """What follows from an act: all of it happens, or none.

    Parameters
    ----------
    puts
        Views as they are from now on, each at most once. What they claim and give back follows from them.
    records
        Records that no view stands for, such as a Communication.
    lines
        Lines of the journal.
    sends
        Messages.
    also
        What the record itself does beside, after all else and in the same transaction; the floor takes over
        what that changes. Each gives more of the answer.
    answer
        What whoever asked is told; JSON, names records and does not repeat them.
    """

    puts: tuple[View, ...] = ()
    records: tuple[Record, ...] = ()
    lines: tuple[JournalLine, ...] = ()
    sends: tuple[Message, ...] = ()
    also: tuple[Callable[[Transaction], Mapping[str, Any]], ...] = ()
    answer: Mapping[str, Any] = field(default_factory=dict)

    def __add__(self, other: "Decision") -> "Decision":
        """Both, in this order; views that both put are the second's."""
        later = {(type(view), view.id) for view in other.puts}
        kept = tuple(view for view in self.puts if (type(view), view.id) not in later)
        return Decision(
            (*kept, *other.puts), (*self.records, *other.records), (*self.lines, *other.lines),
            (*self.sends, *other.sends), (*self.also, *other.also), {**self.answer, **other.answer},
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Act(Generic[A]):
    """Something that can be done.

    Parameters
    ----------
    name
        As the API, the access policy and the audit name it.
    asked
        What has to be said.
    decide
        Pure: looks at the floor, the wish and the moment only. Raises an `OncopolisError` to refuse.
    writes
        FHIR types of the records it may write: a program needs scopes for all of them.
    """

    name: str
    asked: type[A]
    decide: Callable[[Floor, A, Moment], Decision]
    writes: tuple[str, ...]
