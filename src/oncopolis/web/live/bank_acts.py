"""Acts of the biobank that are done from a page."""

from collections.abc import Mapping
from typing import Any, TypeVar

from pydantic import ValidationError

from oncopolis import biobank
from oncopolis.biobank.deciding import Moment
from oncopolis.foundation import Frozen, InputError
from oncopolis.web.api.acting import check_may, make_audited
from oncopolis.web.live.station import Station
from oncopolis.web.login.gate import to_caller
from oncopolis.web.login.visits import Visit

A = TypeVar("A", bound=Frozen)
_WAIT_S = 60.0  # structure: longer than a file of many rows takes


def perform(station: Station, visit: Visit, name: str, said: Mapping[str, Any]) -> dict[str, Any]:
    """Do an act for who is signed in; the answer once it is durable.

    Raises
    ------
    InputError
        What is said is not what the act asks for (WEB-402).
    """
    act, caller = biobank.ACTS[name], to_caller(visit.account)
    check_may(caller, act)
    key = f"{caller.who.id} {visit.form['key']}" if visit.form.get("key") else None
    read_asked(act.asked, said)
    return (
        biobank.Bank(station.live.store)
        .perform(name, said, make_audited(act, caller), key=key)
        .result(_WAIT_S)
    )


def read_asked(asked: type[A], said: Mapping[str, Any]) -> A:
    """Return what a form says as what an act asks for; `InputError` WEB-402 if it is not that."""
    try:
        return asked.model_validate(said)
    except ValidationError as error:
        first = error.errors()[0]
        raise InputError(
            code="WEB-402", where=f"form, {'.'.join(map(str, first['loc']))}", got=str(first["input"])[:100],
            expected=first["msg"], fix="correct it and send it again",
        ) from None  # fmt: skip


def make_moment(station: Station, visit: Visit) -> Moment:
    """Now, for who is signed in: to see what an act would do without doing it."""
    return Moment(station.now_ms, to_caller(visit.account).who, str, lambda _type, _id: None)
