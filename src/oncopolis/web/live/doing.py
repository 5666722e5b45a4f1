"""Acts that are done from a page: a form becomes what is asked for, and the next page tells the result."""

from collections.abc import Mapping
from concurrent.futures import TimeoutError as Late
from datetime import date, time
from hashlib import sha256
from typing import Any, Final, get_origin
from urllib.parse import urlencode, urlsplit
from uuid import uuid4

from pydantic import ValidationError
from starlette.responses import Response

from oncopolis.foundation import ExternalError, InputError, OncopolisError
from oncopolis.operations import Act, House, Wish, get_act
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
MINUTES_PER_HOUR: Final = 60  # structure: minutes of an hour
WAIT_S: Final = 20.0  # structure: after which a reader is told that it is not known whether it was done
_KEY: Final = 22  # structure: characters of 128 random bits
_TOLD: Final = ("number", "room")
"""What the next page says of an answer."""


def may(account: Account, act: str) -> bool:
    """Tell whether an account may do an act."""
    return bool(account.roles & get_policy().acts.get(act, frozenset()))


def make_key() -> str:
    """Return what a form carries, so that sent twice it is done once."""
    return make_secret()[:_KEY]


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
    """Do an act by a form for who is signed in; the answer once it is durable."""
    said = read_said(get_act(name), form, station.house)
    return perform_said(station, visit, name, said, form.get("key", ""))


def perform_said(
    station: Station, visit: Visit, name: str, said: Mapping[str, Any], key: str = ""
) -> dict[str, Any]:
    """Do an act for who is signed in; the answer once it is durable."""
    caller, act = to_caller(visit.account), get_act(name)
    check_may(caller, act)
    return perform_as(station, caller, act, said, key)


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
        wish = Wish(act, asked, audited, key or None, fingerprint, caller=caller if caller.roles else None)
        return station.live.perform(wish).result(WAIT_S)
    except Late:
        raise ExternalError(
            code="WEB-003", where=f"act {act.name}", got=f"no answer in {WAIT_S:.0f} s",
            expected="an answer of the record", fix="look whether it was done; send it again if not",
        ) from None  # fmt: skip


def read_said(act: Act[Any], form: Mapping[str, str], house: House) -> dict[str, Any]:
    """Return what a form says of what an act asks for; what is left empty is left out.

    A moment ``x_ms`` may be told by the clocks of the centre, as ``x_ms@day`` and ``x_ms@time``; a list ``x``
    in lines of one field, or in fields ``x-1``, ``x-2``, ...
    """
    said: dict[str, Any] = {}
    for name, field in act.asked.model_fields.items():
        text = form.get(name, "").strip()
        if form.get(f"{name}@time"):
            said[name] = read_local_ms(house, form.get(f"{name}@day", ""), form[f"{name}@time"])
        elif is_list(field.annotation):
            fields = (form[key].strip() for key in sorted(form) if key.startswith(f"{name}-"))
            if members := [line for line in (*text.splitlines(), *fields) if line]:
                said[name] = members
        elif text:
            said[name] = text
    return said


def read_local_ms(house: House, day: str, clock: str) -> int:
    """Return a moment by the clocks of the centre, milliseconds since 1970 (UTC).

    Raises
    ------
    InputError
        It is none (WEB-002).
    """
    try:
        on, at = date.fromisoformat(day), time.fromisoformat(clock)
    except ValueError:
        raise InputError(
            code="WEB-002", where="form", got=f"{day:.20} {clock:.20}", expected="a day and a time",
            fix="correct it",
        ) from None  # fmt: skip
    return house.to_ms(on, at.hour * MINUTES_PER_HOUR + at.minute)


def is_list(annotation: Any) -> bool:
    """Tell whether a member takes several values: a form has one on each line."""
    return get_origin(annotation) is tuple


def add_query(path: str, **values: str) -> str:
    """Return an address of ours with what the next page tells; what the last one told goes."""
    parts = urlsplit(path)
    kept = [
        pair for pair in parts.query.split("&") if pair and pair.split("=")[0] not in (*_TOLD, "told", "done")
    ]
    query = "&".join([*kept, urlencode(values)])
    return f"{parts.path}?{query}" + (f"#{parts.fragment}" if parts.fragment else "")
