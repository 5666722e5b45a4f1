"""The token endpoint, and what programs ask about tokens."""

import hmac
from base64 import urlsafe_b64encode
from hashlib import sha256
from typing import Any

from starlette.responses import Response

from oncopolis.foundation import OncopolisError
from oncopolis.record.accounts import Account, Grant, program_rows, rows, tokens
from oncopolis.record.accounts.errors import refuse_grant
from oncopolis.record.accounts.granting import (
    grant_system,
    read_code,
    redeem_code,
    renew,
    revoke,
)
from oncopolis.record.accounts.scopes import cut, get_level, is_covered, read_scopes
from oncopolis.record.types import Who
from oncopolis.web.fhir.headers import MS_PER_S
from oncopolis.web.login.house import House
from oncopolis.web.login.provider.faults import OAuthError, answer_fault, answer_program
from oncopolis.web.login.provider.minting import (
    check_access_token,
    describe,
    make_access_token,
    make_id_token,
)
from oncopolis.web.login.provider.proving import prove, prove_by_key
from oncopolis.web.login.visits import Visit

Values = dict[str, Any]


def take_token(visit: Visit) -> Response:
    """Give tokens for a code, for a refresh token, or for the proof of a program."""
    kinds = {
        "authorization_code": _for_code,
        "refresh_token": _for_refresh,
        "client_credentials": _for_system,
    }
    try:
        kind = kinds.get(visit.form.get("grant_type", ""))
        if kind is None:
            raise OAuthError(
                "unsupported_grant_type", where="grant_type", got=repr(visit.form.get("grant_type", "")[:50]),
                expected=", ".join(kinds),
            )  # fmt: skip
        return answer_program(kind(visit))
    except OncopolisError as error:
        return answer_fault(error)


def _for_code(visit: Visit) -> Values:
    app, house, form = prove(visit), visit.house, visit.form
    code = form.get("code", "")
    kept = read_code(house.desk, code, app)
    if form.get("redirect_uri") != kept.payload["redirect"]:
        raise refuse_grant("another redirect_uri than the code was asked for with")
    verifier = sha256(form.get("code_verifier", "").encode()).digest()
    challenge = urlsafe_b64encode(verifier).rstrip(b"=").decode()
    if not hmac.compare_digest(challenge, kept.payload["challenge"]):
        raise refuse_grant("a code_verifier that is not the code's")
    grant, refresh = redeem_code(house.desk, code, app)
    values = _answer(house, grant, refresh)
    account = _get_account(house, grant)
    if "openid" in grant.scopes:
        values["id_token"] = make_id_token(
            house, grant, account, nonce=kept.payload["nonce"], signed_in_s=kept.payload["signed_in_s"]
        )
    return values


def _for_refresh(visit: Visit) -> Values:
    app, house = prove(visit), visit.house
    wanted = read_scopes(visit.form.get("scope", ""))
    grant, refresh = renew(house.desk, visit.form.get("refresh_token", ""), app)
    if wanted and not all(is_covered(scope, grant.scopes) for scope in wanted):
        raise OAuthError("invalid_scope", where="scope", got="more", expected=" ".join(grant.scopes))
    values = _answer(house, grant, refresh)
    if "openid" in grant.scopes:
        account = _get_account(house, grant)
        values["id_token"] = make_id_token(house, grant, account, nonce=None, signed_in_s=None)
    return values


def _for_system(visit: Visit) -> Values:
    app = prove_by_key(visit)
    asked = read_scopes(visit.form.get("scope", ""))
    scopes = [scope for scope in cut(asked, app.scopes) if get_level(scope) == "system"]
    if not scopes:
        raise OAuthError(
            "invalid_scope", where="scope", got="no system/ scope that the program may have",
            expected=" ".join(app.scopes),
        )  # fmt: skip
    return _answer(visit.house, grant_system(visit.house.desk, app, scopes), None)


def _answer(house: House, grant: Grant, refresh: str | None) -> Values:
    token, lives_s = make_access_token(house, grant)
    values: Values = {
        "access_token": token,
        "token_type": "Bearer",
        "expires_in": lives_s,
        "scope": " ".join(grant.scopes),
    }
    if refresh is not None:
        values["refresh_token"] = refresh
    if grant.patient is not None:
        values["patient"] = grant.patient
    return values


def show_user(visit: Visit) -> Response:
    """Who a token is for (OpenID Connect userinfo)."""
    kind, _, token = visit.request.headers.get("authorization", "").partition(" ")
    grant = _find_good(visit.house, token) if kind.lower() == "bearer" else None
    account = _find_account(visit.house, grant)
    if grant is None or account is None or "openid" not in grant.scopes:
        answer = answer_program({"error": "invalid_token"}, 401)  # structure: status of HTTP
        answer.headers["WWW-Authenticate"] = 'Bearer realm="oncopolis", error="invalid_token"'
        return answer
    return answer_program({"sub": account.id, **describe(visit.house, account, grant.scopes)})


def take_introspect(visit: Visit) -> Response:
    """What a program's own token is good for (RFC 7662)."""
    try:
        app = prove(visit)
    except OncopolisError as error:
        return answer_fault(error)
    token = visit.form.get("token", "")
    claims = check_access_token(visit.house, token)
    grant = _find_good(visit.house, token) if claims else _find_refresh(visit.house, token)
    if grant is None or grant.app != app.id:
        return answer_program({"active": False})
    until_s = int(claims["exp"]) if claims else grant.until_ms // MS_PER_S
    values: Values = {
        "active": True, "scope": " ".join(grant.scopes), "client_id": app.id, "exp": until_s,
        "sub": grant.account or app.id, "iss": visit.house.base, "aud": visit.house.fhir,
    }  # fmt: skip
    return answer_program(values | ({"patient": grant.patient} if grant.patient else {}))


def take_revoke(visit: Visit) -> Response:
    """End the grant of a token (RFC 7009); one that is not there is ended already."""
    try:
        app = prove(visit)
    except OncopolisError as error:
        return answer_fault(error)
    token = visit.form.get("token", "")
    grant = _find_good(visit.house, token) or _find_refresh(visit.house, token)
    if grant is not None and grant.app == app.id:
        revoke(visit.house.desk, grant.id, Who("Device", app.id, app.name))
    return answer_program({})


def _find_good(house: House, token: str) -> Grant | None:
    claims = check_access_token(house, token)
    return None if claims is None else _keep_good(house, str(claims["grant"]))


def _find_refresh(house: House, token: str) -> Grant | None:
    kept = house.desk.ask(lambda session: tokens.find(session, token, "refresh"))
    return None if kept is None or kept.used_ms is not None else _keep_good(house, kept.owner)


def _keep_good(house: House, id_: str) -> Grant | None:
    grant = house.desk.ask(lambda session: program_rows.find_grant(session, id_))
    return grant if grant is not None and grant.is_good(house.desk.clock_ms()) else None


def _find_account(house: House, grant: Grant | None) -> Account | None:
    if grant is None or grant.account is None:
        return None
    id_ = grant.account
    account = house.desk.ask(lambda session: rows.find_account(session, id_))
    return None if account is None or account.is_disabled else account


def _get_account(house: House, grant: Grant) -> Account:
    account = _find_account(house, grant)
    if account is None:
        raise refuse_grant("a grant of an account that may not sign in")
    return account
