"""Accounts made, changed and let in again; one-time links."""

import re
from collections.abc import Iterable
from dataclasses import replace
from uuid import uuid4

from oncopolis.foundation.errors import ConflictError, ForbiddenError, InputError, NotFoundError
from oncopolis.record.access.policy import get_policy
from oncopolis.record.accounts import attempts, rows, tokens
from oncopolis.record.accounts.desk import HOUSE, Desk
from oncopolis.record.accounts.errors import refuse_sign_in
from oncopolis.record.accounts.passwords import check_password, hash_password
from oncopolis.record.accounts.program_rows import revoke_grants
from oncopolis.record.accounts.types import ADMINISTRATOR, NOTHING_BESIDES, Account, First
from oncopolis.record.store.session import Session
from oncopolis.record.types import Who

_HOUR_MS = 3_600_000  # structure: milliseconds of an hour
FIRST_MS = _HOUR_MS
LINK_MS = 24 * _HOUR_MS  # structure: how long another link works
FIRST = "first"
"""Owner of the link by which the first administrator comes in."""
LANGUAGES = ("en", "ko", "ru", "uz", "uz-Cyrl")
"""Languages a person may choose, by their codes (BCP 47)."""

_LOGIN = re.compile(r"[\w.@+-]{2,64}")
_ID = re.compile(r"[A-Za-z0-9.-]{1,64}")
_LONGEST_NAME = 100  # structure: characters of a name


def check_account(account: Account) -> Account:
    """Return the account with its login in lower case.

    Raises
    ------
    InputError
        For a login, a name, a role or an id that cannot be.
    """
    login = account.login.strip().casefold()
    if not _LOGIN.fullmatch(login):
        raise _refuse("login", account.login, "2 to 64 letters, digits and . _ @ + -")
    name = " ".join(account.name.split())
    if not name or len(name) > _LONGEST_NAME or not name.isprintable():
        raise _refuse("name", account.name, f"up to {_LONGEST_NAME} characters")
    check_roles(account.roles)
    ids = (*account.clinics, *account.patients, *([account.practitioner] if account.practitioner else []))
    for id_ in ids:
        if not _ID.fullmatch(id_):
            raise _refuse("id", id_, "an id of a record: up to 64 letters, digits, - and .")
    if account.language not in LANGUAGES:
        raise _refuse("language", account.language, ", ".join(LANGUAGES))
    return replace(account, login=login, name=name)


def check_roles(roles: Iterable[str]) -> None:
    """Refuse a role that the access policy does not know."""
    known = get_policy().roles
    for role in roles:
        if role not in known:
            raise _refuse("role", role, ", ".join(sorted(known)))


def add_account(desk: Desk, account: Account, who: Who = HOUSE, password: str | None = None) -> Account:
    """Make an account with a new id; without a password its owner needs a link."""
    made = check_account(replace(account, id=str(uuid4())))
    stored = _hash(desk, made, password) if password is not None else None

    def command(session: Session, now_ms: int) -> None:
        _check_free(session, made)
        rows.put_account(session, made, now_ms)
        rows.set_password(session, made.id, stored)

    desk.do(command, who, f"account {made.id} made: {_describe(made)}")
    return made


def change_account(desk: Desk, account: Account, who: Who) -> Account:
    """Change roles, clinics, names and whether an account may sign in; disabling ends everything of it."""
    changed = check_account(account)

    def command(session: Session, now_ms: int) -> None:
        before = _get(session, changed.id)
        _check_free(session, changed)
        loses = before.is_administrator and not before.is_disabled
        if loses and (changed.is_disabled or not changed.is_administrator):
            _check_not_last(session, changed.id)
        rows.put_account(session, changed, now_ms)
        if changed.is_disabled:
            _shut(session, changed.id, now_ms)

    desk.do(command, who, f"account {changed.id} changed: {_describe(changed)}")
    return changed


def set_password(desk: Desk, account: Account, password: str, who: Who, *, keep: str = "") -> None:
    """Change the password; other sessions than ``keep``, grants and known browsers end."""
    stored = _hash(desk, account, password)

    def command(session: Session, now_ms: int) -> None:
        rows.set_password(session, account.id, stored)
        _shut(session, account.id, now_ms, keep=keep)
        attempts.clear(session, f"account {account.login}")

    desk.do(command, who, f"password of account {account.id} changed")


def remove_factors(desk: Desk, account: Account, who: Who) -> None:
    """Remove authenticator and passkeys of who lost them; their sessions and known browsers end."""

    def command(session: Session, now_ms: int) -> None:
        tokens.forget(session, "totp", account.id)
        for key in rows.list_passkeys(session, account.id):
            rows.remove_passkey(session, account.id, key.id)
        _shut(session, account.id, now_ms)

    desk.do(command, who, f"authenticator and passkeys of account {account.id} removed")


def make_link(desk: Desk, account: Account, who: Who) -> str:
    """Return the secret of a one-time link by which somebody sets a password; earlier ones end."""
    secret = tokens.make_secret()

    def command(session: Session, now_ms: int) -> None:
        tokens.forget(session, "link", account.id)
        tokens.keep(session, secret, "link", account.id, {}, now_ms + LINK_MS)

    desk.do(command, who, f"one-time link made for account {account.id}")
    return secret


