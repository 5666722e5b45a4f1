"""What a command may do; all of it happens, or none."""

from collections.abc import Mapping
from typing import Any

from oncopolis.record.types import ANY, Expected, Method, Version


class Transaction:
    """The hands of one command, which may be run again after a lost race: it has no effect elsewhere.

    Attributes
    ----------
    now_ms
        The time of this command, milliseconds since 1970 (UTC).
    """

    now_ms: int

    def read(self, type_: str, id_: str) -> Version | None:
        """The current version (a deletion has no body), or None if there never was one."""
        raise NotImplementedError

    def get(self, type_: str, id_: str) -> Version:
        """The current version with its body; `NotFoundError`, or `GoneError` if deleted or erased."""
        raise NotImplementedError

    def find_token(
        self, type_: str, code: str, system: str | None, value: str, limit: int = 1000
    ) -> list[str]:
        """Ids of the records whose token parameter ``code`` has ``value``; ``system`` None: any, '': none."""
        raise NotImplementedError

    def find_references(self, type_: str, id_: str, limit: int = 1000) -> list[tuple[str, str]]:
        """(type, id) of the records that refer to this one."""
        raise NotImplementedError

    def put(
        self, resource: Mapping[str, Any], *, expected: Expected = ANY, method: Method | None = None
    ) -> Version:
        """Write the next version; without an ``id`` a new one is given. `VersionConflict` on a lost race."""
        raise NotImplementedError

    def delete(self, type_: str, id_: str, expected: Expected = ANY) -> Version:
        """Write a deletion (once); `NotFoundError` if there never was a record."""
        raise NotImplementedError

    def claim(self, kind: str, key: str, holder: str) -> None:
        """Hold what only one may hold; `ConflictError` names the other holder. Claiming again is harmless."""
        raise NotImplementedError

    def release(self, kind: str, key: str, holder: str) -> bool:
        """Give a claim back; False if ``holder`` did not have it."""
        raise NotImplementedError

    def list_claims(self, holder: str) -> list[tuple[str, str]]:
        """(kind, key) of everything ``holder`` holds."""
        raise NotImplementedError

    def send(
        self, kind: str, payload: dict[str, Any], *, key: str | None = None, due_ms: int | None = None
    ) -> int:
        """Put a job or message into the outbox; the same ``key`` is sent once. Its number."""
        raise NotImplementedError
