"""What the store asks of a database, and what can go wrong there."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, ClassVar, Protocol, TypeAlias

from oncopolis.foundation.errors import InputError

Row: TypeAlias = tuple[Any, ...]


class RaceLost(Exception):  # noqa: N818 - no fault of anybody
    """Another writer was first: the transaction has to be run again."""


class ConnectionLost(Exception):  # noqa: N818 - what happened
    """The database went away; whether a commit under way arrived is not known."""


class DatabaseFault(Exception):  # noqa: N818 - what happened
    """The database cannot do it: disk full, read-only, an input or output error."""


class Session(Protocol):
    """One connection. SQL is written with ``?`` for values and is the same for both databases."""

    dialect: ClassVar[str]
    locking: ClassVar[str]
    """What a query says at its end to skip rows that another writer has taken."""
    snapshot: ClassVar[str]
    """Begins a transaction that only reads, all of it from one moment."""

    def query(self, sql: str, values: Sequence[Any] = ()) -> list[Row]:
        """Run one statement; its rows."""

    def insert(self, table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
        """Add many rows at once."""

    def replace(self, table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
        """Add many rows; where one has the key in its first column already, it becomes as told."""

    def make_numbers(self) -> Iterator[int]:
        """Numbers for new rows of ``resource``, good until the transaction ends."""

    def delete(self, table: str, columns: Sequence[str], keys: Sequence[Sequence[int]]) -> None:
        """Take away the rows that have one of these numbers in these columns."""

    def run_script(self, sql: str) -> None:
        """Run several statements without values."""

    def begin(self) -> None:
        """Begin a transaction that writes."""

    def commit(self) -> None:
        """Make it durable."""

    def rollback(self) -> None:
        """Undo it; harmless when there is none."""

    def close(self) -> None:
        """Let go of the database."""


class Database(Protocol):
    """Where sessions come from."""

    commits_can_be_in_doubt: bool
    """Whether a commit may have happened although its answer was lost."""
    has_chain_for_itself: bool
    """Whether no other process writes to the audit chain of this one."""

    def open_writer(self) -> Session:
        """A session that writes, fenced against what its predecessor may still be doing."""

    def sign(self, session: Session) -> None:
        """Have it known who serves, once there are tables."""

    def open_reader(self) -> Session:
        """A session that only reads and sees what was committed."""

    def get_chain(self, session: Session) -> int:
        """The number of the audit chain this writer has for itself."""

    def lock_schema(self, session: Session) -> None:
        """Keep others from changing the tables until the transaction ends."""

    def scrub(self, session: Session) -> None:
        """Remove what was erased from where the database still keeps old bytes."""


@contextmanager
def transaction(session: Session) -> Iterator[None]:
    """One transaction around a few statements."""
    session.begin()
    try:
        yield
        session.commit()
    except BaseException:
        session.rollback()
        raise


def refuse_text(reason: str) -> InputError:
    """The error for a value that a database cannot keep."""
    return InputError(
        code="REC-050",
        where="record",
        got=f"a value that cannot be stored ({reason})",
        expected="Unicode text without NUL and lone surrogates",
        fix="correct the text",
    )
