"""The administrator's page about programs: those that ask for access, and tokens that were printed."""

import json
import re
from http import HTTPStatus
from urllib.parse import urlsplit
from uuid import uuid4

from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from starlette.responses import Response

from oncopolis.foundation import InputError, OncopolisError
from oncopolis.record.access.policy import get_policy
from oncopolis.record.accounts import App, program_rows, tokens
from oncopolis.record.accounts.granting import revoke
from oncopolis.record.accounts.managing import check_roles
from oncopolis.record.accounts.scopes import read_scopes
from oncopolis.record.store.session import Session
from oncopolis.web.login.pages import get_status_of, show, tell
from oncopolis.web.login.visits import Visit
from oncopolis.web.pages import go

_LONGEST_NAME = 100  # structure: characters of a name
_MOST_REDIRECTS = 10  # structure: addresses of one program
_CUSTOM = re.compile(r"[a-z][a-z0-9+-]*(\.[a-z0-9+-]+)+")


def show_apps(visit: Visit, error: OncopolisError | None = None) -> Response:
    """All programs, and the form for another."""
    return _show_apps(visit, error=error)


def _show_apps(
    visit: Visit, *, made: App | None = None, secret: str = "", error: OncopolisError | None = None
) -> Response:
    desk = visit.house.desk
    return show(
        visit, "apps.html", get_status_of(error) if error else HTTPStatus.OK, made=made, secret=secret,
        apps=desk.ask(program_rows.list_apps),
        roles=sorted(get_policy().roles), form=visit.form if error else {},
        printed=desk.ask(lambda session: program_rows.list_grants(session, None, desk.clock_ms())),
        told=tell(visit, error) if error else "",
    )  # fmt: skip


def take_app(visit: Visit) -> Response:
    """Register a program."""
    try:
        app = read_app(visit.form)
    except OncopolisError as error:
        return _show_apps(visit, error=error)
    secret = tokens.make_secret() if app.has_secret else ""
    digest = tokens.digest(secret) if secret else None
    visit.house.desk.do(
        lambda session, now_ms: program_rows.add_app(session, app, digest, now_ms),
        visit.account.who,
        f"app {app.id} registered: {' '.join(app.scopes)}",
    )
    return _show_apps(visit, made=app, secret=secret)


def take_app_state(visit: Visit) -> Response:
    """Stop a program, or let it go on."""
    id_, is_disabled = visit.form.get("id", ""), "disabled" in visit.form

    def command(session: Session, now_ms: int) -> None:
        program_rows.disable_app(session, id_, is_disabled=is_disabled)
        if is_disabled:
            program_rows.revoke_app_grants(session, id_, now_ms)

    visit.house.desk.do(command, visit.account.who, f"app {id_} {'stopped' if is_disabled else 'let go on'}")
    return go("/apps")


def take_token_end(visit: Visit) -> Response:
    """End a token that was printed."""
    revoke(visit.house.desk, visit.form.get("id", ""), visit.account.who)
    return go("/apps")


def read_app(form: dict[str, str]) -> App:
    """Return the program of a form.

    Raises
    ------
    InputError
        For what cannot be.
    """
    name = " ".join(form.get("name", "").split())
    redirects = tuple(form.get("redirects", "").split())
    kind, roles = form.get("kind", "public"), frozenset(form.get("role", "").split())
    if not name or len(name) > _LONGEST_NAME or kind not in ("public", "secret", "keys"):
        raise _refuse("name and kind", name)
    check_roles(roles)
    if len(redirects) > _MOST_REDIRECTS or not all(map(is_redirect, redirects)):
        raise _refuse("redirect address", " ".join(redirects))
    if kind == "public" and not redirects:
        raise _refuse("redirect address", "none")
    return App(
        str(uuid4()), name, redirects, _check_keys(form.get("jwks", "")) if kind == "keys" else None,
        kind == "secret", read_scopes(form.get("scopes", "")), roles,
        frozenset(form.get("clinics", "").replace(",", " ").split()),
    )  # fmt: skip


def is_redirect(address: str) -> bool:
    """Tell whether a program may be answered there: encrypted, on this machine, or in an app of a phone."""
    try:
        parts = urlsplit(address)
        host = parts.hostname
    except ValueError:
        return False
    if parts.fragment or not address.isascii() or not address.isprintable() or parts.username:
        return False
    if parts.scheme == "https":
        return bool(host)
    if parts.scheme == "http":
        return host in ("127.0.0.1", "::1", "localhost")
    return bool(_CUSTOM.fullmatch(parts.scheme))


def _check_keys(text: str) -> str:
    try:
        keys = KeySet.import_key_set(json.loads(text))
    except (ValueError, KeyError, TypeError, AttributeError, JoseError) as error:
        raise _refuse("keys", "something else") from error
    if not keys.keys or any(key.is_private or key.key_type not in ("RSA", "EC") for key in keys.keys):
        raise _refuse("keys", "private or unfit keys")
    return json.dumps(keys.as_dict(private=False))


def _refuse(where: str, got: str) -> InputError:
    return InputError(
        code="REC-266", where=where, got=repr(got[:100]), expected="what the form says", fix="correct it"
    )
