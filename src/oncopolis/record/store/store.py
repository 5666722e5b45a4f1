"""The door of the store."""

from collections.abc import Callable, Iterable
from concurrent.futures import Future
from typing import TypeVar

from oncopolis.record.store.transaction import Transaction
from oncopolis.record.types import Act, Version

T = TypeVar("T")


class Store:
    """Versioned records over one database; use from any thread."""

    def submit(
        self, command: Callable[[Transaction], T], act: Act, *, key: str | None = None, fingerprint: str = ""
    ) -> Future[T]:
        """Run ``command`` on the writer; the future has its result once it is durable.

        A repeated idempotency ``key`` gives the first result again (which must be JSON) and does nothing;
        the same key with another ``fingerprint`` is a `ConflictError`.
        """
        raise NotImplementedError

    def note(self, act: Act, versions: Iterable[Version]) -> Future[None]:
        """Audit a read; answer it once the future is done."""
        raise NotImplementedError

    def read(self, type_: str, id_: str) -> Version | None:
        """The current version (a deletion has no body), or None if there never was one."""
        raise NotImplementedError

    def read_version(self, type_: str, id_: str, version: int) -> Version | None:
        """One version, or None."""
        raise NotImplementedError

    def history(
        self,
        type_: str | None = None,
        id_: str | None = None,
        *,
        since_ms: int | None = None,
        limit: int = 100,
        before: int | None = None,
    ) -> list[Version]:
        """Versions, newest first, at or after ``since_ms``; ``before`` a `Version.seq` turns the page."""
        raise NotImplementedError

    def list_current(self, type_: str, *, limit: int = 100, after: str = "") -> list[Version]:
        """Current, not deleted versions of a type in the order of their ids, those after id ``after``."""
        raise NotImplementedError

    def count(self, type_: str) -> int:
        """How many records of a type there are now."""
        raise NotImplementedError

    def find_token(
        self, type_: str, code: str, system: str | None, value: str, limit: int = 1000
    ) -> list[str]:
        """Ids of the records whose token parameter ``code`` has ``value``; ``system`` None: any, '': none."""
        raise NotImplementedError

    def find_references(self, type_: str, id_: str, limit: int = 1000) -> list[tuple[str, str]]:
        """(type, id) of the records that refer to this one."""
        raise NotImplementedError

    def erase(self, patient: str, act: Act) -> Future[int]:
        """Destroy the key and index rows of a patient's records; how many became unreadable."""
        raise NotImplementedError

    def close(self) -> None:
        """Finish what was submitted, then let go of the database."""
        raise NotImplementedError


def open_store(url: str) -> Store:
    """Open ``sqlite:///path`` or ``postgresql://...``."""
    raise NotImplementedError
