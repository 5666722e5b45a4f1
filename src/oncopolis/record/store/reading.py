"""Reading versions and index rows, within a command or beside the writer."""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any

from oncopolis.foundation.errors import NotFoundError
from oncopolis.record.access.allowing import EVERYTHING, Allowed, Condition
from oncopolis.record.access.deciding import restrict_any
from oncopolis.record.errors import GoneError
from oncopolis.record.fhir.definitions import get_definitions
from oncopolis.record.store.compartment import get_parameter
from oncopolis.record.store.indexing import fit
from oncopolis.record.store.keys import Vault
from oncopolis.record.store.replaced import WAS_MERGED
from oncopolis.record.store.session import Row, Session
from oncopolis.record.types import Version

PAGE, MANY = 100, 1_000  # structure: versions of a page, most names of an answer

_VERSIONS = (
    "SELECT r.type, r.id, v.version, v.at_ms, v.method, v.body, v.seq, v.key_id, k.patient, k.wrapped, "
    "r.patient "
    "FROM resource r JOIN version v ON v.rk = r.rk {current} LEFT JOIN patient_key k ON k.id = v.key_id "
    "WHERE {where} {order}"
)
_OF_CURRENT = "AND v.version = r.version"
_N_QUERIES = 1_024  # structure: queries whose text is kept
_MERGED = WAS_MERGED.format(loser="k.patient", survivor="r.patient")


def make_place(type_: str, id_: str, version: int) -> str:
    """What a sealed body is bound to, so that it cannot be put in another's place."""
    return f"{type_}/{id_}/{version}"


@lru_cache(_N_QUERIES)
def _write_query(where: str, order: str, is_current: bool) -> str:
    return _VERSIONS.format(current=_OF_CURRENT if is_current else "", where=where, order=order)


