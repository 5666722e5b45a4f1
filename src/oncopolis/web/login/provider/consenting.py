"""The page on which a person lets a program in, or not; the way back carries a code."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote, urlencode, urlsplit

from starlette.responses import Response

from oncopolis.foundation import ForbiddenError, OncopolisError
from oncopolis.record.accounts import Account, App, SignedIn, program_rows
from oncopolis.record.accounts.granting import make_code
from oncopolis.record.accounts.scopes import cut, get_level, read_scopes
from oncopolis.web.fhir.headers import MS_PER_S
from oncopolis.web.login.describing import describe_scopes
from oncopolis.web.login.house import House
from oncopolis.web.login.pages import show
from oncopolis.web.login.provider.faults import OAuthError, clean
from oncopolis.web.login.visits import Visit
from oncopolis.web.pages import find_words, go

_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")
_LONGEST = 512  # structure: characters of a state or nonce
_KEPT = (
    "response_type", "client_id", "redirect_uri", "scope", "state", "code_challenge",
    "code_challenge_method", "nonce", "aud", "prompt", "max_age",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Asked:
    """What a program asks a person for; parameters that are not here are not looked at."""

    app: App
    redirect: str
    scopes: tuple[str, ...]
    challenge: str
    nonce: str | None
    sent: Mapping[str, str]


def show_consent(visit: Visit) -> Response:
    """Ask the person, who may have to sign in first."""
    app, redirect = _read_app(visit.house, visit.query)
    try:
        asked = _read(visit.house, app, redirect, visit.query)
        waiting = _look_at_session(visit, asked)
        if waiting is not None:
            return waiting
        _check_context(asked, visit.account)
    except OncopolisError as error:
        return _answer_fault(visit.house, redirect, visit.query, error)
    language = find_words(visit.language)
    parts = urlsplit(redirect)
    return show(
        visit, "consent.html", forms=f"{parts.scheme}:" if not parts.netloc else f"{parts.scheme}://{parts.netloc}",
        app=app, host=parts.netloc or parts.scheme, scopes=describe_scopes(asked.scopes, language),
        patients=sorted(visit.account.patients) if "launch/patient" in asked.scopes else [],
        sent={name: visit.query[name] for name in _KEPT if name in visit.query},
    )  # fmt: skip


def take_consent(visit: Visit) -> Response:
    """Send the program its code, or the person's refusal."""
    app, redirect = _read_app(visit.house, visit.form)
    try:
        asked = _read(visit.house, app, redirect, visit.form)
        if visit.signed is None:
            return go(_make_sign_in(visit.form))
        if visit.form.get("answer") != "allow":
            raise OAuthError(
                "access_denied", where="consent", got="a refusal", expected="the consent of the person"
            )
        patient = _choose_patient(asked, visit)
    except OncopolisError as error:
        return _answer_fault(visit.house, redirect, visit.form, error)
    session, account = visit.signed
    payload = {
        "scopes": list(asked.scopes), "redirect": redirect, "challenge": asked.challenge,
        "nonce": asked.nonce, "patient": patient, "signed_in_s": session.opened_ms // MS_PER_S,
    }  # fmt: skip
    code = make_code(visit.house.desk, account, app, payload)
    return _answer(visit.house, redirect, visit.form, {"code": code})


def _read_app(house: House, sent: Mapping[str, str]) -> tuple[App, str]:
    """The program and where it is answered: while these are not sure, nobody is sent anywhere."""
    id_, redirect = sent.get("client_id", ""), sent.get("redirect_uri", "")
    app = house.desk.ask(lambda session: program_rows.find_app(session, id_))
    if app is None or app.is_disabled or redirect not in app.redirects:
        raise ForbiddenError(
            code="REC-280", where="client_id and redirect_uri", got="some that are not registered together",
            expected="those of a program that is registered", fix="tell the maker of the program",
        )  # fmt: skip
    return app, redirect


