"""Signing in with an outside OpenID provider: who is it, what does it say, and which roles follow."""

import base64
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from http.client import HTTPException
from threading import Lock
from time import monotonic
from typing import Any
from urllib.parse import quote, urlencode, urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from oncopolis.foundation import ExternalError, ForbiddenError, InputError

ALGORITHMS = ("ES256", "ES384", "EdDSA", "RS256", "RS384", "PS256", "PS384")
"""How a provider may sign; never with a shared secret, never not at all."""

_TIMEOUT_S = 10.0  # structure: longer than a provider takes
_LIMIT_BYTES = 1_000_000  # structure: larger than any answer of a provider
_KEPT_S, _LEAST_S = 300.0, 10.0  # structure: how long keys are kept, and how often they are asked for at most
_LEEWAY_S = 60  # structure: how far two clocks may be apart
_LOCAL = ("127.0.0.1", "::1", "localhost")


@dataclass(frozen=True, slots=True)
class Rule:
    """``CLAIM=VALUE:ROLE``: whoever has the value in the claim gets the role, or works in the clinic."""

    claim: str
    value: str
    role: str = ""
    clinic: str = ""


def read_rule(text: str) -> Rule:
    """Read a rule.

    Raises
    ------
    InputError
        It is none.
    """
    claim, equals, rest = text.partition("=")
    value, colon, target = rest.rpartition(":")
    if not (claim and equals and value and colon and target):
        raise InputError(
            code="REC-291", where="--map", got=repr(text[:100]),
            expected="CLAIM=VALUE:ROLE, or :Organization/ID", fix="such as groups=oncologists:physician",
        )  # fmt: skip
    if target.startswith("Organization/"):
        return Rule(claim, value, clinic=target.removeprefix("Organization/"))
    return Rule(claim, value, role=target)


@dataclass(slots=True)
class _Known:
    """What a provider has told."""

    configuration: Mapping[str, Any] | None = None
    keys: KeySet | None = None
    keys_at_s: float = 0.0
    lock: Any = field(default_factory=Lock)


@dataclass(frozen=True, slots=True)
class Outside:
    """A provider.

    Parameters
    ----------
    issuer
        Its address, under which its ``.well-known/openid-configuration`` lies.
    client_secret
        None for a program that keeps none.
    rules
        Which of its claims give which roles and clinics.
    levels
        How strong a sign-in has to be: values of ``acr`` of which one is enough; any if there are none.
    """

    issuer: str
    client_id: str
    client_secret: str | None = None
    rules: tuple[Rule, ...] = ()
    levels: tuple[str, ...] = ()
    known: _Known = field(default_factory=_Known, compare=False, repr=False)

    @property
    def origin(self) -> str:
        """Scheme and host of the provider."""
        parts = urlsplit(self.issuer)
        return f"{parts.scheme}://{parts.netloc}"

    @property
    def name(self) -> str:
        """How pages call it."""
        return urlsplit(self.issuer).netloc

    def get_configuration(self) -> Mapping[str, Any]:
        """What it publishes about itself, asked once.

        Raises
        ------
        ExternalError
            It does not answer, or calls itself otherwise.
        """
        with self.known.lock:
            if self.known.configuration is None:
                found = _fetch(f"{self.issuer.rstrip('/')}/.well-known/openid-configuration")
                if found.get("issuer") != self.issuer:
                    raise _refuse_provider(
                        self.issuer, f"a provider that calls itself {found.get('issuer')!r}"
                    )
                self.known.configuration = found
            return self.known.configuration

    def make_address(self, back: str, state: str, nonce: str, challenge: str) -> str:
        """Where somebody is sent to sign in."""
        asked = {
            "response_type": "code", "client_id": self.client_id, "redirect_uri": back,
            "scope": "openid profile", "state": state, "nonce": nonce,
            "code_challenge": challenge, "code_challenge_method": "S256",
        }  # fmt: skip
        if self.levels:
            asked["acr_values"] = " ".join(self.levels)
        where = str(self.get_configuration()["authorization_endpoint"])
        return f"{where}{'&' if urlsplit(where).query else '?'}{urlencode(asked)}"

    def exchange(self, code: str, verifier: str, back: str) -> str:
        """Return the id token for a code."""
        sent = {
            "grant_type": "authorization_code", "code": code, "redirect_uri": back,
            "code_verifier": verifier, "client_id": self.client_id,
        }  # fmt: skip
        headers = {}
        if self.client_secret is not None:
            proof = f"{quote(self.client_id, safe='')}:{quote(self.client_secret, safe='')}"
            headers["Authorization"] = f"Basic {base64.b64encode(proof.encode()).decode()}"
        found = _fetch(str(self.get_configuration()["token_endpoint"]), urlencode(sent).encode(), headers)
        return str(found.get("id_token", ""))

    def check(self, token: str, nonce: str, now_s: int) -> Mapping[str, Any]:
        """Return the claims of an id token, once everything about it is right.

        Raises
        ------
        ForbiddenError
            It is forged, of another provider, for another program, too old, or an answer to another question.
        """
        registry = jwt.JWTClaimsRegistry(
            now=now_s, leeway=_LEEWAY_S,
            iss={"essential": True, "value": self.issuer},
            aud={"essential": True, "value": self.client_id},
            nonce={"essential": True, "value": nonce},
            sub={"essential": True}, exp={"essential": True}, iat={"essential": True},
        )  # fmt: skip
        try:
            claims = self._decode(token)
            registry.validate(claims)
        except (JoseError, ValueError, TypeError, LookupError) as error:
            raise refuse_outside("an id token that does not hold") from error
        audience = claims["aud"]
        is_shared = isinstance(audience, list) and len(audience) > 1
        if claims.get("azp", self.client_id) != self.client_id or (is_shared and "azp" not in claims):
            raise refuse_outside("an id token for another program")
        if self.levels and claims.get("acr") not in self.levels:
            raise refuse_outside("a sign-in that was not as strong as is asked for here")
        return claims

    def _decode(self, token: str) -> dict[str, Any]:
        try:
            return jwt.decode(token, self._get_keys(), algorithms=list(ALGORITHMS)).claims
        except (JoseError, ValueError):
            return jwt.decode(token, self._get_keys(is_new=True), algorithms=list(ALGORITHMS)).claims

    def _get_keys(self, *, is_new: bool = False) -> KeySet:
        """The keys of the provider; asked for again when one is not known, but not for every forgery."""
        where = str(self.get_configuration()["jwks_uri"])
        with self.known.lock:
            age_s = monotonic() - self.known.keys_at_s
            if self.known.keys is None or age_s > (_LEAST_S if is_new else _KEPT_S):
                published = [key for key in _fetch(where)["keys"] if key.get("use", "sig") == "sig"]
                self.known.keys, self.known.keys_at_s = (
                    KeySet.import_key_set({"keys": published}),
                    monotonic(),
                )
            return self.known.keys

    def find_rights(self, claims: Mapping[str, Any]) -> tuple[frozenset[str], frozenset[str]]:
        """Roles and clinics that follow from claims."""
        met = [rule for rule in self.rules if rule.value in set(_list_values(claims, rule.claim))]
        return frozenset(rule.role for rule in met if rule.role), frozenset(
            rule.clinic for rule in met if rule.clinic
        )


