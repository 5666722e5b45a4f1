"""Many specimens come in at once, from an old inventory: all of them, or none.

Everything is checked in the transaction that writes it, piece by piece; if anything is wrong at the end, all
of it is told and nothing stays. FHIR records are not written meanwhile (`publishing` does that after).
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final

from oncopolis.biobank.inventory.admitting import Admission, Incoming, Problem, Tell, admit_all
from oncopolis.foundation.errors import Collector
from oncopolis.record.biobank.books import Books
from oncopolis.record.biobank.custody import Event, append, find_end
from oncopolis.record.biobank.rows import add
from oncopolis.record.biobank.specimens import Donor, Specimen
from oncopolis.record.store import Transaction

PUBLISH: Final = "bank_records"
"""Kind of the job that writes the FHIR records after."""
_PIECE = 10_000  # structure: rows that are checked and written together
MOST_FAULTS = 1_000  # structure: faults after which reading ends


@dataclass(frozen=True, slots=True)
class Taken:
    """What came in."""

    n_specimens: int
    n_donors: int


def take_in(
    transaction: Transaction,
    rows: Iterable[Incoming],
    at_ms: int,
    who: str,
    faults: Collector | None = None,
) -> Taken:
    """Take rows in within a transaction.

    Parameters
    ----------
    faults
        What was found while rows were read; it counts as what is found here.

    Raises
    ------
    InputErrors
        Every row that is wrong, with its barcode and position; the first thousand of them. For what can be
        wrong see `Admission`.
    """
    found = Collector() if faults is None else faults

    books = Books(transaction.session)
    end = find_end(books.session)
    n_specimens = n_donors = 0
    for made, new in admit_all(Admission(books, at_ms, who, gather(found)), cut(rows)):
        if len(found.errors) >= MOST_FAULTS:
            break
        if not found.errors:
            end = _write(books, made, new, at_ms, who, end)
            n_specimens, n_donors = n_specimens + len(made), n_donors + len(new)
    found.raise_if_any()
    return Taken(n_specimens, n_donors)


def gather(faults: Collector) -> Tell:
    """Return what adds problems to faults, as long as there are not too many."""

    def tell(problem: Problem) -> None:
        if len(faults.errors) < MOST_FAULTS:
            faults.add(problem.error)

    return tell


def cut(rows: Iterable[Incoming]) -> Iterator[list[Incoming]]:
    """Yield rows in pieces that are checked together."""
    remaining = iter(rows)
    while piece := list(islice(remaining, _PIECE)):
        yield piece


def tell_imported(made: Iterable[Specimen]) -> list[Event]:
    """What custody is told of specimens that came in."""
    return [
        Event("imported", one.id, told=None if one.box is None else {"box": one.box, "place": one.place})
        for one in made
    ]


def _write(
    books: Books,
    made: Sequence[Specimen],
    new: Sequence[Donor],
    at_ms: int,
    who: str,
    end: tuple[int, bytes],
) -> tuple[int, bytes]:
    """Write what is new; where the chain ends then."""
    add(books.session, new, end[0] + 1)
    add(books.session, made, end[0] + 1)
    return append(books.session, tell_imported(made), at_ms, who, end)
