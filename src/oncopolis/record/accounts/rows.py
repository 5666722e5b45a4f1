"""Accounts, passkeys and sessions as rows of their tables."""

import json
from collections.abc import Iterable
from typing import Any

from oncopolis.record.accounts.types import Account, Passkey, SignedIn
from oncopolis.record.store.session import Row, Session

_ACCOUNT = "id, login, name, roles, clinics, practitioner, patients, language, subject, disabled"
_PASSKEY = "id, account, public_key, uses, name, made_ms, used_ms"
_SESSION = "hash, account, how, agent, address, opened_ms, seen_ms, until_ms"
_APP = "id, name, redirects, jwks, secret, scopes, roles, clinics, disabled"
_GRANT = "id, name, account, app, scopes, roles, clinics, patient, made_ms, until_ms, used_ms, revoked_ms"


def to_account(row: Row) -> Account:
    """Return the account of a row."""
    id_, login, name, roles, clinics, practitioner, patients, language, subject, disabled = row
    return Account(
        id_, login, name, to_set(roles), to_set(clinics), practitioner, to_set(patients), language, subject,
        bool(disabled),
    )  # fmt: skip


def find_account(session: Session, id_: str) -> Account | None:
    """Return an account by its id."""
    return _first_account(session, "id", id_)


def find_login(session: Session, login: str) -> Account | None:
    """Return an account by what is typed."""
    return _first_account(session, "login", login)


def find_subject(session: Session, subject: str) -> Account | None:
    """Return an account by what an outside provider calls it."""
    return _first_account(session, "subject", subject)


def find_practitioner(session: Session, id_: str) -> Account | None:
    """Return an account of who has this Practitioner record, the first by login."""
    return _first_account(session, "practitioner", id_)


def _first_account(session: Session, column: str, value: str) -> Account | None:
    rows = session.query(f"SELECT {_ACCOUNT} FROM account WHERE {column} = ? ORDER BY login", (value,))  # noqa: S608 - our own names
    return to_account(rows[0]) if rows else None


def list_accounts(session: Session) -> list[Account]:
    """Return all accounts by login."""
    return [to_account(row) for row in session.query(f"SELECT {_ACCOUNT} FROM account ORDER BY login")]  # noqa: S608


def put_account(session: Session, account: Account, now_ms: int) -> None:
    """Add an account, or change everything of it but its password."""
    values = (
        account.login, account.name, to_text(account.roles), to_text(account.clinics), account.practitioner,
        to_text(account.patients), account.language, account.subject, int(account.is_disabled),
    )  # fmt: skip
    changed = session.query(
        "UPDATE account SET login = ?, name = ?, roles = ?, clinics = ?, practitioner = ?, patients = ?, "
        "language = ?, subject = ?, disabled = ? WHERE id = ? RETURNING 1",
        (*values, account.id),
    )
    if not changed:
        session.query(
            f"INSERT INTO account ({_ACCOUNT}, made_ms) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",  # noqa: S608
            (account.id, *values, now_ms),
        )


def read_password(session: Session, account: str) -> str | None:
    """Return the hash of an account's password."""
    rows = session.query("SELECT password FROM account WHERE id = ?", (account,))
    return rows[0][0] if rows else None


def set_password(session: Session, account: str, stored: str | None) -> None:
    """Change the hash of an account's password."""
    session.query("UPDATE account SET password = ? WHERE id = ?", (stored, account))


def list_passkeys(session: Session, account: str) -> list[Passkey]:
    """Return the passkeys of an account, oldest first."""
    rows = session.query(f"SELECT {_PASSKEY} FROM passkey WHERE account = ? ORDER BY made_ms", (account,))  # noqa: S608
    return [Passkey(id_, owner, bytes(key), *rest) for id_, owner, key, *rest in rows]


def find_passkey(session: Session, id_: str) -> Passkey | None:
    """Return a passkey by what the device calls it."""
    rows = session.query(f"SELECT {_PASSKEY} FROM passkey WHERE id = ?", (id_,))  # noqa: S608
    return Passkey(rows[0][0], rows[0][1], bytes(rows[0][2]), *rows[0][3:]) if rows else None


def add_passkey(session: Session, key: Passkey) -> None:
    """Add a passkey."""
    session.query(
        f"INSERT INTO passkey ({_PASSKEY}) VALUES (?, ?, ?, ?, ?, ?, ?)",  # noqa: S608
        (key.id, key.account, key.public_key, key.uses, key.name, key.made_ms, key.used_ms),
    )


def use_passkey(session: Session, id_: str, uses: int, now_ms: int) -> None:
    """Note that a passkey was used."""
    session.query("UPDATE passkey SET uses = ?, used_ms = ? WHERE id = ?", (uses, now_ms, id_))


def remove_passkey(session: Session, account: str, id_: str) -> bool:
    """Remove a passkey of an account; whether it was there."""
    return bool(session.query("DELETE FROM passkey WHERE id = ? AND account = ? RETURNING 1", (id_, account)))


def add_session(session: Session, one: SignedIn) -> None:
    """Add a session."""
    session.query(
        f"INSERT INTO login_session ({_SESSION}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",  # noqa: S608
        (one.hash, one.account, one.how, one.agent, one.address, one.opened_ms, one.seen_ms, one.until_ms),
    )


def find_session(session: Session, hash_: str) -> tuple[SignedIn, Account] | None:
    """Return a session with its account."""
    ours = ", ".join(f"s.{name}" for name in _SESSION.split(", "))
    theirs = ", ".join(f"a.{name}" for name in _ACCOUNT.split(", "))
    rows = session.query(
        f"SELECT {ours}, {theirs} FROM login_session s JOIN account a ON a.id = s.account WHERE s.hash = ?",  # noqa: S608
        (hash_,),
    )
    if not rows:
        return None
    n = len(_SESSION.split(", "))
    return SignedIn(*rows[0][:n]), to_account(rows[0][n:])


def list_sessions(session: Session, account: str) -> list[SignedIn]:
    """Return the sessions of an account, the last used first."""
    rows = session.query(
        f"SELECT {_SESSION} FROM login_session WHERE account = ? ORDER BY seen_ms DESC, hash",  # noqa: S608
        (account,),
    )
    return [SignedIn(*row) for row in rows]


def see_session(session: Session, hash_: str, now_ms: int) -> None:
    """Note that a session is used."""
    session.query("UPDATE login_session SET seen_ms = ? WHERE hash = ?", (now_ms, hash_))


def end_sessions(session: Session, account: str, *, but: str = "") -> None:
    """End the sessions of an account."""
    session.query("DELETE FROM login_session WHERE account = ? AND hash <> ?", (account, but))


def end_session(session: Session, account: str, hash_: str) -> bool:
    """End one session; whether it was there."""
    return bool(
        session.query(
            "DELETE FROM login_session WHERE hash = ? AND account = ? RETURNING 1", (hash_, account)
        )
    )


def to_set(text: str) -> frozenset[str]:
    """Read a column of several values."""
    return frozenset(json.loads(text))


def to_text(values: Iterable[Any]) -> str:
    """Write a column of several values; a tuple keeps its order."""
    return json.dumps(list(values) if isinstance(values, tuple) else sorted(values))