def make_outside(
    issuer: str,
    client_id: str,
    client_secret: str | None,
    rules: tuple[Rule, ...],
    levels: tuple[str, ...] = (),
) -> Outside:
    """Return a provider.

    Raises
    ------
    InputError
        Its address is not encrypted, and not of this machine.
    """
    check_encrypted("--issuer", issuer)
    return Outside(issuer, client_id, client_secret, rules, levels)


def check_encrypted(where: str, url: str) -> None:
    """Refuse an address to which what is secret would go openly."""
    try:
        parts = urlsplit(url)
        is_fine = (parts.scheme == "https" and bool(parts.hostname)) or (
            parts.scheme == "http" and parts.hostname in _LOCAL
        )
    except ValueError:
        is_fine = False
    if not is_fine:
        raise InputError(
            code="REC-292", where=where, got=repr(url[:200]),
            expected="https://host, or http on this machine", fix="correct the address",
        )  # fmt: skip


def refuse_outside(got: str) -> ForbiddenError:
    """The refusal of what a provider says."""
    return ForbiddenError(
        code="REC-290", where="outside provider", got=got, expected="the answer to our question",
        fix="sign in again; if that does not help, tell the administrator",
    )  # fmt: skip


class _Stay(HTTPRedirectHandler):
    """Follows nobody elsewhere."""

    def redirect_request(self, *_: Any) -> None:
        """Do not follow."""


def _fetch(url: str, body: bytes | None = None, headers: Mapping[str, str] | None = None) -> dict[str, Any]:
    check_encrypted("outside provider", url)
    request = Request(url, body, {"Accept": "application/json", **(headers or {})})  # noqa: S310 - checked above
    try:
        with build_opener(_Stay()).open(request, timeout=_TIMEOUT_S) as answer:
            found = json.loads(answer.read(_LIMIT_BYTES))
    except (OSError, HTTPException, ValueError) as error:
        raise _refuse_provider(url, f"no answer that can be used ({type(error).__name__})") from error
    if not isinstance(found, dict):
        raise _refuse_provider(url, "something else than an object")
    return found


def _list_values(claims: Mapping[str, Any], path: str) -> Iterator[str]:
    """Values of a claim, whose name may lead through objects: ``realm_access.roles``."""
    value: Any = claims.get(path)
    if value is None:
        value = claims
        for name in path.split("."):
            value = value.get(name) if isinstance(value, Mapping) else None
    for one in value if isinstance(value, list) else [value]:
        if isinstance(one, str):
            yield one


def _refuse_provider(where: str, got: str) -> ExternalError:
    return ExternalError(
        code="REC-293", where=where, got=got, expected="an OpenID provider that answers",
        fix="see to it, and to --issuer",
    )  # fmt: skip
