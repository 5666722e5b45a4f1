"""Where a page goes on: the sort values and the row of its last record, for one question only."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final, TypeAlias

from oncopolis.record.search.refusing import SearchRefused

Keys: TypeAlias = tuple[tuple[Any, ...] | None, ...]
"""Values of each key of the order, None where a record has none."""

_CHECK: Final = 12  # structure: bytes of the digest that ties a cursor to its question
_PADDING: Final = b"=="
"""As much as any length needs; what is too much is not looked at."""
_LONGEST: Final = 8_000  # structure: characters of a cursor


@dataclass(frozen=True, slots=True)
class Cursor:
    """The last record of a page."""

    keys: Keys
    rk: int


def write_cursor(cursor: Cursor, question: str) -> str:
    """The cursor as a text for a link."""
    content = json.dumps([cursor.keys, cursor.rk], ensure_ascii=False, separators=(",", ":")).encode()
    return urlsafe_b64encode(_compute_check(content, question) + content).decode().rstrip("=")


def read_cursor(text: str, question: str, n_columns: tuple[int, ...]) -> Cursor:
    """The cursor of a text.

    Parameters
    ----------
    n_columns
        How many values each key has.

    Raises
    ------
    SearchRefused
        It is not one of ours, or of another question.
    """
    try:
        raw = urlsafe_b64decode(text[:_LONGEST].encode("ascii") + _PADDING)
        content = raw[_CHECK:]
        if raw[:_CHECK] == _compute_check(content, question):
            keys, rk = json.loads(content)
            found = tuple(None if key is None else tuple(key) for key in keys)
            if [len(key or range(n)) for key, n in zip(found, n_columns, strict=True)] == list(n_columns):
                return Cursor(found, int(rk))
    except (ValueError, TypeError, RecursionError):
        pass
    raise SearchRefused(
        code="REC-205", where="_cursor", got="a text that is no cursor of this question",
        expected="what a link of an earlier page said", fix="follow the link as it stands, or begin anew",
    )  # fmt: skip


def _compute_check(content: bytes, question: str) -> bytes:
    return sha256(question.encode("utf-8", "surrogatepass") + b"\n" + content).digest()[:_CHECK]
