"""Idempotency keys: a repeated request gets the answer of the first, for as long as that is remembered.

A key is the caller's own: two callers who choose the same one do not meet. Rows are numbered as they come,
and go from the front, so that whoever copies them knows by two numbers what is there.
"""

import json
from collections.abc import Callable
from typing import Any

from oncopolis.foundation.errors import ConflictError, InputError
from oncopolis.record.store.session import RaceLost, Session
from oncopolis.record.types import Who

KEPT_MS = (
    30 * 86_400_000
)  # structure: default of a setting: a machine that comes back after a month's absence
FORGET_EVERY_MS = 3_600_000  # structure: how often is looked for what is to be forgotten
OF_ALL = ""
"""Whose the keys are that were kept before callers were told apart."""
_PAGE = 1_000  # structure: requests that are forgotten at once


def run_once(
    session: Session,
    who: Who,
    key: str,
    fingerprint: str,
    now_ms: int,
    run: Callable[[], Any],
) -> tuple[bool, Any]:
    """Run a request if its key is new; (whether it was, its result).

    Raises
    ------
    ConflictError
        The key came with another request before.
    InputError
        The result is no JSON.
    """
    caller = who.reference
    seen = session.query(
        "SELECT fingerprint, result FROM request WHERE who IN (?, ?) AND key = ?", (caller, OF_ALL, key)
    )
    if seen:
        if seen[0][0] != fingerprint:
            raise ConflictError(
                code="REC-065",
                where=f"idempotency key {key:.80}",
                got="another request than the first with this key",
                expected="the same request",
                fix="use a new key for a new request",
            )
        return False, json.loads(seen[0][1])
    result = _to_json(run())
    return True, _keep(session, (caller, key, fingerprint, now_ms, result))


def _keep(session: Session, row: tuple[Any, ...]) -> Any:
    if not session.query(
        "INSERT INTO request (who, key, fingerprint, at_ms, result) VALUES (?, ?, ?, ?, ?) "
        "ON CONFLICT DO NOTHING RETURNING 1",
        row,
    ):
        raise RaceLost(row[1])
    return json.loads(row[-1])


def forget(session: Session, before_ms: int) -> int:
    """Forget the oldest requests as far as they were made before a moment, a page at most; how many."""
    oldest = session.query("SELECT id, at_ms FROM request ORDER BY id LIMIT ?", (_PAGE,))
    last = n_old = 0
    for id_, at_ms in oldest:
        if at_ms >= before_ms:
            break
        last, n_old = id_, n_old + 1
    if n_old:
        session.query("DELETE FROM request WHERE id <= ?", (last,))
    return n_old


def _to_json(result: Any) -> str:
    try:
        return json.dumps(result)
    except (TypeError, ValueError) as error:
        raise InputError(
            code="REC-066",
            where="idempotency key",
            got=str(error),
            expected="a command whose result is JSON",
            fix="return names and numbers of records",
        ) from error
