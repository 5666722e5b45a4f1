"""Records that come along with those that were found: what they refer to, and what refers to them."""

# ruff: noqa: S608 - names are of our own tables and columns, whatever was asked is bound as a value

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple, TypeVar

from oncopolis.record.access import Allowed
from oncopolis.record.access.conditions import both, is_in
from oncopolis.record.fhir.definitions import get_definitions
from oncopolis.record.search.question import Include
from oncopolis.record.search.refusing import refuse_cost
from oncopolis.record.search.sql import Sql, is_seen, put
from oncopolis.record.store.session import Session

MOST_INCLUDED: Final = 1_000  # structure: records that come along with one page
_AT_ONCE: Final = 500  # structure: values of one list in a query


_T = TypeVar("_T")


class Record(NamedTuple):
    """A row of ``resource``."""

    rk: int
    type: str
    id: str


def name_records(session: Session, rks: Sequence[int]) -> list[Record]:
    """Type and id of rows, in their order."""
    found = {}
    for part in _cut(rks):
        for row in session.query(
            *put("SELECT r.rk, r.type, r.id FROM resource r WHERE {rk}", rk=is_in("r.rk", part))
        ):
            found[row[0]] = Record(*row)
    return [found[rk] for rk in rks if rk in found]


def find_included(
    session: Session, matches: Sequence[Record], includes: Sequence[Include], allowed: Allowed
) -> list[Record]:
    """Records that come along, each once, and none that was found itself.

    Raises
    ------
    SearchRefused
        There are too many.
    """
    known = {one.rk for one in matches}
    found: list[Record] = []
    fresh = list(matches)
    asked = list(includes)
    while fresh and asked:
        new: dict[int, Record] = {}
        for include in asked:
            step = _find_sources if include.is_reverse else _find_targets
            new |= {one.rk: one for one in step(session, fresh, include, allowed) if one.rk not in known}
        fresh = sorted(new.values())
        found += fresh
        known |= new.keys()
        if len(found) > MOST_INCLUDED:
            raise _refuse_many()
        asked = [include for include in includes if include.is_repeated]
    return found


def _find_targets(
    session: Session, records: Sequence[Record], include: Include, allowed: Allowed
) -> Iterable[Record]:
    by_type: dict[str, list[str]] = {}
    sources = [one.rk for one in records if include.source in (None, one.type)]
    for part in _cut(sources):
        where = [is_in("i.rk", part), ("i.url IS NULL AND i.id IS NOT NULL", ()), *_limit(include)]
        if include.target is not None:
            where.append(("i.type = ?", (include.target,)))
        sql = put("SELECT DISTINCT i.type, i.id FROM index_reference i WHERE {where}", where=both(where))
        for type_, id_ in session.query(*sql):
            if get_definitions().is_resource_type(str(type_)):
                by_type.setdefault(type_, []).append(id_)
    for type_, ids in by_type.items():
        for names in _cut(ids):
            where = [is_seen((type_,), "r", allowed), is_in("r.id", names)]
            sql = put("SELECT r.rk, r.type, r.id FROM resource r WHERE {where}", where=both(where))
            yield from (Record(*row) for row in session.query(*sql))


def _find_sources(
    session: Session, records: Sequence[Record], include: Include, allowed: Allowed
) -> Iterable[Record]:
    by_type: dict[str, list[str]] = {}
    for one in records:
        if include.target in (None, one.type):
            by_type.setdefault(one.type, []).append(one.id)
    types = (include.source,) if include.source is not None else get_definitions().resource_types
    for type_, ids in by_type.items():
        for names in _cut(ids):
            where = [
                ("i.type = ? AND i.url IS NULL AND s.rk = i.rk", (type_,)),
                is_in("i.id", names),
                *_limit(include),
                is_seen(types, "s", allowed),
            ]
            sql = put(
                "SELECT DISTINCT s.rk, s.type, s.id FROM index_reference i CROSS JOIN resource s "
                "WHERE {where} LIMIT " + str(MOST_INCLUDED + 1),
                where=both(where),
            )
            yield from (Record(*row) for row in session.query(*sql))


def _limit(include: Include) -> list[Sql]:
    return [is_in("i.parameter", include.numbers)] if include.numbers else []


def _cut(values: Sequence[_T]) -> Iterable[list[_T]]:
    for start in range(0, len(values), _AT_ONCE):
        yield list(values[start : start + _AT_ONCE])


def _refuse_many() -> Exception:
    return refuse_cost(
        "_include", f"more than {MOST_INCLUDED} records that come along", f"at most {MOST_INCLUDED}",
        "ask for fewer matches on a page (_count), or include less",
    )  # fmt: skip
