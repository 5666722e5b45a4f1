"""Claims: what only one may hold (a slot, a bed, a position), kept by a unique constraint."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice
from typing import TypeAlias

from oncopolis.record.errors import ClaimHeld
from oncopolis.record.store.session import RaceLost, Session
from oncopolis.record.store.statements import write_insertion, write_tuples

_TOGETHER = 200  # structure: claims of one statement
_COLUMNS = ("kind", "key", "holder", "at_ms")

Claim: TypeAlias = tuple[str, str, str]
"""Kind, key and holder."""


def claim(session: Session, kind: str, key: str, holder: str, at_ms: int) -> None:
    """Hold ``key``; harmless if ``holder`` already does.

    Raises
    ------
    ClaimHeld
        Somebody else holds it.
    """
    if session.query(
        "INSERT INTO claim (kind, key, holder, at_ms) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING RETURNING 1",
        (kind, key, holder, at_ms),
    ):
        return
    found = session.query("SELECT holder FROM claim WHERE kind = ? AND key = ?", (kind, key))
    if not found:
        raise RaceLost(f"{kind} {key}")
    if found[0][0] != holder:
        raise _refuse((kind, key, holder), found[0][0])


def claim_all(session: Session, claims: Sequence[Claim], at_ms: int) -> None:
    """Hold all of them, or none; harmless for what its holder holds already.

    Raises
    ------
    ClaimHeld
        Somebody else holds one of them: the first of them.
    """
    made: list[Claim] = []
    for some in _part(sorted(claims)):  # Two writers who take the same in one order do not block each other.
        made += session.query(
            f"{write_insertion('claim', _COLUMNS, len(some))} ON CONFLICT DO NOTHING "
            "RETURNING kind, key, holder",
            [value for one in some for value in (*one, at_ms)],
        )
    known = set(made)
    others = [one for one in claims if one not in known]
    holders = _find_holders(session, others)
    for one in others:
        if one[:2] not in holders:
            raise RaceLost(" ".join(one[:2]))
        if (holder := holders[one[:2]]) != one[2]:
            release_all(session, made)
            raise _refuse(one, holder)


def _find_holders(session: Session, claims: Sequence[Claim]) -> dict[tuple[str, str], str]:
    found: dict[tuple[str, str], str] = {}
    for some in _part(claims):
        rows = session.query(
            "SELECT kind, key, holder FROM claim "  # noqa: S608 - places of values
            f"WHERE (kind, key) IN ({write_tuples(2, len(some))})",
            [value for one in some for value in one[:2]],
        )
        found |= {(kind, key): holder for kind, key, holder in rows}
    return found


def _refuse(claim: Claim, holder: str) -> ClaimHeld:
    kind, key, got = claim
    held = ClaimHeld(
        code="REC-057",
        where=f"{kind} {key}",
        got=f"a claim of {got}",
        expected=f"nothing: {holder} holds it",
        fix="choose another, or have it released",
    )
    held.holder = holder
    return held


def _part(claims: Iterable[Claim]) -> Iterator[tuple[Claim, ...]]:
    remaining = iter(claims)
    while some := tuple(islice(remaining, _TOGETHER)):
        yield some


def release(session: Session, kind: str, key: str, holder: str) -> bool:
    """Give a claim back; whether ``holder`` had it."""
    return bool(
        session.query(
            "DELETE FROM claim WHERE kind = ? AND key = ? AND holder = ? RETURNING 1", (kind, key, holder)
        )
    )


def release_all(session: Session, claims: Sequence[Claim]) -> int:
    """Give back what their holders hold of these; how many that were."""
    return sum(
        len(
            session.query(
                "DELETE FROM claim "  # noqa: S608 - places of values
                f"WHERE (kind, key, holder) IN ({write_tuples(len(some[0]), len(some))}) RETURNING 1",
                list(chain.from_iterable(some)),
            )
        )
        for some in _part(claims)
    )


def list_claims(session: Session, holder: str) -> list[tuple[str, str]]:
    """(kind, key) of all that ``holder`` holds."""
    rows = session.query("SELECT kind, key FROM claim WHERE holder = ? ORDER BY kind, key", (holder,))
    return [(kind, key) for kind, key in rows]
