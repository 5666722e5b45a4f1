"""Acts that are done from a page: a form becomes what is asked for, and the next page tells the result."""

from collections.abc import Mapping
from concurrent.futures import TimeoutError as Late
from hashlib import sha256
from typing import Any, Final, get_origin
from urllib.parse import urlencode, urlsplit
from uuid import uuid4

from pydantic import ValidationError
from starlette.responses import Response

from oncopolis.foundation import ExternalError, InputError, OncopolisError
from oncopolis.operations import Act, Wish, get_act
from oncopolis.record import Act as Audited
from oncopolis.record.access import Caller
from oncopolis.record.access.policy import get_policy
from oncopolis.record.accounts import Account
from oncopolis.record.accounts.tokens import make_secret
from oncopolis.web.api.acting import check_may
from oncopolis.web.live.station import Station
from oncopolis.web.login.gate import to_caller
from oncopolis.web.login.visits import Visit, find_local
from oncopolis.web.pages import go

HOME: Final = "/live"
WAIT_S: Final = 20.0  # structure: after which a reader is told that it is not known whether it was done
_TOLD: Final = ("number", "room")
"""What the next page says of an answer."""


def may(account: Account, act: str) -> bool:
    """Tell whether an account may do an act."""
    return bool(account.roles & get_policy().acts.get(act, frozenset()))


def make_key() -> str:
    """Return what a form carries, so that sent twice it is done once."""
    return make_secret()[:22]  # structure: characters of 128 random bits


def take_act(station: Station, visit: Visit) -> Response:
    """Do the act of a form, and go back to where it was sent from."""
    name = visit.parts["name"]
    back = find_local(visit.form.get("back", ""), HOME)
    try:
        answer = perform(station, visit, name, visit.form)
    except OncopolisError as error:
        return go(add_query(back, told=error.code))
    told = {key: str(answer[key]) for key in _TOLD if answer.get(key)}
    return go(add_query(back, done=name, **told))


def perform(station: Station, visit: Visit, name: str, form: Mapping[str, str]) -> dict[str, Any]:
    """Do an act for who is signed in; the answer once it is durable."""
    caller = to_caller(visit.account)
    act = get_act(name)
    check_may(caller, act)
    return perform_as(station, caller, act, read_said(act, form), form.get("key", ""))


def perform_as(
    station: Station, caller: Caller, act: Act[Any], said: Mapping[str, Any], key: str = ""
) -> dict[str, Any]:
    """Do an act for somebody whose rights have been looked at.

    Raises
    ------
    InputError
        What is said is not what the act asks for (WEB-002).
    ExternalError
        The record has not answered in time (WEB-003).
    """
    try:
        asked = act.asked.model_validate(said)
    except ValidationError as error:
        first = error.errors()[0]
        raise InputError(
            code="WEB-002", where=f"form, {'.'.join(map(str, first['loc']))}", got=str(first["input"])[:100],
            expected=first["msg"], fix="correct it and send it again",
        ) from None  # fmt: skip
    audited = Audited("E", act.name, caller.who, str(uuid4()), caller.purpose)
    key = f"{caller.who.id} {key}" if key else ""
    fingerprint = sha256(asked.model_dump_json().encode()).hexdigest()
    try:
        return station.live.perform(Wish(act, asked, audited, key or None, fingerprint)).result(WAIT_S)
    except Late:
        raise ExternalError(
            code="WEB-003", where=f"act {act.name}", got=f"no answer in {WAIT_S:.0f} s",
            expected="an answer of the record", fix="look whether it was done; send it again if not",
        ) from None  # fmt: skip


def read_said(act: Act[Any], form: Mapping[str, str]) -> dict[str, Any]:
    """Return what a form says of what an act asks for; what is left empty is left out."""
    said: dict[str, Any] = {}
    for name, field in act.asked.model_fields.items():
        text = form.get(name, "").strip()
        if text:
            said[name] = text.replace(",", " ").split() if get_origin(field.annotation) is tuple else text
    return said


def add_query(path: str, **values: str) -> str:
    """Return an address of ours with what the next page tells; what the last one told goes."""
    parts = urlsplit(path)
    kept = [
        pair for pair in parts.query.split("&") if pair and pair.split("=")[0] not in (*_TOLD, "told", "done")
    ]
    query = "&".join([*kept, urlencode(values)])
    return f"{parts.path}?{query}" + (f"#{parts.fragment}" if parts.fragment else "")
