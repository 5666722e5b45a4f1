"""Acts of the biobank: each decided by a function that looks at the books, and writes nothing itself."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from oncopolis.foundation import Frozen
from oncopolis.record import Who
from oncopolis.record.biobank.books import Books
from oncopolis.record.biobank.custody import Event
from oncopolis.record.biobank.rows import BankRow

A = TypeVar("A", bound=Frozen)


@dataclass(frozen=True, slots=True)
class Moment:
    """When an act is done, and by whom.

    Parameters
    ----------
    at_ms
        Milliseconds since 1970 (UTC).
    make_id
        Gives the id of a new record.
    fetch
        Reads a FHIR record by type and id; None if there is none.
    """

    at_ms: int
    who: Who
    make_id: Callable[[], str]
    fetch: Callable[[str, str], Mapping[str, Any] | None]

    @property
    def name(self) -> str:
        """Who acts, as custody and signatures name them."""
        return self.who.reference


@dataclass(frozen=True, slots=True)
class Decision:
    """What follows from an act: all of it happens, or none.

    Parameters
    ----------
    rows
        Rows as they are from now on, each at most once.
    events
        What is told in the chain of custody; at least one.
    records
        FHIR records.
    answer
        What whoever asked is told; JSON.
    jobs
        What is to be done after, by kind and payload: it is in the outbox with the rest.
    """

    rows: tuple[BankRow, ...]
    events: tuple[Event, ...]
    records: tuple[Mapping[str, Any], ...] = ()
    answer: Mapping[str, Any] = field(default_factory=dict)
    jobs: tuple[tuple[str, dict[str, Any]], ...] = ()


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
        Looks at the books, the wish and the moment only. Raises an `OncopolisError` to refuse.
    writes
        FHIR types of the records that follow from it: a program needs scopes for all of them.
    """

    name: str
    asked: type[A]
    decide: Callable[[Books, A, Moment], Decision]
    writes: tuple[str, ...] = ("Specimen",)
