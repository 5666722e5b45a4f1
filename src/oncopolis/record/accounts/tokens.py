"""Random secrets that people and programs carry, of which the database keeps the digest only."""

import json
import secrets
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Literal, TypeAlias

from oncopolis.record.store.session import Session

Kind: TypeAlias = Literal[
    "link",
    "code",
    "refresh",
    "api",
    "device",
    "challenge",
    "assertion",
    "outside",
    "screen",
    "totp",
    "totp offer",
    "half",
]

_BYTES = 32  # structure: bytes of randomness, twice what nobody can guess


@dataclass(frozen=True, slots=True)
class Kept:
    """What is known about a secret; times in milliseconds since 1970 (UTC)."""

    kind: Kind
    owner: str
    payload: dict[str, Any]
    until_ms: int
    used_ms: int | None


def make_secret(prefix: str = "") -> str:
    """Return a new secret; the prefix tells people and scanners of files what it is."""
    return prefix + secrets.token_urlsafe(_BYTES)


def digest(secret: str) -> str:
    """Return what is stored of a secret. One step is enough: there is nothing to guess."""
    return sha256(secret.encode("utf-8", "replace")).hexdigest()


def keep(
    session: Session, secret: str, kind: Kind, owner: str, payload: dict[str, Any], until_ms: int
) -> None:
    """Store the digest of a secret."""
    session.query(
        "INSERT INTO secret (hash, kind, owner, payload, until_ms) VALUES (?, ?, ?, ?, ?)",
        (digest(secret), kind, owner, json.dumps(payload), until_ms),
    )


def keep_once(session: Session, secret: str, kind: Kind, owner: str, until_ms: int) -> bool:
    """Store the digest of what others made; False if it is there already."""
    return bool(
        session.query(
            "INSERT INTO secret (hash, kind, owner, payload, until_ms) VALUES (?, ?, ?, '{}', ?) "
            "ON CONFLICT DO NOTHING RETURNING 1",
            (digest(secret), kind, owner, until_ms),
        )
    )


def find(session: Session, secret: str, kind: Kind) -> Kept | None:
    """Return what is known about a secret of a kind, used and expired ones too."""
    rows = session.query(
        "SELECT kind, owner, payload, until_ms, used_ms FROM secret WHERE hash = ? AND kind = ?",
        (digest(secret), kind),
    )
    if not rows:
        return None
    found, owner, payload, until_ms, used_ms = rows[0]
    return Kept(found, owner, json.loads(payload), until_ms, used_ms)


def use(session: Session, secret: str, kind: Kind, now_ms: int) -> Kept | None:
    """Use up a secret; None if it is unknown, used already, or too old."""
    kept = find(session, secret, kind)
    if kept is None or kept.used_ms is not None or kept.until_ms <= now_ms:
        return None
    session.query(
        "UPDATE secret SET used_ms = ? WHERE hash = ? AND used_ms IS NULL", (now_ms, digest(secret))
    )
    return kept


def forget(session: Session, kind: Kind, owner: str) -> None:
    """Remove all secrets of a kind and owner."""
    session.query("DELETE FROM secret WHERE kind = ? AND owner = ?", (kind, owner))


def remove_old(session: Session, now_ms: int) -> None:
    """Remove what nobody can use any more; used ones stay as long as they could have been used."""
    session.query("DELETE FROM secret WHERE until_ms <= ?", (now_ms,))
