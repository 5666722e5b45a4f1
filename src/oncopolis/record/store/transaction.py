"""What a command may do; all of it happens, or none."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Self, TypeVar

from oncopolis.record.access.allowing import Condition
from oncopolis.record.access.caller import Caller
from oncopolis.record.access.conditions import TRUE
from oncopolis.record.access.guarding import Change, Guard
from oncopolis.record.errors import VersionConflict
from oncopolis.record.fhir.rows import IndexRow
from oncopolis.record.fhir.text import to_text
from oncopolis.record.store import claims as claiming
from oncopolis.record.store import indexing, journal, outbox
from oncopolis.record.store.auditing import Touched, compute_digest
from oncopolis.record.store.claims import Claim
from oncopolis.record.store.donors import forget_donor
from oncopolis.record.store.journal import JournalLine
from oncopolis.record.store.keys import destroy_key
from oncopolis.record.store.naming import check_name, make_id
from oncopolis.record.store.pending import Head, Pending
from oncopolis.record.store.reading import MANY, Reading, make_place
from oncopolis.record.store.replaced import list_replaced
from oncopolis.record.store.session import Session
from oncopolis.record.store.stamping import stamp
from oncopolis.record.types import ANY, Expected, Method, Version

T = TypeVar("T")

_COLUMNS = ("rk", "version", "at_ms", "method", "key_id", "body")


class Transaction:
    """The hands of one command, which may be run again after a lost race: it has no effect elsewhere.

    Attributes
    ----------
    now_ms
        The time of this command, milliseconds since 1970 (UTC).
    touched
        The versions it has written.
    has_erased
        Whether it has destroyed a key.
    """

    def __init__(self, pending: Pending, reading: Reading, now_ms: int) -> None:
        self.now_ms = now_ms
        self.touched: list[Touched] = []
        self.has_erased = False
        self._pending, self._reading = pending, reading
        self._guard: Guard | None = None

    def obey(self, guard: Guard) -> None:
        """From now on, show and write only what its caller may see and write."""
        self._guard = guard
        self._reading = Reading(self._reading.session, self._reading.vault, guard.allowed)

    def as_house(self) -> Self:
        """The same transaction in the hands of the house, for what follows from a write whoever did it."""
        reading = Reading(self._reading.session, self._reading.vault)
        house = type(self)(self._pending, reading, self.now_ms)
        house.touched = self.touched
        return house

    @property
    def caller(self) -> Caller | None:
        """Who asks, None where nobody is asked who they are."""
        return None if self._guard is None else self._guard.caller

    @property
    def session(self) -> Session:
        """The connection, with what this command has written; what it changes is undone with the command."""
        self._pending.protect()
        self._pending.flush()
        return self._reading.session

    def ask(self, question: Callable[[Reading], T]) -> T:
        """Answer a question that changes nothing, by what this command has written too."""
        self._pending.flush()
        return question(self._reading)

    def ask_beside(self, question: Callable[[Session], T]) -> T:
        """Answer a question about what never waits to be written: all but records, audit and journal."""
        return question(self._reading.session)

    def read(self, type_: str, id_: str) -> Version | None:
        """The current version (a deletion has no body), or None if there never was one."""
        self._pending.flush()
        return self._reading.read(type_, id_)

    def get(self, type_: str, id_: str) -> Version:
        """The current version with its body; `NotFoundError`, or `GoneError` if deleted or erased."""
        self._pending.flush()
        return self._reading.get(type_, id_)

    def read_version(self, type_: str, id_: str, version: int) -> Version | None:
        """One version, or None."""
        self._pending.flush()
        return self._reading.read_version(type_, id_, version)

    def find_token(
        self, type_: str, code: str, system: str | None, value: str, limit: int = MANY
    ) -> list[str]:
        """Ids of the records whose token parameter ``code`` has ``value``; ``system`` None: any, '': none."""
        self._pending.flush()
        return self._reading.find_token(type_, code, system, value, limit)

    def find_references(self, type_: str, id_: str, limit: int = MANY) -> list[tuple[str, str]]:
        """(type, id) of the records that refer to this one."""
        self._pending.flush()
        return self._reading.find_references(type_, id_, limit)

    def put(
        self,
        resource: Mapping[str, Any],
        *,
        expected: Expected = ANY,
        method: Method | None = None,
        is_named: bool = True,
    ) -> Version:
        """Write the next version; without an ``id`` a new one is given. `VersionConflict` on a lost race.

        Parameters
        ----------
        is_named
            Whether the ``id``, if there is one, is of the caller's choice.
        """
        type_, id_ = str(resource.get("resourceType")), resource.get("id", None)
        is_new = id_ is None and not isinstance(expected, int)
        id_ = make_id(self.now_ms) if id_ is None else id_
        check_name(type_, id_)
        if self._guard is not None and is_named and not is_new:
            self._guard.check_present(self._ask, "update", type_, id_)
        before = None if is_new else self._find(type_, id_, expected)
        is_there = before is not None and not before.deleted
        version = self._make_version(type_, id_, before, method or ("update" if is_there else "create"))
        stamped = stamp(resource, version)
        body = to_text(stamped)
        rows, patient = indexing.make_rows(stamped)
        change = Change("update" if before else "create", stamped, patient, rows)
        rows_before = self._find_rows(before) if before is not None and is_there else {}
        needed = TRUE
        if self._guard is not None:
            needed = self._guard.check_change(self._ask, change, rows_before.values())
        rk = self._advance(before, version, patient)
        indexing.change_rows(self._pending, rk, rows_before, rows)
        written = self._write(rk, version, body, patient)
        if needed != TRUE:
            self._confirm(rk, needed, change)
        return written

    def _find_rows(self, head: Head) -> dict[int, IndexRow]:
        """The index rows of a record as it is."""
        self._pending.flush_if(head.rk)
        return indexing.find_rows(self._reading.session, head.rk)

    def _ask(self, sql: str, values: Sequence[Any]) -> Sequence[Sequence[Any]]:
        self._pending.flush()
        return self._reading.session.query(sql, values)

    def _confirm(self, rk: int, needed: Condition, change: Change) -> None:
        """Take back a record of which what has to be true is not."""
        sql, values = needed
        if not self._ask(f"SELECT 1 FROM resource r WHERE r.rk = ? AND {sql}", (rk, *values)):  # noqa: S608
            assert self._guard is not None
            raise self._guard.refuse(change)

    def delete(self, type_: str, id_: str, expected: Expected = ANY) -> Version:
        """Write a deletion (once); `NotFoundError` if there never was a record."""
        current = self.read(type_, id_)
        if current is None:
            return self.get(type_, id_)
        if self._guard is not None:
            self._guard.check_present(self._ask, "delete", type_, id_)
        before = self._find(type_, id_, expected)
        if before is None or before.deleted:
            return current
        version = self._make_version(type_, id_, before, "delete")
        rk = self._advance(before, version, current.patient)
        indexing.remove_rows(self._pending, rk)
        return self._write(rk, version, None, current.patient)

    def _find(self, type_: str, id_: str, expected: Expected) -> Head | None:
        """Where a record is at, if that is what is expected; None if there never was one."""
        head = self._pending.find_head(type_, id_)
        number = head.version if head else 0
        if not _is_expected(expected, number, is_there=head is not None and not head.deleted):
            raise VersionConflict(
                code="REC-061",
                where=f"{type_}/{id_}",
                got="no record to be there" if expected is None else f"version {expected}",
                expected=f"version {number}" if number else "no version: there is no such record",
                fix="read it again and decide anew",
            )
        return head

    def _make_version(self, type_: str, id_: str, before: Head | None, method: Method) -> Version:
        """The next version, yet without a body; never of a time before the last, whatever the clock says."""
        if before is None:
            return Version(type_, id_, 1, self.now_ms, method, None)
        return Version(type_, id_, before.version + 1, max(self.now_ms, before.at_ms), method, None)

    def _advance(self, before: Head | None, version: Version, patient: str | None) -> int:
        """Let a record have its next version; its row."""
        if before is None:
            rk = self._pending.take_number()
        else:
            rk = before.rk
            self._pending.flush_if(rk)
        self._pending.set_head(
            Head(
                rk,
                version.type,
                version.id,
                version.version,
                int(version.method == "delete"),
                patient,
                version.at_ms,
            )
        )
        return rk

    def _write(self, rk: int, version: Version, body: bytes | None, patient: str | None) -> Version:
        key_id, stored = None, body
        if body is not None and patient is not None:
            place = make_place(version.type, version.id, version.version)
            key_id, stored = self._reading.vault.seal(
                self._reading.session, patient, place, body, self._pending.protect
            )
        self._pending.insert(
            "version", _COLUMNS, (rk, version.version, version.at_ms, version.method, key_id, stored)
        )
        self._pending.touch(rk)
        digest = compute_digest(
            version.type, version.id, version.version, version.at_ms, version.method, stored
        )
        self.touched.append(Touched(version.type, version.id, version.version, digest, patient))
        return Version(
            version.type, version.id, version.version, version.at_ms, version.method, body, patient=patient
        )

    def change_beside(self) -> Session:
        """The connection, to change at once what never waits to be written; undone with this command."""
        self._pending.protect()
        return self._reading.session

    def claim(self, kind: str, key: str, holder: str) -> None:
        """Hold what only one may hold; `ConflictError` names the other holder. Claiming again is harmless."""
        claiming.claim(self.change_beside(), kind, key, holder, self.now_ms)

    def release(self, kind: str, key: str, holder: str) -> bool:
        """Give a claim back; False if ``holder`` did not have it."""
        return claiming.release(self.change_beside(), kind, key, holder)

    def claim_all(self, claims: Sequence[Claim]) -> None:
        """Hold many (kind, key, holder) at once: all, or none with a `ConflictError` as of `claim`."""
        claiming.claim_all(self.change_beside(), claims, self.now_ms)

    def release_all(self, claims: Sequence[Claim]) -> int:
        """Give many back at once; how many of them were their holders'."""
        return claiming.release_all(self.change_beside(), claims)

    def list_claims(self, holder: str) -> list[tuple[str, str]]:
        """(kind, key) of everything ``holder`` holds."""
        return claiming.list_claims(self._reading.session, holder)

    def send(
        self, kind: str, payload: dict[str, Any], *, key: str | None = None, due_ms: int | None = None
    ) -> int:
        """Put a job or message into the outbox; the same ``key`` is sent once. Its number.

        A payload names records and does not repeat them: what is in it is not erased with its patient.
        """
        due = self.now_ms if due_ms is None else due_ms
        return outbox.send(self.change_beside(), kind, payload, key, due)

    def finish(self, job: outbox.Job) -> None:
        """Mark a job as done together with what was done; `ConflictError` if another worker has it now."""
        outbox.finish(self.change_beside(), job)

    def write_lines(self, lines: Sequence[JournalLine]) -> None:
        """Add lines to the journal of the centre; `GoneError` if one is of a patient who was erased."""
        for case in {line.case for line in lines}:
            self._reading.vault.check_present(self._reading.session, case)
        for line in lines:
            self._pending.insert(journal.TABLE, journal.COLUMNS, line)

    def on_undo(self, callback: Callable[[], None]) -> None:
        """Have somebody told if this command is undone, or run again after a lost race.

        For what is kept in memory beside the database. Callbacks come on the writer's thread, the last first,
        and must not fail. They come too if it cannot be found out whether a commit arrived: read anew then.
        """
        self._pending.aftermath.on_undo(callback)

    def on_commit(self, callback: Callable[[], None]) -> None:
        """Have somebody told once this command is durable, before it is answered; as `on_undo`."""
        self._pending.aftermath.on_commit(callback)

    def erase(self, patient: str) -> int:
        """Destroy a patient's key, index rows, lines and pseudonym; how many records became unreadable.

        Who was merged into the patient is erased too: what was kept of them before is sealed with their keys.
        """
        self._reading.vault.check_can_erase()
        return sum(map(self._erase, [*list_replaced(self.session, patient), patient]))

    def _erase(self, patient: str) -> int:
        records = destroy_key(self.session, patient, self.now_ms)
        journal.delete_lines(self._reading.session, patient)
        forget_donor(self._reading.session, patient)
        for rk, is_current in records.items():
            if is_current:
                indexing.remove_rows(self._pending, rk)
        self.touched.append(Touched("Patient", patient, 0, patient=patient))
        self.has_erased = True
        return len(records)


def _is_expected(expected: Expected, number: int, *, is_there: bool) -> bool:
    if expected is ANY:
        return True
    return not is_there if expected is None else expected == number
