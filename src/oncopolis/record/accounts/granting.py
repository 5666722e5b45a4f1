"""What programs are granted: codes for tokens, tokens for tokens, and their end."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import uuid4

from oncopolis.record.accounts import program_rows, rows, tokens
from oncopolis.record.accounts.desk import Desk
from oncopolis.record.accounts.errors import refuse_grant
from oncopolis.record.accounts.managing import check_roles
from oncopolis.record.accounts.scopes import read_scopes
from oncopolis.record.accounts.tokens import Kept
from oncopolis.record.accounts.types import Account, App, Grant
from oncopolis.record.store.session import Session
from oncopolis.record.types import Who

_MINUTE_MS = 60_000  # structure: milliseconds of a minute
_DAY_MS = 24 * 60 * _MINUTE_MS  # structure: milliseconds of a day
CODE_MS = _MINUTE_MS
ONLINE_MS = 12 * 60 * _MINUTE_MS  # structure: a grant without offline access ends with the shift
OFFLINE_MS = 90 * 24 * 60 * _MINUTE_MS  # structure: default of a setting: three months
SYSTEM_MS = 5 * _MINUTE_MS  # structure: SMART backend services say five minutes at most
_SEEN_MS = _MINUTE_MS
API = "onc_"
"""How tokens that were printed begin, so that people and scanners know them."""


def make_code(desk: Desk, account: Account, app: App, payload: Mapping[str, Any]) -> str:
    """Return a code by which a program gets what an account consented to."""
    code = tokens.make_secret()
    desk.do(
        lambda session, now_ms: tokens.keep(
            session, code, "code", app.id, {**payload, "account": account.id}, now_ms + CODE_MS
        ),
        account.who,
        f"consented to app {app.id}: {' '.join(payload['scopes'])}",
    )
    return code


def read_code(desk: Desk, code: str, app: App) -> Kept:
    """Return what a code is for; one that comes again takes back what it gave.

    Raises
    ------
    GrantRefused
        It is not known, another program's, used or too old.
    """
    kept = desk.ask(lambda session: tokens.find(session, code, "code"))
    if kept is None or kept.owner != app.id:
        raise refuse_grant("a code that this program was not given")
    if kept.used_ms is not None:
        grant = _name_grant(code)
        desk.do(
            lambda session, now_ms: program_rows.revoke_grant(session, grant, now_ms),
            Who("Device", app.id, app.name),
            f"grant {grant} ended: its code came again",
        )
        raise refuse_grant("a code that was used before")
    return kept


def redeem_code(desk: Desk, code: str, app: App) -> tuple[Grant, str | None]:
    """Use a code up: the grant, and a refresh token if it outlives the code."""
    id_ = _name_grant(code)
    refresh = tokens.make_secret()

    def command(session: Session, now_ms: int) -> Grant:
        kept = tokens.use(session, code, "code", now_ms)
        if kept is None or kept.owner != app.id:
            raise refuse_grant("a code that is used or too old")
        scopes = tuple(kept.payload["scopes"])
        lives_ms = OFFLINE_MS if "offline_access" in scopes else ONLINE_MS
        grant = Grant(
            id_, app.name, kept.payload["account"], app.id, scopes, patient=kept.payload.get("patient"),
            made_ms=now_ms, until_ms=now_ms + lives_ms,
        )  # fmt: skip
        program_rows.add_grant(session, grant)
        # A used code is kept as long as the grant, so that its second coming is seen.
        session.query("UPDATE secret SET until_ms = ? WHERE hash = ?", (grant.until_ms, tokens.digest(code)))
        if has_refresh(grant):
            tokens.keep(session, refresh, "refresh", id_, {}, grant.until_ms)
        return grant

    grant = desk.do(command, Who("Device", app.id, app.name), f"grant {id_} begun")
    return grant, refresh if has_refresh(grant) else None


def has_refresh(grant: Grant) -> bool:
    """Tell whether a program may get new tokens without asking the person again."""
    return bool({"offline_access", "online_access"} & set(grant.scopes))


def renew(desk: Desk, refresh: str, app: App) -> tuple[Grant, str]:
    """Take a refresh token for a new one; one that comes again ends the whole grant.

    Raises
    ------
    GrantRefused
        It is unknown, another program's, used or too old, or the grant has ended.
    """
    new = tokens.make_secret()
    who = Who("Device", app.id, app.name)

    def command(session: Session, now_ms: int) -> Grant | None:
        before = tokens.find(session, refresh, "refresh")
        grant = program_rows.find_grant(session, before.owner) if before else None
        if before is None or grant is None or grant.app != app.id or not grant.is_good(now_ms):
            raise refuse_grant("a refresh token that is not good")
        account = rows.find_account(session, grant.account or "")
        if account is None or account.is_disabled:
            raise refuse_grant("a refresh token of an account that may not sign in")
        if tokens.use(session, refresh, "refresh", now_ms) is None:
            program_rows.revoke_grant(session, grant.id, now_ms)
            return None
        tokens.keep(session, new, "refresh", grant.id, {}, grant.until_ms)
        program_rows.use_grant(session, grant.id, now_ms)
        return grant

    grant = desk.do(command, who, "refresh token used")
    if grant is None:
        desk.tell(who, "grant ended: its refresh token came again")
        raise refuse_grant("a refresh token that was used before")
    return grant, new


def grant_system(desk: Desk, app: App, scopes: Iterable[str]) -> Grant:
    """Give a program that acts for nobody what it asks for, for a few minutes."""
    id_ = str(uuid4())

    def command(session: Session, now_ms: int) -> Grant:
        grant = Grant(
            id_, app.name, None, app.id, tuple(scopes), app.roles, app.clinics,
            made_ms=now_ms, until_ms=now_ms + SYSTEM_MS,
        )  # fmt: skip
        program_rows.add_grant(session, grant)
        session.query(
            "DELETE FROM app_grant WHERE app = ? AND account IS NULL AND until_ms < ?",
            (app.id, now_ms - ONLINE_MS),
        )
        tokens.remove_old(session, now_ms)
        return grant

    return desk.do(command, Who("Device", app.id, app.name), f"grant {id_} begun: {' '.join(scopes)}")


def use_assertion(desk: Desk, app: App, jti: str, until_ms: int) -> bool:
    """Remember the proof of a program; False if it came before."""
    return desk.mark(
        lambda session, _now: tokens.keep_once(session, f"{app.id} {jti}", "assertion", app.id, until_ms)
    )


def add_api_token(desk: Desk, grant: Grant, who: Who) -> str:
    """Return a token for a program that cannot sign in; it is not shown again."""
    secret = tokens.make_secret(API)

    def command(session: Session, _now_ms: int) -> None:
        program_rows.add_grant(session, grant)
        tokens.keep(session, secret, "api", grant.id, {}, grant.until_ms)

    desk.do(command, who, f"token {grant.id} made: {' '.join(grant.scopes)}")
    return secret


def print_token(
    desk: Desk, *, name: str, scopes: str, roles: Iterable[str], clinics: Iterable[str], days: int, who: Who
) -> str:
    """Return a token for a program of the centre.

    Raises
    ------
    InputError
        A scope or a role that does not exist.
    """
    wanted, known = read_scopes(scopes), frozenset(roles)
    check_roles(known)
    now_ms = desk.clock_ms()
    until_ms = now_ms + days * _DAY_MS
    grant = Grant(
        str(uuid4()), name, None, None, wanted, known, frozenset(clinics), made_ms=now_ms, until_ms=until_ms
    )
    return add_api_token(desk, grant, who)


def find_api_grant(session: Session, secret: str) -> Grant | None:
    """Return the grant of a printed token."""
    kept = tokens.find(session, secret, "api")
    return program_rows.find_grant(session, kept.owner) if kept else None


def note_use(desk: Desk, grant: Grant) -> None:
    """Keep when a grant was last used, to the minute; nobody waits for it."""
    now_ms = desk.clock_ms()
    if now_ms - (grant.used_ms or 0) >= _SEEN_MS:
        desk.store.submit_unseen(lambda tx: program_rows.use_grant(tx.session, grant.id, now_ms))


def revoke(desk: Desk, grant: str, who: Who, account: str | None = None) -> bool:
    """End a grant (of an account); whether it was good until now."""
    return desk.do(
        lambda session, now_ms: program_rows.revoke_grant(session, grant, now_ms, account),
        who,
        f"grant {grant} ended",
    )


def _name_grant(code: str) -> str:
    """The id of the grant a code gives, which its second coming finds again."""
    return tokens.digest(f"grant {code}")[:32]
