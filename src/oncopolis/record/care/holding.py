"""What the store holds beside records, for those who compare it with them: claims, and requests by key."""

from collections.abc import Iterator
from hashlib import blake2b
from typing import Final

from oncopolis.record.store.reading import Reading

_PAGE: Final = 10_000  # structure: rows that are read at once
_DIGEST_BYTES: Final = 16  # structure: 128 bits


def list_claims(reading: Reading) -> Iterator[tuple[str, str, str]]:
    """Yield every claim: kind, key and holder, ``Type/id``."""
    yield from reading.session.query("SELECT kind, key, holder FROM claim ORDER BY kind, key")


def count_requests(reading: Reading, start: str) -> tuple[int, str]:
    """Return how many idempotency keys begin so, with a digest of them in their order (`digest_keys`)."""
    sql = "SELECT id, key FROM request WHERE id > ? AND substr(key, 1, ?) = ? ORDER BY id LIMIT ?"
    keys: list[str] = []
    last = 0
    while page := reading.session.query(sql, (last, len(start), start, _PAGE)):
        keys += [key for _, key in page]
        last = page[-1][0]
    return len(keys), digest_keys(keys)


def digest_keys(keys: list[str]) -> str:
    """Return a digest of idempotency keys, whatever order they are in; hexadecimal."""
    return blake2b("\n".join(sorted(keys)).encode(), digest_size=_DIGEST_BYTES).hexdigest()
