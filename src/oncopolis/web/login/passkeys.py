"""Passkeys: made on the own page, used to sign in; the device checks its owner each time."""

import json
from dataclasses import dataclass
from typing import Any, Literal

from starlette.responses import JSONResponse, Response
from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from oncopolis.foundation import ForbiddenError
from oncopolis.record.accounts import Account, Passkey, rows, tokens
from oncopolis.record.accounts.desk import Desk
from oncopolis.record.accounts.entering import enter
from oncopolis.record.accounts.errors import refuse_sign_in, refuse_weak
from oncopolis.record.store.session import Session
from oncopolis.web.login.signing_in import HOME, end_current, strengthen
from oncopolis.web.login.visits import Visit, find_local
from oncopolis.web.pages import go

_LIFE_MS = 300_000  # structure: how long somebody may look for their device
FRESH_MS = 900_000  # structure: how long after signing in keys may be added without doing it again
_LONGEST_NAME = 60  # structure: characters of the name of a passkey
_MALFORMED = (WebAuthnException, ValueError, LookupError, TypeError)
_For = Literal["enter", "add"]


@dataclass(frozen=True, slots=True)
class _Sent:
    credential: dict[str, Any]
    challenge: bytes


def offer_entry(visit: Visit) -> Response:
    """What a device needs to sign somebody in."""
    options = generate_authentication_options(
        rp_id=visit.house.domain,
        challenge=_make_challenge(visit, "enter"),
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return JSONResponse(json.loads(options_to_json(options)))


def take_entry(visit: Visit) -> Response:
    """Sign in by passkey."""
    desk, house = visit.house.desk, visit.house
    sent = _read(visit, "enter")
    key = desk.ask(lambda session: rows.find_passkey(session, str(sent.credential.get("id"))))
    account = desk.ask(lambda session: rows.find_account(session, key.account)) if key else None
    if key is None or account is None or account.is_disabled:
        raise refuse_sign_in()
    try:
        verified = verify_authentication_response(
            credential=sent.credential, expected_challenge=sent.challenge, expected_rp_id=house.domain,
            expected_origin=house.base, credential_public_key=key.public_key,
            credential_current_sign_count=key.uses, require_user_verification=True,
        )  # fmt: skip
    except _MALFORMED as error:
        desk.tell(account.who, f"passkey refused for account {account.id}")
        raise _refuse() from error
    now_ms, uses = desk.clock_ms(), verified.new_sign_count
    entered = enter(
        desk, account, "passkey", visit.origin,
        lambda session: rows.use_passkey(session, key.id, uses, now_ms),
    )  # fmt: skip
    end_current(visit)
    visit.let_in(entered)
    return JSONResponse({"next": find_local(visit.form.get("next", ""), visit.house.home)})


def offer_new(visit: Visit) -> Response:
    """What a device needs to make a passkey."""
    account = check_fresh(visit)
    keys = visit.house.desk.ask(lambda session: rows.list_passkeys(session, account.id))
    options = generate_registration_options(
        rp_id=visit.house.domain,
        rp_name=visit.house.name,
        user_id=account.id.encode(),
        user_name=account.login,
        user_display_name=account.name,
        challenge=_make_challenge(visit, "add"),
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED,
            user_verification=UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=[PublicKeyCredentialDescriptor(id=base64url_to_bytes(key.id)) for key in keys],
    )
    return JSONResponse(json.loads(options_to_json(options)))


def take_new(visit: Visit) -> Response:
    """Add a passkey to the account."""
    account = check_fresh(visit)
    desk, house = visit.house.desk, visit.house
    sent = _read(visit, "add")
    try:
        made = verify_registration_response(
            credential=sent.credential, expected_challenge=sent.challenge, expected_rp_id=house.domain,
            expected_origin=house.base, require_user_verification=True,
        )  # fmt: skip
    except _MALFORMED as error:
        raise _refuse() from error
    name = " ".join(visit.form.get("name", "").split())[:_LONGEST_NAME] or "passkey"
    id_ = bytes_to_base64url(made.credential_id)

    def command(session: Session, now_ms: int) -> None:
        if rows.find_passkey(session, id_) is not None:
            raise _refuse()
        key = Passkey(id_, account.id, made.credential_public_key, made.sign_count, name, now_ms, None)
        rows.add_passkey(session, key)

    desk.do(command, account.who, f"passkey added to account {account.id}")
    strengthen(visit, "passkey")
    return JSONResponse({"next": f"{HOME}?done=passkey"})


def take_away(visit: Visit) -> Response:
    """Remove a passkey of the account."""
    account = check_fresh(visit)
    id_ = visit.form.get("id", "")
    visit.house.desk.do(
        lambda session, _now: rows.remove_passkey(session, account.id, id_),
        account.who,
        f"passkey removed from account {account.id}",
    )
    return go(f"{HOME}?done=removed")


def _make_challenge(visit: Visit, purpose: _For) -> bytes:
    challenge = tokens.make_secret()
    owner = _name_owner(visit, purpose)
    visit.house.desk.mark(
        lambda session, now_ms: tokens.keep(session, challenge, "challenge", owner, {}, now_ms + _LIFE_MS)
    )
    return challenge.encode()


def _read(visit: Visit, purpose: _For) -> _Sent:
    """Return what the device sent, once it answers a challenge that this browser was given and not used."""
    try:
        credential = json.loads(visit.form.get("credential", ""))
        said = json.loads(base64url_to_bytes(credential["response"]["clientDataJSON"]))
        challenge = base64url_to_bytes(said["challenge"])
        kept = _use(visit.house.desk, challenge.decode())
    except _MALFORMED as error:
        raise _refuse() from error
    if kept is None or kept.owner != _name_owner(visit, purpose):
        raise _refuse()
    return _Sent(credential, challenge)


def _use(desk: Desk, challenge: str) -> tokens.Kept | None:
    return desk.mark(lambda session, now_ms: tokens.use(session, challenge, "challenge", now_ms))


def _name_owner(visit: Visit, purpose: _For) -> str:
    return tokens.digest(f"{purpose} {visit.bond}")


def check_fresh(visit: Visit) -> Account:
    """Return the account, if its owner has proved who they are just now.

    A password alone does not do where a passkey is there and asked for: whoever knew it could add their own.
    """
    account = visit.account
    assert visit.signed is not None
    if visit.house.desk.clock_ms() - visit.signed[0].opened_ms > FRESH_MS:
        raise ForbiddenError(
            code="REC-276", where="session", got="one that was opened long ago",
            expected=f"at most {FRESH_MS} ms ago", fix="sign in again",
        )  # fmt: skip
    if visit.is_confined and visit.house.desk.ask(lambda session: rows.list_passkeys(session, account.id)):
        raise refuse_weak()
    return account


def _refuse() -> ForbiddenError:
    return ForbiddenError(
        code="REC-277", where="passkey", got="an answer of the device that does not fit",
        expected="one to our question, by a key of the account", fix="try again",
    )  # fmt: skip
