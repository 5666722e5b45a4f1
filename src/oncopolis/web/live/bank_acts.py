"""Acts of the biobank that are done from a page."""

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from oncopolis import biobank
from oncopolis.foundation import InputError
from oncopolis.web.api.acting import check_may, make_audited
from oncopolis.web.live.station import Station
from oncopolis.web.login.gate import to_caller
from oncopolis.web.login.visits import Visit

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
    bank = biobank.Bank(station.live.store)
    try:
        return bank.perform(name, said, make_audited(act, caller), key=key).result(_WAIT_S)
    except ValidationError as error:
        first = error.errors()[0]
        raise InputError(
            code="WEB-402", where=f"form, {'.'.join(map(str, first['loc']))}", got=str(first["input"])[:100],
            expected=first["msg"], fix="correct it and send it again",
        ) from None  # fmt: skip
