"""What a file would bring, and every row that it would not, before anything is written."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from oncopolis.biobank.importing.mapping import FileMapping
from oncopolis.biobank.importing.reading import Read, read_rows
from oncopolis.biobank.inventory.admitting import Admission, Incoming, Problem, Tell, admit_all
from oncopolis.biobank.inventory.taking import cut
from oncopolis.record.biobank.books import Books

HEADS = ("row", "barcode", "position", "code", "got", "expected", "fix")
"""Columns of a list of problems."""


@dataclass(slots=True)
class Preview:
    """What a file would bring.

    Parameters
    ----------
    n_rows, n_skipped
        Rows of the file, and those that its mapping says do not count.
    n_specimens, n_donors, n_used_up
        What would come in: specimens, donors who are new, and those of the specimens that are used up.
    boxes
        How many would come into each box.
    bad
        Rows with a problem.
    """

    n_rows: int = 0
    n_skipped: int = 0
    n_specimens: int = 0
    n_donors: int = 0
    n_used_up: int = 0
    n_problems: int = 0
    boxes: dict[int, int] = field(default_factory=dict)
    bad: set[int] = field(default_factory=set)


def preview(books: Books, source: Path | bytes, mapping: FileMapping, at_ms: int, tell: Tell) -> Preview:
    """Look at a file without writing anything; every problem is told as it is found.

    Raises
    ------
    InputError
        The file as a whole cannot be read.
    """
    read = Read()
    told = preview_rows(books, lambda note: read_rows(source, mapping, note, read), at_ms, tell)
    told.n_rows, told.n_skipped = read.n_rows, read.n_skipped
    return told


def preview_rows(books: Books, read: Callable[[Tell], Iterator[Incoming]], at_ms: int, tell: Tell) -> Preview:
    """Look at rows from elsewhere; ``read`` yields them and tells what is wrong with others."""
    told = Preview()

    def note(problem: Problem) -> None:
        told.n_problems += 1
        told.bad.add(problem.row)
        tell(problem)

    for made, new in admit_all(Admission(books, at_ms, "preview", note), cut(read(note))):
        told.n_specimens += len(made)
        told.n_donors += len(new)
        for one in made:
            if one.box is not None:
                told.boxes[one.box] = told.boxes.get(one.box, 0) + 1
            told.n_used_up += one.state == "gone"
    told.n_rows = told.n_specimens + len(told.bad)
    return told


def to_cells(problem: Problem) -> tuple[object, ...]:
    """A problem as a row of `HEADS`."""
    error = problem.error
    return (
        problem.row, problem.barcode, problem.position, error.code, error.got, error.expected, error.fix,
    )  # fmt: skip


def list_boxes(books: Books, told: Preview) -> Iterator[tuple[str, int]]:
    """Yield the boxes that something would come into, by name, with how much."""
    found = books.get_containers(told.boxes)
    yield from sorted((found[box].name, n) for box, n in told.boxes.items())
