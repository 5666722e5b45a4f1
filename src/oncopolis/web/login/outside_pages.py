"""The way to the outside provider and back."""

import re
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from hashlib import sha256
from typing import Any
from uuid import uuid4

from starlette.responses import Response

from oncopolis.record.accounts import Account, rows, tokens
from oncopolis.record.accounts.entering import enter
from oncopolis.record.accounts.managing import LANGUAGES
from oncopolis.record.store.session import Session
from oncopolis.record.types import Who
from oncopolis.web.fhir.headers import MS_PER_S
from oncopolis.web.login.outside import Outside, refuse_outside
from oncopolis.web.login.signing_in import end_current
from oncopolis.web.login.visits import Visit, find_local
from oncopolis.web.pages import go

BACK = "/login/outside/back"
_LIFE_MS = 600_000  # structure: how long somebody may take at the provider
_PRACTITIONER = re.compile(r"(?:.*/)?Practitioner/([A-Za-z0-9.-]{1,64})")
_LONGEST_NAME = 100  # structure: characters of a name


def go_outside(visit: Visit) -> Response:
    """Send somebody to the provider."""
    outside = _get_outside(visit)
    state, nonce, verifier = tokens.make_secret(), tokens.make_secret(), tokens.make_secret()
    payload = {
        "nonce": nonce,
        "verifier": verifier,
        "next": find_local(visit.form.get("next", ""), visit.house.home),
    }
    owner = tokens.digest(visit.bond)
    visit.house.desk.mark(
        lambda session, now_ms: tokens.keep(session, state, "outside", owner, payload, now_ms + _LIFE_MS)
    )
    challenge = urlsafe_b64encode(sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    return go(outside.make_address(visit.house.base + BACK, state, nonce, challenge))


def come_back(visit: Visit) -> Response:
    """Let somebody in whom the provider knows."""
    outside, desk = _get_outside(visit), visit.house.desk
    state = visit.query.get("state", "")
    kept = desk.mark(lambda session, now_ms: tokens.use(session, state, "outside", now_ms))
    if kept is None or kept.owner != tokens.digest(visit.bond):
        raise refuse_outside("an answer to a question of another browser, or an old one")
    if visit.query.get("iss", outside.issuer) != outside.issuer or "code" not in visit.query:
        desk.tell(Who("Address", visit.address), "sign-in refused by the outside provider")
        raise refuse_outside("a refusal, or the answer of another provider")
    token = outside.exchange(visit.query["code"], kept.payload["verifier"], visit.house.base + BACK)
    claims = outside.check(token, kept.payload["nonce"], desk.clock_ms() // MS_PER_S)
    account = _put_account(visit, outside, claims)
    end_current(visit)
    visit.let_in(enter(desk, account, "outside", visit.origin))
    return go(find_local(kept.payload["next"], visit.house.home))


def _put_account(visit: Visit, outside: Outside, claims: Mapping[str, Any]) -> Account:
    """The account of a person of the provider, with the rights they have there now."""
    desk = visit.house.desk
    subject = f"{outside.issuer}|{claims['sub']}"
    roles, clinics = outside.find_rights(claims)
    if not roles:
        desk.tell(Who("Address", visit.address), f"sign-in refused: no role for {tokens.digest(subject)}")
        raise refuse_outside("somebody without a role here")
    found = _PRACTITIONER.fullmatch(str(claims.get("fhirUser", "")))
    name = " ".join(str(claims.get("name") or claims.get("preferred_username") or "").split())
    locale = str(claims.get("locale", ""))[:2]
    before = desk.ask(lambda session: rows.find_subject(session, subject))
    account = Account(
        before.id if before else str(uuid4()),
        f"outside-{tokens.digest(subject)[:16]}",
        "".join(sign for sign in name if sign.isprintable())[:_LONGEST_NAME] or outside.name,
        roles, clinics, found[1] if found else None,
        language=locale if locale in LANGUAGES else visit.language,
        subject=subject, is_disabled=before.is_disabled if before else False,
    )  # fmt: skip
    if account != before:

        def command(session: Session, now_ms: int) -> None:
            rows.put_account(session, account, now_ms)

        desk.do(command, account.who, f"account {account.id} as the outside provider has it")
    return account


def _get_outside(visit: Visit) -> Outside:
    if visit.house.outside is None:
        raise refuse_outside("none")
    return visit.house.outside
