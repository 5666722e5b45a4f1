"""A file comes into the inventory: all of it, or nothing."""

from collections.abc import Callable, Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Annotated

from pydantic import Field

from oncopolis.biobank.deciding import Act, Decision, Moment
from oncopolis.biobank.importing.mapping import KNOWN, OWN, FileMapping, load_mapping
from oncopolis.biobank.importing.reading import Read, read_rows
from oncopolis.biobank.inventory.admitting import Admission, Incoming, Problem, Tell, admit_all
from oncopolis.biobank.inventory.taking import (
    MOST_FAULTS,
    PUBLISH,
    Taken,
    cut,
    gather,
    take_in,
    tell_imported,
)
from oncopolis.foundation import Frozen, InputError
from oncopolis.foundation.errors import Collector
from oncopolis.record import Act as Audited
from oncopolis.record.biobank.books import Books
from oncopolis.record.biobank.specimens import Donor, Specimen
from oncopolis.record.store import Store, Transaction

MOST = 20_000  # structure: rows of an act: the centre's other writes wait for it some seconds
_LONGEST = 5_000_000  # structure: characters of a file


@dataclass(frozen=True, slots=True)
class Brought:
    """What came of a file."""

    n_specimens: int
    n_donors: int
    n_left_out: int


def import_file(
    store: Store,
    source: Path | bytes,
    mapping: FileMapping,
    audited: Audited,
    left_out: AbstractSet[int] = frozenset(),
) -> Brought:
    """Take a file over in one transaction; its FHIR records are written after, by a job of the house.

    Parameters
    ----------
    left_out
        Rows that do not come in, by number: those of which a preview has told a problem.

    Raises
    ------
    InputError, InputErrors
        Everything that is wrong with it, up to a thousand; nothing was written.
    """
    command = partial(_import, source, mapping, audited.who.name or audited.who.id, left_out)
    taken: Taken = store.submit(command, audited).result()
    return Brought(taken.n_specimens, taken.n_donors, len(left_out))


def _import(
    source: Path | bytes, mapping: FileMapping, who: str, left_out: AbstractSet[int], transaction: Transaction
) -> Taken:
    faults = Collector()
    taken = take_in(transaction, _read(source, mapping, faults, left_out), transaction.now_ms, who, faults)
    transaction.send(PUBLISH, {})
    return taken


def _read(
    source: Path | bytes, mapping: FileMapping, faults: Collector, left_out: AbstractSet[int]
) -> Iterator[Incoming]:
    """Yield the rows that come in; what is wrong with one that was left out is known."""
    add = gather(faults)

    def tell(problem: Problem) -> None:
        if problem.row not in left_out:
            add(problem)

    for row in read_rows(source, mapping, tell, Read()):
        if len(faults.errors) >= MOST_FAULTS:
            return
        if row.row not in left_out:
            yield row


def import_rows(store: Store, read: Callable[[Tell], Iterator[Incoming]], audited: Audited) -> Brought:
    """Take rows over that come from no table; as `import_file`.

    Parameters
    ----------
    read
        Yields the rows and tells what is wrong with others.
    """

    def command(transaction: Transaction) -> Taken:
        faults, who = Collector(), audited.who.name or audited.who.id
        taken = take_in(transaction, read(gather(faults)), transaction.now_ms, who, faults)
        transaction.send(PUBLISH, {})
        return taken

    taken = store.submit(command, audited).result()
    return Brought(taken.n_specimens, taken.n_donors, 0)


class Import(Frozen):
    """An inventory comes in, whole or not at all."""

    file: Annotated[str, Field(min_length=1, max_length=_LONGEST)]
    """CSV with the names of its columns in the first row."""
    mapping: str = ""
    """Program the file comes from, such as ``openspecimen``; our own columns if left out."""
    zone: str = ""
    """Time zone of moments without an offset; UTC if left out."""


def find_mapping(name: str, zone: str = "") -> FileMapping:
    """The mapping of a program by name; paths are not taken from the network."""
    if name and name not in KNOWN:
        raise InputError(
            code="BIO-164", where="mapping", got=f"{name:.60}",
            expected=f"{', '.join(KNOWN)}, or nothing", fix="choose one, or use the command with a file",
        )  # fmt: skip
    return (load_mapping(name) if name else OWN).narrow(zone=zone or None)


def bring(books: Books, asked: Import, moment: Moment) -> Decision:
    """Decide to take a file over."""
    n_lines = asked.file.count("\n")
    if n_lines > MOST:
        raise InputError(
            code="BIO-167", where="file", got=f"{n_lines} rows", expected=f"at most {MOST}",
            fix="split it, or use the command `oncopolis biobank import`",
        )  # fmt: skip
    faults = Collector()
    tell = gather(faults)
    specimens: list[Specimen] = []
    donors: list[Donor] = []
    rows = read_rows(asked.file.encode(), find_mapping(asked.mapping, asked.zone), tell, Read())
    for made, new in admit_all(Admission(books, moment.at_ms, moment.name, tell), cut(rows)):
        specimens += made
        donors += new
    faults.raise_if_any()
    if not specimens:
        raise InputError(
            code="BIO-168", where="file", got="no row that counts", expected="specimens",
            fix="look whether it is the right file and mapping",
        )  # fmt: skip
    answer = {"specimens": len(specimens), "donors": len(donors)}
    return Decision((*donors, *specimens), tuple(tell_imported(specimens)), (), answer, ((PUBLISH, {}),))


ACTS = (Act("bank_import", Import, bring),)
