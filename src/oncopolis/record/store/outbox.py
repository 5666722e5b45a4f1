"""The outbox: jobs and messages written with the records that cause them, taken by workers under a lease.

::

    waiting -> taken -> done
       ^         |----> waiting again, later (failed)
       |         '----> dead (failed too often, or its workers died): somebody has to look
       '-- dead (tried again)      waiting, taken, dead -> cancelled
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from oncopolis.foundation.errors import ConflictError
from oncopolis.record.store.session import RaceLost, Row, Session

State: TypeAlias = Literal["waiting", "taken", "done", "dead", "cancelled"]

_FIELDS = "id, kind, payload, key, state, attempts, due_ms, error, lease_until"
_LONGEST_ERROR = 2_000  # structure: characters of an error that are kept


@dataclass(frozen=True, slots=True)
class Job:
    """One row of the outbox; times in milliseconds since 1970 (UTC)."""

    id: int
    kind: str
    payload: dict[str, Any]
    key: str | None
    state: State
    attempts: int
    due_ms: int
    error: str
    lease_until: int


@dataclass(frozen=True, slots=True)
class Retry:
    """How often a failing job is tried, and after which pauses (doubled each time)."""

    n_attempts: int = 8  # structure: default of a setting
    first_ms: int = 1_000  # structure: default of a setting
    longest_ms: int = 600_000  # structure: default of a setting

    def compute_pause_ms(self, attempts: int) -> int:
        """The pause after ``attempts`` tries."""
        return int(min(self.longest_ms, self.first_ms * 2 ** min(attempts - 1, 30)))  # structure: no overflow


def _to_job(row: Row) -> Job:
    id_, kind, payload, *rest = row
    return Job(id_, kind, json.loads(payload), *rest)


def send(session: Session, kind: str, payload: dict[str, Any], key: str | None, due_ms: int) -> int:
    """Add a job, once for each ``key``; its number."""
    made = session.query(
        "INSERT INTO outbox (kind, payload, key, state, attempts, due_ms, error, lease_until) "
        "VALUES (?, ?, ?, 'waiting', 0, ?, '', 0) ON CONFLICT DO NOTHING RETURNING id",
        (kind, json.dumps(payload), key, due_ms),
    ) or session.query("SELECT id FROM outbox WHERE key = ?", (key,))
    if not made:
        raise RaceLost(f"outbox {key}")
    return int(made[0][0])


def take(
    session: Session, kinds: Sequence[str], now_ms: int, *, limit: int, lease_ms: int, retry: Retry
) -> list[Job]:
    """Lease up to ``limit`` jobs that are due or whose lease ran out; what was tried too often is dead."""
    places = ", ".join("?" * len(kinds))
    rows = session.query(
        f"SELECT id, attempts FROM outbox WHERE kind IN ({places}) AND ((state = 'waiting' AND due_ms <= ?) "  # noqa: S608
        f"OR (state = 'taken' AND lease_until <= ?)) ORDER BY due_ms, id LIMIT ?{session.locking}",
        (*kinds, now_ms, now_ms, limit),
    )
    taken = []
    for id_, attempts in rows:
        if attempts >= retry.n_attempts:
            session.query("UPDATE outbox SET state = 'dead', error = 'its workers died' WHERE id = ?", (id_,))
        else:
            taken += session.query(
                f"UPDATE outbox SET state = 'taken', attempts = attempts + 1, lease_until = ? WHERE id = ? "  # noqa: S608
                f"RETURNING {_FIELDS}",
                (now_ms + lease_ms, id_),
            )
    return [_to_job(row) for row in taken]


def take_first(session: Session, kind: str, now_ms: int, *, lease_ms: int) -> Job | None:
    """Lease the oldest job of a kind that is not over; None while it is not due or somebody has it.

    Jobs of one kind taken so are done one after the other, in the order they were sent.
    """
    rows = session.query(
        "UPDATE outbox SET state = 'taken', attempts = attempts + 1, lease_until = ? WHERE id = "  # noqa: S608
        "(SELECT min(id) FROM outbox WHERE kind = ? AND state IN ('waiting', 'taken')) AND "
        "((state = 'waiting' AND due_ms <= ?) OR (state = 'taken' AND lease_until <= ?)) "
        f"RETURNING {_FIELDS}",
        (now_ms + lease_ms, kind, now_ms, now_ms),
    )
    return _to_job(rows[0]) if rows else None


def _change(session: Session, job: Job, change: str, *values: Any) -> None:
    """Change a job that this worker still has; the number of the attempt tells it from a later worker's."""
    if not session.query(
        f"UPDATE outbox SET {change} WHERE id = ? AND state = 'taken' AND attempts = ? RETURNING 1",  # noqa: S608
        (*values, job.id, job.attempts),
    ):
        found = session.query("SELECT state, attempts FROM outbox WHERE id = ?", (job.id,))
        raise ConflictError(
            code="REC-058",
            where=f"job {job.id}",
            got=f"attempt {job.attempts}",
            expected=f"its lease (it is {found[0][0]}, attempt {found[0][1]})" if found else "a job",
            fix="drop the work: it was cancelled, or another worker has it",
        )


def finish(session: Session, job: Job) -> None:
    """It is done."""
    _change(session, job, "state = 'done', error = '', lease_until = 0")


def extend(session: Session, job: Job, until_ms: int) -> None:
    """Keep it longer."""
    _change(session, job, "lease_until = ?", until_ms)


def fail(session: Session, job: Job, error: str, now_ms: int, retry: Retry) -> State:
    """It failed: again later, or dead; which."""
    state: State = "dead" if job.attempts >= retry.n_attempts else "waiting"
    due_ms = now_ms + retry.compute_pause_ms(job.attempts)
    _change(session, job, "state = ?, error = ?, due_ms = ?", state, error[:_LONGEST_ERROR], due_ms)
    return state


def cancel(session: Session, id_: int) -> bool:
    """Stop it from being done (again); whether that was still possible."""
    return bool(
        session.query(
            "UPDATE outbox SET state = 'cancelled' WHERE id = ? AND state IN ('waiting', 'taken', 'dead') "
            "RETURNING 1",
            (id_,),
        )
    )


def revive(session: Session, id_: int, now_ms: int) -> bool:
    """Try a dead job again from the start; whether it was dead."""
    return bool(
        session.query(
            "UPDATE outbox SET state = 'waiting', attempts = 0, due_ms = ? WHERE id = ? AND state = 'dead' "
            "RETURNING 1",
            (now_ms, id_),
        )
    )


def find_job(session: Session, id_: int) -> Job | None:
    """One job."""
    rows = session.query(f"SELECT {_FIELDS} FROM outbox WHERE id = ?", (id_,))  # noqa: S608
    return _to_job(rows[0]) if rows else None


def list_jobs(session: Session, state: State | None, limit: int) -> list[Job]:
    """Jobs in a state, or all; newest first."""
    which, values = ("WHERE state = ?", (state,)) if state else ("", ())
    rows = session.query(f"SELECT {_FIELDS} FROM outbox {which} ORDER BY id DESC LIMIT ?", (*values, limit))  # noqa: S608
    return [_to_job(row) for row in rows]
