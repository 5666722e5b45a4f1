"""Tokens that we sign, and the check of those that come back."""

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from joserfc import jwt
from joserfc.errors import JoseError

from oncopolis.record.accounts import Account, Grant
from oncopolis.record.accounts.signing import ALGORITHM
from oncopolis.web.fhir.headers import MS_PER_S
from oncopolis.web.login.house import House

ACCESS_S = 600  # structure: default of a setting: ten minutes
_ACCESS_TYPE = "at+jwt"
_LONGEST = 4_096  # structure: characters of a token of ours
_MUST: jwt.ClaimsOption = {"essential": True}


def make_access_token(house: House, grant: Grant) -> tuple[str, int]:
    """Return a token for the FHIR API (RFC 9068), and how long it is good, seconds."""
    now_s = house.desk.clock_ms() // MS_PER_S
    lives_s = min(ACCESS_S, grant.until_ms // MS_PER_S - now_s)
    claims: dict[str, Any] = {
        "iss": house.base,
        "aud": house.fhir,
        "sub": grant.account or grant.app,
        "client_id": grant.app,
        "scope": " ".join(grant.scopes),
        "iat": now_s,
        "exp": now_s + lives_s,
        "jti": str(uuid4()),
        "grant": grant.id,
    }
    return _sign(house, claims, _ACCESS_TYPE), lives_s


def make_id_token(
    house: House, grant: Grant, account: Account, *, nonce: str | None, signed_in_s: int | None
) -> str:
    """Return what tells a program who signed in."""
    now_s = house.desk.clock_ms() // MS_PER_S
    claims: dict[str, Any] = {
        "iss": house.base,
        "aud": grant.app,
        "sub": account.id,
        "iat": now_s,
        "exp": now_s + ACCESS_S,
        **describe(house, account, grant.scopes),
    }
    if nonce is not None:
        claims["nonce"] = nonce
    if signed_in_s is not None:
        claims["auth_time"] = signed_in_s
    return _sign(house, claims, "JWT")


def describe(house: House, account: Account, scopes: tuple[str, ...]) -> dict[str, str]:
    """Return what a program with these scopes may know of a person."""
    known: dict[str, str] = {}
    if "profile" in scopes:
        known |= {"name": account.name, "locale": account.language}
    if "fhirUser" in scopes or "profile" in scopes:
        if account.practitioner:
            known["fhirUser"] = f"{house.fhir}/Practitioner/{account.practitioner}"
        elif account.patients:
            known["fhirUser"] = f"{house.fhir}/Patient/{min(account.patients)}"
    return known


def check_access_token(house: House, token: str) -> Mapping[str, Any] | None:
    """Return the claims of a token of ours that is good now, None for any other.

    The signature, the only algorithm we sign with, the kind of token, who made it, for whom, and its time
    are checked; whether its grant still stands is asked elsewhere.
    """
    if len(token) > _LONGEST:
        return None
    registry = jwt.JWTClaimsRegistry(
        now=lambda: house.desk.clock_ms() // MS_PER_S,
        iss={"essential": True, "value": house.base},
        aud={"essential": True, "value": house.fhir},
        exp=_MUST, iat=_MUST, sub=_MUST, grant=_MUST,
    )  # fmt: skip
    try:
        decoded = jwt.decode(token, house.keyring.get_known(), algorithms=[ALGORITHM])
        registry.validate(decoded.claims)
    except (JoseError, ValueError, TypeError, LookupError):
        return None
    return decoded.claims if decoded.header.get("typ") == _ACCESS_TYPE else None


def _sign(house: House, claims: dict[str, Any], type_: str) -> str:
    key = house.keyring.get_key()
    return jwt.encode({"alg": ALGORITHM, "kid": str(key.kid), "typ": type_}, claims, key)
