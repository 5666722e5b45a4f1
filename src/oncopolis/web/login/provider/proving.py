"""How programs prove themselves: by nothing (public, with PKCE), a secret, or a signed statement."""

import base64
import binascii
import hmac
import json
from urllib.parse import unquote_plus

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from oncopolis.record.accounts import App, program_rows, tokens
from oncopolis.record.accounts.granting import use_assertion
from oncopolis.web.fhir.headers import MS_PER_S
from oncopolis.web.login.house import House
from oncopolis.web.login.provider.faults import OAuthError
from oncopolis.web.login.provider.publishing import ASSERTION_ALGORITHMS, list_endpoints
from oncopolis.web.login.visits import Visit

ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_LONGEST_S = 300  # structure: SMART backend services: a statement is good for five minutes at most
_LONGEST = 8_192  # structure: characters of a statement


def prove(visit: Visit) -> App:
    """Return the program that calls.

    Raises
    ------
    OAuthError
        It is not known, stopped, or did not prove itself in its own way.
    """
    if "client_assertion" in visit.form:
        return _prove_by_statement(visit.house, visit.form)
    id_, secret = _read_secret(visit)
    app = _find(visit.house, id_)
    if secret is None and app is not None and app.is_public:
        return app
    stored = visit.house.desk.ask(lambda session: program_rows.read_app_secret(session, id_))
    if app is None or not hmac.compare_digest(stored or "", tokens.digest(secret or "")):
        raise _refuse("a program that did not prove itself")
    return app


def prove_by_key(visit: Visit) -> App:
    """Return the program that calls, which has to sign for it.

    Raises
    ------
    OAuthError
        It did not.
    """
    if "client_assertion" not in visit.form:
        raise _refuse("no statement signed by the program")
    return _prove_by_statement(visit.house, visit.form)


def _find(house: House, id_: str) -> App | None:
    app = house.desk.ask(lambda session: program_rows.find_app(session, id_))
    return None if app is None or app.is_disabled else app


def _read_secret(visit: Visit) -> tuple[str, str | None]:
    """Id and secret, from the header or the form but not both."""
    header = visit.request.headers.get("authorization", "")
    kind, _, value = header.partition(" ")
    if not header:
        return visit.form.get("client_id", ""), visit.form.get("client_secret")
    if kind.lower() != "basic" or "client_secret" in visit.form:
        raise _refuse("two proofs, or one of another kind")
    try:
        id_, _, secret = base64.b64decode(value, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError) as error:
        raise _refuse("a header that cannot be read") from error
    id_, secret = unquote_plus(id_), unquote_plus(secret)
    if visit.form.get("client_id", id_) != id_:
        raise _refuse("two programs")
    return id_, secret


def _prove_by_statement(house: House, form: dict[str, str]) -> App:
    statement = form["client_assertion"]
    if form.get("client_assertion_type") != ASSERTION_TYPE or len(statement) > _LONGEST:
        raise _refuse("a statement of another kind")
    try:
        id_ = _read_subject(statement)  # Whose keys it has to be signed with.
        app = _find(house, id_)
        if app is None or app.jwks is None or form.get("client_id", id_) != id_:
            raise _refuse("a program without keys")
        keys = KeySet.import_key_set(json.loads(app.jwks))
        claims = jwt.decode(statement, keys, algorithms=list(ASSERTION_ALGORITHMS)).claims
        now_s = house.desk.clock_ms() // MS_PER_S
        jwt.JWTClaimsRegistry(
            now=now_s,
            iss={"essential": True, "value": id_},
            sub={"essential": True, "value": id_},
            aud={"essential": True, "values": [list_endpoints(house)["token"], house.base]},
            exp={"essential": True},
            jti={"essential": True},
        ).validate(claims)
        if claims["exp"] > now_s + _LONGEST_S:
            raise _refuse("a statement that is good for too long")
        jti = str(claims["jti"])
    except (JoseError, ValueError, TypeError, LookupError) as error:
        raise _refuse("a statement that does not hold") from error
    if not use_assertion(house.desk, app, jti, int(claims["exp"]) * MS_PER_S):
        raise _refuse("a statement that came before")
    return app


def _read_subject(statement: str) -> str:
    payload = statement.split(".")[1]
    padded = payload + "=" * (-len(payload) % 4)  # structure: groups of base64
    return str(json.loads(base64.urlsafe_b64decode(padded))["sub"])


def _refuse(got: str) -> OAuthError:
    return OAuthError(
        "invalid_client", where="program", got=got, expected="a program that is registered and proves itself"
    )
