"""One-time codes of an authenticator app, the second factor of who has no passkey (TOTP, RFC 6238).

The seed is sealed by the master key. A code counts once: its step of time is kept, and no earlier one counts.
"""

import base64
import hmac
import secrets
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from oncopolis.record.accounts import tokens
from oncopolis.record.accounts.desk import Desk
from oncopolis.record.accounts.errors import refuse_code
from oncopolis.record.accounts.signing import Seal
from oncopolis.record.accounts.types import Account
from oncopolis.record.store.session import Session
from oncopolis.record.types import Who

_SEED_BYTES = 20  # structure: RFC 4226, section 4: as long as the digest
_STEP_MS = 30_000  # structure: RFC 6238, section 5.2
_DIGITS = 6  # structure: what every app shows
_COUNTER_BYTES = 8  # structure: RFC 4226, section 5.1
_TAKEN_BYTES, _OFFSET_MASK, _SIGN_MASK = 4, 0xF, 0x7FFF_FFFF  # structure: RFC 4226, section 5.3
_OFFER_MS = 600_000  # structure: how long somebody may look for their phone
_NEVER_MS = 1 << 53  # structure: later than any clock


@dataclass(frozen=True, slots=True)
class _Kept:
    seed: bytes
    step: int


def compute_code(seed: bytes, step: int) -> str:
    """Return the code of a step of time (RFC 4226, section 5.3)."""
    mac = hmac.digest(seed, step.to_bytes(_COUNTER_BYTES, "big"), "sha1")
    at = mac[-1] & _OFFSET_MASK
    number = int.from_bytes(mac[at : at + _TAKEN_BYTES], "big") & _SIGN_MASK
    return str(number)[-_DIGITS:].zfill(_DIGITS)


def find_step(seed: bytes, typed: str, now_ms: int, after: int) -> int | None:
    """Return the step that a typed code is of: this one or its neighbours, later than ``after``."""
    wanted = "".join(typed.split()).encode()
    now = now_ms // _STEP_MS
    steps = [
        step
        for step in (now - 1, now, now + 1)
        if hmac.compare_digest(compute_code(seed, step).encode(), wanted) and step > after
    ]
    return steps[0] if steps else None


def write_address(seed: bytes, login: str, issuer: str) -> str:
    """Return what an app reads from the QR code."""
    label = quote(f"{issuer}:{login}", safe="")
    return (
        f"otpauth://totp/{label}?{urlencode({'secret': write_seed(seed), 'issuer': issuer}, quote_via=quote)}"
    )


def write_seed(seed: bytes) -> str:
    """Return the seed as people type it."""
    return base64.b32encode(seed).decode()


def is_there(session: Session, account: str) -> bool:
    """Tell whether an account has an authenticator."""
    return tokens.find(session, _name("totp", account), "totp") is not None


def offer(desk: Desk, account: Account) -> None:
    """Make a seed that waits for the first code."""
    seed = secrets.token_bytes(_SEED_BYTES)

    def command(session: Session, now_ms: int) -> None:
        _keep(session, "totp offer", account.id, desk.seal, _Kept(seed, 0), now_ms + _OFFER_MS)

    desk.mark(command)


def find_offer(desk: Desk, account: Account) -> bytes | None:
    """Return the seed that waits."""
    kept = desk.ask(lambda session: tokens.find(session, _name("totp offer", account.id), "totp offer"))
    if kept is None or kept.until_ms <= desk.clock_ms():
        return None
    return _open(desk.seal, account.id, kept).seed


def add(desk: Desk, account: Account, typed: str) -> None:
    """Take the seed that waits, once its first code is right.

    Raises
    ------
    ForbiddenError
        It is not, or nothing waits.
    """
    seed = find_offer(desk, account)
    step = None if seed is None else find_step(seed, typed, desk.clock_ms(), 0)
    if seed is None or step is None:
        raise refuse_code()
    kept = _Kept(seed, step)

    def command(session: Session, _now_ms: int) -> None:
        tokens.forget(session, "totp offer", account.id)
        _keep(session, "totp", account.id, desk.seal, kept, _NEVER_MS)

    desk.do(command, account.who, f"authenticator added to account {account.id}")


def take(desk: Desk, account: Account, typed: str) -> bool:
    """Tell whether a code is right, and have it count no second time."""

    def command(session: Session, now_ms: int) -> bool:
        found = tokens.find(session, _name("totp", account.id), "totp")
        if found is None:
            return False
        kept = _open(desk.seal, account.id, found)
        step = find_step(kept.seed, typed, now_ms, kept.step)
        if step is None:
            return False
        _keep(session, "totp", account.id, desk.seal, _Kept(kept.seed, step), _NEVER_MS)
        return True

    return desk.mark(command)


def remove(desk: Desk, account: Account, who: Who) -> None:
    """Remove the authenticator of an account."""
    desk.do(
        lambda session, _now: tokens.forget(session, "totp", account.id),
        who,
        f"authenticator removed from account {account.id}",
    )


def check_seals(session: Session, seal: Seal) -> None:
    """`InputError` if a seed was sealed with another master key."""
    for account, kept in _list_seeds(session):
        _open(seal, account, kept)


def seal_anew(session: Session, old: Seal, new: Seal) -> None:
    """Seal all seeds by another master key; those that wait end."""
    session.query("DELETE FROM secret WHERE kind = 'totp offer'")
    for account, kept in _list_seeds(session):
        _keep(session, "totp", account, new, _open(old, account, kept), _NEVER_MS)


def _list_seeds(session: Session) -> list[tuple[str, tokens.Kept]]:
    owners = session.query("SELECT owner FROM secret WHERE kind = 'totp' ORDER BY owner")
    found = [(account, tokens.find(session, _name("totp", account), "totp")) for (account,) in owners]
    return [(account, kept) for account, kept in found if kept is not None]


def _name(kind: tokens.Kind, account: str) -> str:
    return f"{kind} {account}"


def _keep(session: Session, kind: tokens.Kind, account: str, seal: Seal, kept: _Kept, until_ms: int) -> None:
    stored, is_sealed = seal.close(_name("totp", account), kept.seed)
    payload = {"seed": base64.b64encode(stored).decode(), "sealed": is_sealed, "step": kept.step}
    tokens.forget(session, kind, account)
    tokens.keep(session, _name(kind, account), kind, account, payload, until_ms)


def _open(seal: Seal, account: str, kept: tokens.Kept) -> _Kept:
    stored = base64.b64decode(kept.payload["seed"])
    seed = seal.open(_name("totp", account), stored, is_sealed=kept.payload["sealed"])
    return _Kept(seed, kept.payload["step"])
