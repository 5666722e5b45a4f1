"""Programs and what they were granted, as rows of their tables."""

import json

from oncopolis.record.accounts.rows import to_set, to_text
from oncopolis.record.accounts.types import App, Grant
from oncopolis.record.store.session import Row, Session

_APP = "id, name, redirects, jwks, secret, scopes, roles, clinics, disabled"
_GRANT = "id, name, account, app, scopes, roles, clinics, patient, made_ms, until_ms, used_ms, revoked_ms"


def to_app(row: Row) -> App:
    """Return the program of a row."""
    id_, name, redirects, jwks, secret, scopes, roles, clinics, disabled = row
    return App(
        id_, name, tuple(json.loads(redirects)), jwks, secret is not None, tuple(scopes.split()),
        to_set(roles), to_set(clinics), bool(disabled),
    )  # fmt: skip


def find_app(session: Session, id_: str) -> App | None:
    """Return a program."""
    rows = session.query(f"SELECT {_APP} FROM app WHERE id = ?", (id_,))  # noqa: S608
    return to_app(rows[0]) if rows else None


def list_apps(session: Session) -> list[App]:
    """Return all programs by name."""
    return [to_app(row) for row in session.query(f"SELECT {_APP} FROM app ORDER BY name, id")]  # noqa: S608


def add_app(session: Session, app: App, secret: str | None, now_ms: int) -> None:
    """Add a program with the digest of its secret."""
    session.query(
        f"INSERT INTO app ({_APP}, made_ms) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",  # noqa: S608
        (
            app.id, app.name, to_text(app.redirects), app.jwks, secret, " ".join(app.scopes),
            to_text(app.roles), to_text(app.clinics), int(app.is_disabled), now_ms,
        ),
    )  # fmt: skip


def read_app_secret(session: Session, id_: str) -> str | None:
    """Return the digest of a program's secret."""
    rows = session.query("SELECT secret FROM app WHERE id = ?", (id_,))
    return rows[0][0] if rows else None


def disable_app(session: Session, id_: str, *, is_disabled: bool) -> bool:
    """Stop a program, or let it go on; whether there is one."""
    return bool(
        session.query("UPDATE app SET disabled = ? WHERE id = ? RETURNING 1", (int(is_disabled), id_))
    )


def to_grant(row: Row) -> Grant:
    """Return the grant of a row."""
    id_, name, account, app, scopes, roles, clinics, *rest = row
    return Grant(id_, name, account, app, tuple(scopes.split()), to_set(roles), to_set(clinics), *rest)


def add_grant(session: Session, grant: Grant) -> None:
    """Add a grant."""
    session.query(
        f"INSERT INTO app_grant ({_GRANT}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",  # noqa: S608
        (
            grant.id, grant.name, grant.account, grant.app, " ".join(grant.scopes), to_text(grant.roles),
            to_text(grant.clinics), grant.patient, grant.made_ms, grant.until_ms, grant.used_ms,
            grant.revoked_ms,
        ),
    )  # fmt: skip


def find_grant(session: Session, id_: str) -> Grant | None:
    """Return a grant."""
    rows = session.query(f"SELECT {_GRANT} FROM app_grant WHERE id = ?", (id_,))  # noqa: S608
    return to_grant(rows[0]) if rows else None


def list_grants(session: Session, account: str | None, now_ms: int) -> list[Grant]:
    """Return grants that may be used: those of an account, or (None) those that were given to nobody."""
    which, values = ("account = ?", (account,)) if account else ("account IS NULL AND app IS NULL", ())
    rows = session.query(
        f"SELECT {_GRANT} FROM app_grant WHERE {which} AND revoked_ms IS NULL AND until_ms > ? "  # noqa: S608
        "ORDER BY made_ms DESC, id",
        (*values, now_ms),
    )
    return [to_grant(row) for row in rows]


def use_grant(session: Session, id_: str, now_ms: int) -> None:
    """Note that a grant is used."""
    session.query("UPDATE app_grant SET used_ms = ? WHERE id = ?", (now_ms, id_))


def revoke_grant(session: Session, id_: str, now_ms: int, account: str | None = None) -> bool:
    """End a grant (of an account); whether it was there and good."""
    of, values = ("AND account = ?", (account,)) if account else ("", ())
    return bool(
        session.query(
            f"UPDATE app_grant SET revoked_ms = ? WHERE id = ? AND revoked_ms IS NULL {of} RETURNING 1",  # noqa: S608
            (now_ms, id_, *values),
        )
    )


def revoke_grants(session: Session, account: str, now_ms: int) -> None:
    """End all grants of an account."""
    session.query(
        "UPDATE app_grant SET revoked_ms = ? WHERE account = ? AND revoked_ms IS NULL", (now_ms, account)
    )


def revoke_app_grants(session: Session, app: str, now_ms: int) -> None:
    """End all grants of a program."""
    session.query("UPDATE app_grant SET revoked_ms = ? WHERE app = ? AND revoked_ms IS NULL", (now_ms, app))
