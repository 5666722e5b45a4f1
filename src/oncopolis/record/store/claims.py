"""Claims: what only one may hold (a slot, a bed, a position), kept by a unique constraint."""

from oncopolis.foundation.errors import ConflictError
from oncopolis.record.store.session import RaceLost, Session


def claim(session: Session, kind: str, key: str, holder: str, at_ms: int) -> None:
    """Hold ``key``; harmless if ``holder`` already does.

    Raises
    ------
    ConflictError
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
        raise ConflictError(
            code="REC-057",
            where=f"{kind} {key}",
            got=f"a claim of {holder}",
            expected=f"nothing: {found[0][0]} holds it",
            fix="choose another, or have it released",
        )


def release(session: Session, kind: str, key: str, holder: str) -> bool:
    """Give a claim back; whether ``holder`` had it."""
    return bool(
        session.query(
            "DELETE FROM claim WHERE kind = ? AND key = ? AND holder = ? RETURNING 1", (kind, key, holder)
        )
    )


def list_claims(session: Session, holder: str) -> list[tuple[str, str]]:
    """(kind, key) of all that ``holder`` holds."""
    rows = session.query("SELECT kind, key FROM claim WHERE holder = ? ORDER BY kind, key", (holder,))
    return [(kind, key) for kind, key in rows]