class Reading:
    """Everything that can be asked of one session."""

    def __init__(self, session: Session, vault: Vault, allowed: Allowed = EVERYTHING) -> None:
        self.session, self.vault, self.allowed = session, vault, allowed

    def _to_version(self, row: Row) -> Version:
        type_, id_, number, at_ms, method, stored, seq, key_id, patient, wrapped, about = row
        body = None if stored is None else bytes(stored)
        is_sealed = body is not None and key_id is not None
        if body is not None and is_sealed:
            body = self.vault.open(patient, wrapped, make_place(type_, id_, number), body)
        return Version(type_, id_, number, at_ms, method, body, seq, is_sealed and body is None, about)

    def list_where(
        self, where: str, values: Sequence[Any], *, order: str = "", is_current: bool = False
    ) -> list[Version]:
        """Versions by a condition on ``r`` (the record), ``v`` (the version) and ``k`` (its key)."""
        sql = _write_query(where, order, is_current)
        return [self._to_version(row) for row in self.session.query(sql, values)]

    def read(self, type_: str, id_: str) -> Version | None:
        """The current version (a deletion has no body), or None if there never was one."""
        sql, values = self.allowed.restrict(type_, "r")
        found = self.list_where(f"r.type = ? AND r.id = ? AND {sql}", (type_, id_, *values), is_current=True)
        return found[0] if found else None

    def get(self, type_: str, id_: str) -> Version:
        """The current version with its body.

        Raises
        ------
        NotFoundError, GoneError
            There never was one; it was deleted or erased.
        """
        found = self.read(type_, id_)
        if found is None:
            raise NotFoundError(
                code="REC-059",
                where=f"{type_}/{id_}",
                got="no record",
                expected="one that exists",
                fix="check the type and the id",
            )
        if found.body is None:
            raise GoneError(
                code="REC-060",
                where=f"{type_}/{id_}",
                got="an erased record" if found.erased else "a deleted record",
                expected="one that exists",
                fix="read its history",
            )
        return found

    def read_version(self, type_: str, id_: str, version: int) -> Version | None:
        """One version, or None."""
        sql, values = self._restrict_past(type_)
        found = self.list_where(
            f"r.type = ? AND r.id = ? AND v.version = ? AND {sql}", (type_, id_, version, *values)
        )
        return found[0] if found else None

    def history(
        self, type_: str | None, id_: str | None, since_ms: int | None, limit: int, before: int | None
    ) -> list[Version]:
        """Versions, newest first."""
        conditions: list[tuple[str, Any]] = [
            ("r.type = ?", type_),
            ("r.id = ?", id_),
            ("v.at_ms >= ?", since_ms),
            ("v.seq < ?", before),
        ]
        asked = [(sql, value) for sql, value in conditions if value is not None]
        allowed, more = self._restrict_past(type_)
        where = " AND ".join([*(sql for sql, _ in asked), allowed])
        values = [*(value for _, value in asked), *more, limit]
        return self.list_where(where, values, order="ORDER BY v.seq DESC LIMIT ?")

    def list_current(self, type_: str, limit: int, after: str) -> list[Version]:
        """Current versions of a type that are not deleted, by id."""
        sql, values = self.allowed.restrict(type_, "r")
        return self.list_where(
            f"r.type = ? AND r.id > ? AND r.deleted = 0 AND {sql}",
            (type_, after, *values, limit),
            order="ORDER BY r.id LIMIT ?",
            is_current=True,
        )

    def list_of_patient(self, type_: str, patient: str) -> list[Version]:
        """Current versions of a type that are about a patient and not deleted, by id."""
        sql, values = self.allowed.restrict(type_, "r")
        return self.list_where(
            f"r.type = ? AND r.patient = ? AND r.deleted = 0 AND {sql}",
            (type_, patient, *values),
            order="ORDER BY r.id",
            is_current=True,
        )

    def count(self, type_: str) -> int:
        """How many of a type there are."""
        allowed, values = self.allowed.restrict(type_, "r")
        sql = f"SELECT count(*) FROM resource r WHERE r.type = ? AND r.deleted = 0 AND {allowed}"  # noqa: S608
        return int(self.session.query(sql, (type_, *values))[0][0])

    def find_token(self, type_: str, code: str, system: str | None, value: str, limit: int) -> list[str]:
        """Ids of the records of a type whose token parameter has a value."""
        allowed, values = self.allowed.restrict(type_, "r")
        is_system = {None: "", "": "AND i.system IS NULL"}.get(system, "AND i.system = ?")
        rows = self.session.query(
            "SELECT DISTINCT r.id FROM index_token i JOIN resource r ON r.rk = i.rk "  # noqa: S608 - one of three
            f"WHERE i.parameter = ? AND i.code = ? {is_system} AND r.type = ? AND {allowed} "
            "ORDER BY r.id LIMIT ?",
            (
                get_parameter(type_, code),
                fit(value),
                *([fit(system)] if system else []),
                type_,
                *values,
                limit,
            ),
        )
        return [row[0] for row in rows]

    def list_with_code(self, type_: str, parameter: str, codes: Sequence[str]) -> Iterator[Version]:
        """Yield the current versions of a type whose token parameter has one of these codes, page by page."""
        allowed, values = self.allowed.restrict(type_, "r")
        marks = ", ".join("?" * len(codes))
        sql = (
            "SELECT DISTINCT i.rk FROM index_token i JOIN resource r ON r.rk = i.rk "  # noqa: S608 - marks
            f"WHERE i.parameter = ? AND i.code IN ({marks}) AND r.type = ? AND {allowed} ORDER BY i.rk"
        )
        found = self.session.query(sql, (get_parameter(type_, parameter), *map(fit, codes), type_, *values))
        yield from self.list_of_rows([row for (row,) in found])

    def list_moments(
        self, type_: str, parameter: str, codes: Sequence[str], begin: str
    ) -> list[tuple[int, int | None]]:
        """(Row, when it begins) of what `list_with_code` yields, from the index alone.

        ``begin`` is the date parameter of the moment, milliseconds since 1970; None where there is none.
        """
        allowed, values = self.allowed.restrict(type_, "r")
        marks = ", ".join("?" * len(codes))
        sql = (
            "SELECT i.rk, d.low_ms FROM index_token i JOIN resource r ON r.rk = i.rk "  # noqa: S608 - marks
            # The sign keeps SQLite from looking through all moments for each record.
            "LEFT JOIN index_date d ON d.rk = i.rk AND +d.parameter = ? "
            f"WHERE i.parameter = ? AND i.code IN ({marks}) AND r.type = ? AND {allowed}"
        )
        numbers = get_parameter(type_, begin), get_parameter(type_, parameter)
        rows = self.session.query(sql, (*numbers, *map(fit, codes), type_, *values))
        return list({rk: (rk, low_ms) for rk, low_ms in rows}.values())

    def list_of_rows(self, rows: Sequence[int]) -> Iterator[Version]:
        """Yield the current versions of records by their rows, page by page."""
        for first in range(0, len(rows), MANY):
            page = rows[first : first + MANY]
            marks = ", ".join("?" * len(page))
            yield from self.list_where(f"r.rk IN ({marks})", page, order="ORDER BY r.rk", is_current=True)

    def _restrict_past(self, type_: str | None) -> Condition:
        """The condition on a version: its record may be seen, and it was about the same patient then.

        The same is also who was merged into the one it is about now, as long as that holds.
        """
        if self.allowed is EVERYTHING:
            return "1 = 1", ()
        types = get_definitions().resource_types if type_ is None else (type_,)
        sql, values = restrict_any(self.allowed, types, "r")
        return f"(k.patient IS NULL OR k.patient = r.patient OR {_MERGED}) AND {sql}", values

    def find_references(self, type_: str, id_: str, limit: int) -> list[tuple[str, str]]:
        """(type, id) of the records that refer to one."""
        allowed, values = restrict_any(self.allowed, get_definitions().resource_types, "r")
        rows = self.session.query(
            "SELECT DISTINCT r.type, r.id FROM index_reference i "  # noqa: S608 - a condition of ours
            "JOIN resource r ON r.rk = i.rk "
            f"WHERE i.id = ? AND i.type = ? AND {allowed} ORDER BY r.type, r.id LIMIT ?",
            (fit(id_), type_, *values, limit),
        )
        return [(found_type, found_id) for found_type, found_id in rows]