def make_first_link(desk: Desk, first: First = NOTHING_BESIDES) -> str | None:
    """Return the secret of the link for the first administrator; None once there is one who may sign in.

    Parameters
    ----------
    first
        What else they are.
    """
    payload = {
        "roles": sorted({ADMINISTRATOR, *first.roles}),
        "clinics": sorted(first.clinics),
        "practitioner": first.practitioner,
    }
    secret = tokens.make_secret()

    def command(session: Session, now_ms: int) -> bool:
        if _list_administrators(session):
            return False
        tokens.forget(session, "link", FIRST)
        tokens.keep(session, secret, "link", FIRST, payload, now_ms + FIRST_MS)
        return True

    if desk.ask(_list_administrators):
        return None
    return secret if desk.do(command, HOUSE, "one-time link made for the first administrator") else None


def find_link(desk: Desk, secret: str) -> tuple[bool, Account | None]:
    """Whether a link works now, and the account it is for; none for the first administrator's."""
    kept = desk.ask(lambda session: tokens.find(session, secret, "link"))
    if kept is None or kept.used_ms is not None or kept.until_ms <= desk.clock_ms():
        return False, None
    if kept.owner == FIRST:
        return not desk.ask(_list_administrators), None
    account = desk.ask(lambda session: rows.find_account(session, kept.owner))
    return account is not None and not account.is_disabled, account


def redeem_first(desk: Desk, secret: str, login: str, name: str, password: str, language: str) -> Account:
    """Use the first link up: make the administrator."""
    known = desk.ask(lambda session: tokens.find(session, secret, "link"))
    said = known.payload if known is not None else {}
    wanted = Account(
        str(uuid4()), login, name, frozenset(said.get("roles", ())) | {ADMINISTRATOR},
        frozenset(said.get("clinics", ())), said.get("practitioner"), language=language,
    )  # fmt: skip
    account = check_account(wanted)
    stored = _hash(desk, account, password)

    def command(session: Session, now_ms: int) -> None:
        kept = tokens.use(session, secret, "link", now_ms)
        if kept is None or kept.owner != FIRST or _list_administrators(session):
            raise refuse_sign_in()
        _check_free(session, account)
        rows.put_account(session, account, now_ms)
        rows.set_password(session, account.id, stored)

    desk.do(command, HOUSE, f"account {account.id} made: {_describe(account)}, the first administrator")
    return account


def redeem(desk: Desk, secret: str, password: str) -> Account:
    """Use a link up: set the password of its account, end everything else of it."""
    works, account = find_link(desk, secret)
    if not works or account is None:
        raise refuse_sign_in()
    stored = _hash(desk, account, password)

    def command(session: Session, now_ms: int) -> None:
        kept = tokens.use(session, secret, "link", now_ms)
        if kept is None or kept.owner != account.id:
            raise refuse_sign_in()
        rows.set_password(session, account.id, stored)
        _shut(session, account.id, now_ms)
        attempts.clear(session, f"account {account.login}")

    desk.do(command, account.who, f"password of account {account.id} set by a one-time link")
    return account


def get_account(desk: Desk, id_or_login: str) -> Account:
    """Return an account by id or login.

    Raises
    ------
    NotFoundError
        There is none.
    """
    found = desk.ask(
        lambda session: (
            rows.find_account(session, id_or_login) or rows.find_login(session, id_or_login.casefold())
        )
    )
    if found is None:
        raise _not_there(id_or_login)
    return found


def _hash(desk: Desk, account: Account, password: str) -> str:
    check_password(password, (account.login.partition("@")[0], *account.name.split()), desk.known)
    return hash_password(password)


def _shut(session: Session, account: str, now_ms: int, *, keep: str = "") -> None:
    rows.end_sessions(session, account, but=keep)
    tokens.forget(session, "device", account)
    tokens.forget(session, "half", account)
    revoke_grants(session, account, now_ms)


def _get(session: Session, id_: str) -> Account:
    found = rows.find_account(session, id_)
    if found is None:
        raise _not_there(id_)
    return found


def _list_administrators(session: Session) -> list[Account]:
    return [one for one in rows.list_accounts(session) if one.is_administrator and not one.is_disabled]


def _check_not_last(session: Session, id_: str) -> None:
    if all(one.id == id_ for one in _list_administrators(session)):
        raise ForbiddenError(
            code="REC-267",
            where="account",
            got="the only administrator who may sign in",
            expected="another administrator beside",
            fix="make another administrator first",
        )


def _check_free(session: Session, account: Account) -> None:
    other = rows.find_login(session, account.login)
    if other is not None and other.id != account.id:
        raise ConflictError(
            code="REC-268",
            where="login",
            got=f"{account.login!r}, which another account has",
            expected="one of its own",
            fix="choose another",
        )


def _describe(account: Account) -> str:
    state = "disabled" if account.is_disabled else "enabled"
    return f"{state}, roles {_join(account.roles)}, clinics {_join(account.clinics)}"


def _join(values: Iterable[str]) -> str:
    return " ".join(sorted(values)) or "none"


def _not_there(name: str) -> NotFoundError:
    return NotFoundError(
        code="REC-269",
        where="account",
        got=repr(name[:100]),
        expected="an account that is there",
        fix="list the accounts",
    )


def _refuse(where: str, got: str, expected: str) -> InputError:
    return InputError(code="REC-266", where=where, got=repr(got[:100]), expected=expected, fix="correct it")
