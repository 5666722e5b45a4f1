"""Coming in and going out: by password, passkey, one-time link or an outside provider."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from oncopolis.record.accounts import attempts, authenticator, rows, tokens
from oncopolis.record.accounts.attempts import WITH_ACCOUNT, WITH_ADDRESS
from oncopolis.record.accounts.desk import Desk
from oncopolis.record.accounts.errors import CodeNeeded, TooManyAttempts, refuse_code, refuse_sign_in
from oncopolis.record.accounts.passwords import hash_password, is_outdated, is_right
from oncopolis.record.accounts.types import Account, SignedIn
from oncopolis.record.store.session import Session
from oncopolis.record.types import Who

Settle: TypeAlias = Callable[[Session], None]

_MINUTE_MS = 60_000  # structure: milliseconds of a minute
IDLE_MS = 30 * _MINUTE_MS  # structure: default of a setting
LONGEST_MS = 12 * 60 * _MINUTE_MS  # structure: default of a setting, a long shift
MOST = 5  # structure: default of a setting, sessions of one account; one more ends the oldest
DEVICE_MS = 180 * 24 * 60 * _MINUTE_MS  # structure: half a year a browser is known
SEEN_MS = _MINUTE_MS
HALF_MS = 5 * _MINUTE_MS  # structure: how long the code may take to be typed
WEAK = frozenset({"password", "link"})
"""Ways in that are one factor."""
_LONGEST_AGENT = 200  # structure: characters kept of what a browser calls itself


@dataclass(frozen=True, slots=True)
class From:
    """Where somebody comes from.

    Parameters
    ----------
    device
        What the cookie of a browser that is known holds.
    """

    address: str
    agent: str = ""
    device: str = ""


@dataclass(frozen=True, slots=True)
class Entered:
    """Who came in, with the secrets for their cookies."""

    account: Account
    session: str
    device: str


def sign_in(desk: Desk, login: str, password: str, origin: From) -> Entered:
    """Open a session by password.

    Raises
    ------
    SignInRefused
        They do not go together, or the account may not sign in: nobody learns which.
    CodeNeeded
        The account has an authenticator.
    TooManyAttempts
        From there, or for this account, nobody may try now.
    """
    login = login.strip().casefold()
    own = _name_counted(desk, login, origin)
    shared = f"address {origin.address}"
    counted = ((own, WITH_ACCOUNT), (shared, WITH_ADDRESS))
    if rest_ms := desk.mark(lambda session, now_ms: attempts.begin(session, counted, now_ms)):
        raise TooManyAttempts(rest_ms)
    account, stored = desk.ask(lambda session: _find(session, login))
    good = is_right(stored, password)
    if account is None or account.is_disabled or not good:
        whose = "of an account that is not there" if account is None else f"of account {account.id}"
        desk.tell(Who("Address", origin.address), f"sign-in refused {whose}")
        raise refuse_sign_in()
    again = hash_password(password) if stored is not None and is_outdated(stored) else None

    def settle(session: Session) -> None:
        attempts.succeed(session, own, shared)
        if again is not None:
            rows.set_password(session, account.id, again)

    return enter(desk, account, "password", origin, settle)


def enter(desk: Desk, account: Account, how: str, origin: From, settle: Settle | None = None) -> Entered:
    """Open a session for somebody whose identity was proved.

    Raises
    ------
    CodeNeeded
        By one factor only, while the account has an authenticator.
    """
    if account.is_disabled:
        raise refuse_sign_in()
    if how in WEAK and desk.ask(lambda session: authenticator.is_there(session, account.id)):
        raise CodeNeeded(_keep_half(desk, account, settle))
    secret = tokens.make_secret()
    device = origin.device if is_known(desk, account.id, origin.device) else tokens.make_secret()

    def command(session: Session, now_ms: int) -> None:
        if settle is not None:
            settle(session)
        for old in _list_surplus(session, account.id, now_ms):
            rows.end_session(session, account.id, old)
        rows.add_session(
            session,
            SignedIn(
                tokens.digest(secret), account.id, how, origin.agent[:_LONGEST_AGENT], origin.address,
                now_ms, now_ms, now_ms + LONGEST_MS,
            ),
        )  # fmt: skip
        if device != origin.device:
            tokens.keep(session, device, "device", account.id, {}, now_ms + DEVICE_MS)
        tokens.remove_old(session, now_ms)
        attempts.remove_old(session, now_ms)

    desk.do(command, account.who, f"signed in by {how} from {origin.address}")
    return Entered(account, secret, device)


def finish(desk: Desk, half: str, code: str, origin: From) -> Entered:
    """Open a session by the code that follows a password or link.

    Raises
    ------
    SignInRefused
        The first half is too old, used or unknown.
    ForbiddenError
        The code is not right.
    TooManyAttempts
        Nobody may try now.
    """
    kept = desk.ask(lambda session: tokens.find(session, half, "half"))
    if kept is None or kept.used_ms is not None or kept.until_ms <= desk.clock_ms():
        raise refuse_sign_in()
    own, shared = f"code {kept.owner}", f"address {origin.address}"
    counted = ((own, WITH_ACCOUNT), (shared, WITH_ADDRESS))
    if rest_ms := desk.mark(lambda session, now_ms: attempts.begin(session, counted, now_ms)):
        raise TooManyAttempts(rest_ms)
    account = desk.ask(lambda session: rows.find_account(session, kept.owner))
    if account is None:
        raise refuse_sign_in()
    if not authenticator.take(desk, account, code):
        desk.tell(Who("Address", origin.address), f"code refused for account {account.id}")
        raise refuse_code()

    def settle(session: Session) -> None:
        if tokens.use(session, half, "half", desk.clock_ms()) is None:
            raise refuse_sign_in()
        attempts.succeed(session, own, shared)

    return enter(desk, account, "code", origin, settle)


def is_confined(desk: Desk, signed: SignedIn, account: Account) -> bool:
    """Tell whether a session is too weak for the account to do anything but strengthen it."""
    return signed.how in WEAK and not account.roles.isdisjoint(desk.needs_second)


def find_signed_in(desk: Desk, secret: str) -> tuple[SignedIn, Account] | None:
    """Return the session a cookie is for, None if it is over; and note now and then that it is used."""
    found = desk.ask(lambda session: rows.find_session(session, tokens.digest(secret)))
    now_ms = desk.clock_ms()
    if found is None or found[1].is_disabled or not is_open(found[0], now_ms):
        return None
    if now_ms - found[0].seen_ms >= SEEN_MS:
        hash_ = found[0].hash
        desk.store.submit_unseen(lambda tx: rows.see_session(tx.session, hash_, now_ms))
    return found


def is_open(one: SignedIn, now_ms: int) -> bool:
    """Tell whether a session is neither idle for too long nor too old."""
    return now_ms < one.until_ms and now_ms - one.seen_ms < IDLE_MS


def list_open(desk: Desk, account: str) -> list[SignedIn]:
    """Return the sessions of an account."""
    now_ms = desk.clock_ms()
    return [one for one in desk.ask(lambda s: rows.list_sessions(s, account)) if is_open(one, now_ms)]


def sign_out(desk: Desk, account: Account, hash_: str, who: Who | None = None) -> bool:
    """End one session of an account; whether it was there."""
    return desk.do(
        lambda session, _now: rows.end_session(session, account.id, hash_),
        who or account.who,
        f"session of account {account.id} ended",
    )


def is_known(desk: Desk, account: str, device: str) -> bool:
    """Tell whether somebody has signed in to the account from this browser before."""
    if not device:
        return False
    kept = desk.ask(lambda session: tokens.find(session, device, "device"))
    return kept is not None and kept.owner == account and kept.until_ms > desk.clock_ms()


def _keep_half(desk: Desk, account: Account, settle: Settle | None) -> str:
    half = tokens.make_secret()

    def command(session: Session, now_ms: int) -> None:
        if settle is not None:
            settle(session)
        tokens.keep(session, half, "half", account.id, {}, now_ms + HALF_MS)

    desk.mark(command)
    return half


def _find(session: Session, login: str) -> tuple[Account | None, str | None]:
    account = rows.find_login(session, login)
    return account, rows.read_password(session, account.id if account else "")


def _name_counted(desk: Desk, login: str, origin: From) -> str:
    """What failures are counted under: the account for strangers, the browser where it is known."""
    account = desk.ask(lambda session: rows.find_login(session, login))
    is_ours = account is not None and is_known(desk, account.id, origin.device)
    return f"device {origin.device}" if is_ours else f"account {login}"


def _list_surplus(session: Session, account: str, now_ms: int) -> list[str]:
    listed = rows.list_sessions(session, account)
    living = [one.hash for one in listed if is_open(one, now_ms)]
    return [one.hash for one in listed if one.hash not in living[: MOST - 1]]