def _read(house: House, app: App, redirect: str, sent: Mapping[str, str]) -> Asked:
    if sent.get("response_type") != "code":
        raise OAuthError(
            "unsupported_response_type", where="response_type",
            got=repr(sent.get("response_type", "")[:50]), expected="code",
        )  # fmt: skip
    challenge = sent.get("code_challenge", "")
    if sent.get("code_challenge_method") != "S256" or not _CHALLENGE.fullmatch(challenge):
        raise _refuse("code_challenge", "none, or another method", "a SHA-256 of 43 characters (S256)")
    if any(len(sent.get(name, "")) > _LONGEST for name in ("state", "nonce")):
        raise _refuse("state or nonce", "a longer one", f"{_LONGEST} characters")
    if sent.get("aud", house.fhir).rstrip("/") != house.fhir:
        raise _refuse("aud", "another server", house.fhir)
    if {"request", "request_uri"} & sent.keys():
        raise OAuthError("request_not_supported", where="request", got="one", expected="plain parameters")
    scopes = tuple(
        scope for scope in cut(read_scopes(sent.get("scope", "")), app.scopes) if get_level(scope) != "system"
    )
    if not scopes:
        raise OAuthError(
            "invalid_scope", where="scope", got="none that the program may ask for",
            expected=" ".join(app.scopes) or "a program with scopes",
        )  # fmt: skip
    return Asked(app, redirect, scopes, challenge, sent.get("nonce"), sent)


def _look_at_session(visit: Visit, asked: Asked) -> Response | None:
    """Have the person sign in, if nobody is, or not lately enough."""
    prompts = set(asked.sent.get("prompt", "").split())
    if "none" in prompts:
        word = "login_required" if visit.signed is None else "consent_required"
        raise OAuthError(word, where="prompt", got="none", expected="a person who is asked")
    if visit.signed is None:
        return go(_make_sign_in(asked.sent))
    if "login" in prompts or _is_too_old(visit, visit.signed[0], asked.sent.get("max_age")):
        visit.let_out()
        return go(_make_sign_in(asked.sent))
    return None


def _is_too_old(visit: Visit, session: SignedIn, most: str | None) -> bool:
    if most is None or not most.isascii() or not most.isdigit():
        return False
    return visit.house.desk.clock_ms() - session.opened_ms > int(most[:9]) * MS_PER_S


def _make_sign_in(sent: Mapping[str, str]) -> str:
    kept = {name: sent[name] for name in _KEPT if name in sent}
    kept["prompt"] = " ".join(word for word in kept.get("prompt", "").split() if word != "login")
    kept.pop("max_age", None)
    return f"/login?next={quote('/oauth/authorize?' + urlencode(kept), safe='')}"


def _check_context(asked: Asked, account: Account) -> None:
    needs = any(get_level(scope) == "patient" for scope in asked.scopes) or "launch/patient" in asked.scopes
    if needs and not account.patients:
        raise OAuthError(
            "access_denied", where="scope", got="scopes of one patient",
            expected="an account of a patient, or who acts for one; staff use user/ scopes",
        )  # fmt: skip


def _choose_patient(asked: Asked, visit: Visit) -> str | None:
    _check_context(asked, visit.account)
    patients = visit.account.patients
    chosen = visit.form.get("patient", "")
    if chosen in patients:
        return chosen
    needs = any(get_level(scope) == "patient" for scope in asked.scopes) or "launch/patient" in asked.scopes
    return min(patients) if needs else None


def _answer_fault(house: House, redirect: str, sent: Mapping[str, str], error: OncopolisError) -> Response:
    word = error.error if isinstance(error, OAuthError) else "invalid_scope"
    if error.code not in ("REC-261", "REC-281"):
        raise error
    return _answer(house, redirect, sent, {"error": word, "error_description": clean(str(error))})


def _answer(house: House, redirect: str, sent: Mapping[str, str], values: dict[str, str]) -> Response:
    """Send the person back to the program (RFC 9207 says by whom)."""
    if "state" in sent:
        values["state"] = sent["state"][:_LONGEST]
    values["iss"] = house.base
    return go(f"{redirect}{'&' if urlsplit(redirect).query else '?'}{urlencode(values)}")


def _refuse(where: str, got: str, expected: str) -> OAuthError:
    return OAuthError("invalid_request", where=where, got=got, expected=expected)
