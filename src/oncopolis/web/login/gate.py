"""The gate: a bearer token or a session of the browser becomes who calls, in microseconds while it is known.

A token that was found good is looked up again after a second, so an end takes effect within one.
"""

from collections import OrderedDict
from dataclasses import dataclass
from http import HTTPStatus
from http.cookies import CookieError, SimpleCookie
from time import monotonic
from typing import Any

from starlette.types import Scope

from oncopolis.record.access import Caller
from oncopolis.record.accounts import Account, Grant, program_rows, rows
from oncopolis.record.accounts.entering import find_signed_in, is_confined
from oncopolis.record.accounts.errors import refuse_weak
from oncopolis.record.accounts.granting import API, find_api_grant, note_use
from oncopolis.record.store.session import Session
from oncopolis.record.types import Who
from oncopolis.web.fhir.headers import MS_PER_S
from oncopolis.web.fhir.refusing import RequestError
from oncopolis.web.login.house import House
from oncopolis.web.login.limiting import Buckets
from oncopolis.web.login.provider.minting import check_access_token
from oncopolis.web.login.visits import name_cookie

_GOOD_S = 0.9  # structure: what is found good is believed for less than a second
_MOST = 10_000  # structure: tokens that are remembered
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


@dataclass(slots=True)
class _Known:
    """Who a credential is for.

    Parameters
    ----------
    claims
        Of a signed token, whose signature need not be checked again.
    until_ms
        When the credential itself ends.
    """

    caller: Caller
    checked_s: float
    until_ms: int
    claims: Any = None


class Gate:
    """Tells who calls.

    Parameters
    ----------
    rate_s
        Requests a second that one caller may make, on average over ten seconds; None for any number.
    """

    def __init__(self, house: House, *, rate_s: float | None = None) -> None:
        self.house = house
        self._known: OrderedDict[str, _Known] = OrderedDict()
        self._buckets = Buckets(rate_s) if rate_s else None
        self._cookie = name_cookie("session", house.is_secure)

    async def __call__(self, scope: Scope) -> Caller:
        """Return who sends a request.

        Raises
        ------
        RequestError
            With status 401 if nobody known does, 403 for a write of another site's page, 429 if they send
            too many.
        ForbiddenError
            Their session is by a password alone, and they need more.
        """
        authorization = cookies = origin = ""
        for name, value in scope["headers"]:
            if name == b"authorization":
                authorization = value.decode("latin-1")
            elif name == b"cookie":
                cookies = value.decode("latin-1")
            elif name == b"origin":
                origin = value.decode("latin-1")
        kind, _, token = authorization.partition(" ")
        if kind.lower() == "bearer" and token:
            caller = self._find(token.strip(), is_session=False)
        elif not authorization and (session := self._read_cookie(cookies)):
            caller = self._find(session, is_session=True)
            if scope["method"] not in _SAFE and origin != self.house.base:
                raise _refuse_site()
        else:
            raise _refuse("no token", "")
        if self._buckets is not None:
            self._buckets.check(caller.who.reference)
        return caller

    def _read_cookie(self, cookies: str) -> str:
        if self._cookie not in cookies:
            return ""
        try:
            found = SimpleCookie(cookies).get(self._cookie)
        except CookieError:
            return ""
        return found.value if found is not None else ""

    def _find(self, credential: str, *, is_session: bool) -> Caller:
        known = self._known.get(credential)
        now_s = monotonic()
        is_young = known is not None and now_s - known.checked_s < _GOOD_S
        if known is not None and is_young and self.house.desk.clock_ms() < known.until_ms:
            return known.caller
        if is_session:
            found = self._look_at_session(credential)
        elif credential.startswith(API):
            grant = self.house.desk.ask(lambda session: find_api_grant(session, credential))
            found = self._look_at_grant(grant)
        else:
            found = self._look_at_token(credential, known)
        if found is None:
            self._known.pop(credential, None)
            raise _refuse("a token that is not good (any more)", ', error="invalid_token"')
        self._known[credential] = found
        if len(self._known) > _MOST:
            self._known.popitem(last=False)
        return found.caller

    def _look_at_session(self, secret: str) -> _Known | None:
        signed = find_signed_in(self.house.desk, secret)
        if signed is None:
            return None
        if is_confined(self.house.desk, *signed):
            raise refuse_weak()
        return _Known(to_caller(signed[1]), monotonic(), signed[0].until_ms)

    def _look_at_token(self, token: str, known: _Known | None) -> _Known | None:
        claims = known.claims if known is not None else check_access_token(self.house, token)
        if claims is None or claims["exp"] * MS_PER_S <= self.house.desk.clock_ms():
            return None
        id_ = str(claims["grant"])
        grant = self.house.desk.ask(lambda session: program_rows.find_grant(session, id_))
        found = self._look_at_grant(grant)
        if found is not None:
            found.claims, found.until_ms = claims, claims["exp"] * MS_PER_S
        return found

    def _look_at_grant(self, grant: Grant | None) -> _Known | None:
        if grant is None or not grant.is_good(self.house.desk.clock_ms()):
            return None
        caller = self.house.desk.ask(lambda session: find_caller(session, grant))
        if caller is None:
            return None
        note_use(self.house.desk, grant)
        return _Known(caller, monotonic(), grant.until_ms)


def to_caller(account: Account) -> Caller:
    """Return an account as who calls, with no program that narrows what they may do."""
    return Caller(
        account.who, account.roles, account.clinics, account.practitioner, account.patients, scopes=None
    )


def find_caller(session: Session, grant: Grant) -> Caller | None:
    """Return who calls by a grant; None if the account or the program may not any more."""
    app = program_rows.find_app(session, grant.app) if grant.app else None
    if grant.app and (app is None or app.is_disabled):
        return None
    if grant.account is None:
        who = Who("Device", grant.app or grant.id, grant.name)
        roles, clinics = (app.roles, app.clinics) if app else (grant.roles, grant.clinics)
        return Caller(who, roles, clinics, scopes=grant.scopes)
    account = rows.find_account(session, grant.account)
    if account is None or account.is_disabled:
        return None
    patients = account.patients & {grant.patient} if grant.patient else account.patients
    return Caller(
        account.who, account.roles, account.clinics, account.practitioner, patients, scopes=grant.scopes,
        client=grant.app or grant.id,
    )  # fmt: skip


def _refuse(got: str, detail: str) -> RequestError:
    return RequestError(
        code="REC-282", where="Authorization", got=got, expected="a bearer token that is good",
        fix="sign in, or ask for a token (.well-known/smart-configuration)",
        status=HTTPStatus.UNAUTHORIZED, issue="login",
        headers={"WWW-Authenticate": f'Bearer realm="oncopolis"{detail}'},
    )  # fmt: skip


def _refuse_site() -> RequestError:
    return RequestError(
        code="REC-283", where="Origin", got="a write that is not from a page of ours",
        expected="a page of ours, or a bearer token", fix="use a token",
        status=HTTPStatus.FORBIDDEN, issue="security",
    )  # fmt: skip
