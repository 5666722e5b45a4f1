"""Acts of the biobank by a form of a page: done, and back to where it was sent from."""

from datetime import time
from typing import Any, Final

from starlette.responses import Response

from oncopolis import biobank
from oncopolis.foundation import NotFoundError, OncopolisError
from oncopolis.operations import House
from oncopolis.web.live.bank_acts import perform
from oncopolis.web.live.doing import add_query, is_list, read_local_ms
from oncopolis.web.live.station import Station
from oncopolis.web.login.visits import Visit, find_local
from oncopolis.web.pages import go

ACTS: Final = (
    "bank_decide_request", "bank_select", "bank_pick", "bank_drop", "bank_sign_release", "bank_return",
    "bank_publish", "bank_publish_own", "bank_ship", "bank_ask_destruction", "bank_sign_destruction",
    "bank_begin_evacuation", "bank_carry", "bank_cancel_evacuation", "bank_open_tank", "bank_add_container",
    "bank_move_container", "bank_close_container", "bank_hold", "bank_place", "bank_take", "bank_hand",
    "bank_freeze", "bank_thaw", "bank_measure", "bank_use", "bank_review", "bank_consent",
)  # fmt: skip
_HOME: Final = "/live/biobank"
_NIGHT: Final = time(23, 59)  # structure: the end of a day that is told without a time


def take_bank_act(station: Station, visit: Visit) -> Response:
    """Do an act by a form, and go back to where it was sent from."""
    name, back = visit.parts["name"], find_local(visit.form.get("back", ""), _HOME)
    if name not in ACTS:
        raise NotFoundError(
            code="WEB-420", where=f"act {name:.40}", got="no act of these pages", expected=", ".join(ACTS),
            fix="go back to the page",
        )  # fmt: skip
    try:
        perform(station, visit, name, read_said(station.house, visit, biobank.ACTS[name]))
    except OncopolisError as error:
        return go(add_query(back, told=error.code))
    return go(add_query(back, done=name))


def read_said(house: House, visit: Visit, act: biobank.Act[Any]) -> dict[str, Any]:
    """Return what a form says of what an act asks for.

    A list ``x`` is in fields ``x-1``, ``x-2``, ...; a moment ``x_ms`` is told by the clocks of the centre as
    ``x_ms@day``, with ``x_ms@time`` or as the end of that day.
    """
    said: dict[str, Any] = {}
    for name, field in act.asked.model_fields.items():
        text = visit.form.get(name, "").strip()
        if is_list(field.annotation):
            said[name] = [visit.form[key] for key in sorted(visit.form) if key.startswith(f"{name}-")]
        elif day := visit.form.get(f"{name}@day", ""):
            clock = visit.form.get(f"{name}@time") or _NIGHT.isoformat()
            said[name] = read_local_ms(house, day, clock)
        elif text:
            said[name] = text
    return said
