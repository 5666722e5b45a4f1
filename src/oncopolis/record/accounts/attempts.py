"""Guessing made slow: failures are counted for an account and for an address, and cost a growing pause.

The count goes up before a password is looked at, so that many guesses at once count too. A pause has a
longest length, so nobody is locked out for ever; a browser that has signed in before has a count of its
own (a device cookie), which strangers cannot raise.
"""

from dataclasses import dataclass

from oncopolis.record.accounts.tokens import digest
from oncopolis.record.store.session import Session

_MINUTE_MS = 60_000  # structure: milliseconds of a minute


@dataclass(frozen=True, slots=True)
class Patience:
    """How many failures cost nothing, and the pauses after them, doubled each time."""

    n_free: int
    first_ms: int
    longest_ms: int

    def compute_pause_ms(self, failures: int) -> int:
        """The pause after so many failures, milliseconds."""
        over = failures - self.n_free
        return (
            0 if over <= 0 else int(min(self.longest_ms, self.first_ms * 2 ** min(over - 1, 20)))
        )  # structure: no overflow


WITH_ACCOUNT = Patience(5, 5_000, 5 * _MINUTE_MS)  # structure: default of a setting
WITH_ADDRESS = Patience(30, 1_000, 15 * _MINUTE_MS)  # structure: default of a setting
FORGET_MS = 24 * 60 * _MINUTE_MS  # structure: a day without a failure clears the count

Counted = tuple[tuple[str, Patience], ...]
"""What is counted for one attempt, and how patiently."""


def begin(session: Session, counted: Counted, now_ms: int) -> int:
    """Count an attempt, unless there is a pause: then its rest, milliseconds."""
    rows = {key: _read(session, key, now_ms) for key, _ in counted}
    rest_ms = max(until_ms - now_ms for _, until_ms in rows.values())
    if rest_ms > 0:
        return rest_ms
    for key, patience in counted:
        failures = rows[key][0] + 1
        until_ms = now_ms + patience.compute_pause_ms(failures)
        session.query(
            "INSERT INTO attempt (key, failures, last_ms, until_ms) VALUES (?, ?, ?, ?) ON CONFLICT (key) "
            "DO UPDATE SET failures = excluded.failures, last_ms = excluded.last_ms, "
            "until_ms = excluded.until_ms",
            (digest(key), failures, now_ms, until_ms),
        )
    return 0


def succeed(session: Session, own: str, shared: str) -> None:
    """Clear the count of who came in; an address only gets this attempt back, as others guess from it too."""
    session.query("DELETE FROM attempt WHERE key = ?", (digest(own),))
    session.query(
        "UPDATE attempt SET failures = failures - 1, until_ms = 0 WHERE key = ? AND failures > 0",
        (digest(shared),),
    )


def clear(session: Session, key: str) -> None:
    """Forget the failures of a key."""
    session.query("DELETE FROM attempt WHERE key = ?", (digest(key),))


def remove_old(session: Session, now_ms: int) -> None:
    """Remove counts that are forgotten by now."""
    session.query("DELETE FROM attempt WHERE last_ms <= ?", (now_ms - FORGET_MS,))


def _read(session: Session, key: str, now_ms: int) -> tuple[int, int]:
    rows = session.query(
        "SELECT failures, until_ms FROM attempt WHERE key = ? AND last_ms > ?",
        (digest(key), now_ms - FORGET_MS),
    )
    return (rows[0][0], rows[0][1]) if rows else (0, 0)
