"""Who is in the room of tanks, how long the nitrogen lasts, and what has to be calibrated and maintained."""

from datetime import time
from typing import Any, Final

from starlette.responses import Response

from oncopolis import biobank
from oncopolis.biobank.watching.nitrogen import (
    Supply,
    compute_autonomy_days,
    compute_stocks_l,
    find_empty_day,
    list_deliveries_l,
)
from oncopolis.biobank.watching.rooms import find_closing
from oncopolis.foundation import NotFoundError, OncopolisError
from oncopolis.foundation.marking import mark
from oncopolis.record.biobank.books import Books
from oncopolis.record.biobank.watching import Nitrogen, find_nitrogen, list_inside, list_upkeep
from oncopolis.web.live.bank_acts import perform
from oncopolis.web.live.doing import add_query, read_local_ms
from oncopolis.web.live.rota import list_people
from oncopolis.web.live.showing import show
from oncopolis.web.live.station import Station
from oncopolis.web.login.visits import Visit
from oncopolis.web.pages import go
from oncopolis.web.tanks.watcher import Look

HOME: Final = "/live/tanks/safety"
ACTS: Final = ("bank_enter_room", "bank_leave_room", "bank_plan_upkeep", "bank_do_upkeep", "bank_nitrogen")
CARES: Final = {"calibration": mark("Calibration"), "maintenance": mark("Maintenance")}
_AHEAD_DAYS: Final = 90  # structure: how far the stock is followed
_NIGHT: Final = time(23, 59)  # structure: the end of a day by which something is due


def show_safety(station: Station, visit: Visit) -> Response:
    """Show all of it."""
    look = Look({}, (), {}, ()) if station.tanks is None else station.tanks.look()
    rooms = [subject for subject, channels in look.channels.items() if "oxygen" in channels]

    def read(books: Books) -> dict[str, Any]:
        session = books.session
        return {
            "inside": list_inside(session), "upkeep": list_upkeep(session), "stock": find_nitrogen(session)
        }  # fmt: skip

    found = biobank.Bank(station.live.store).ask(read)
    me = visit.account.who.reference
    return show(
        station, visit, "tank_safety.html", **found, rooms=rooms, me=me, cares=CARES,
        people=[one for one in list_people(visit) if one[0] != me], subjects=sorted(look.channels),
        closed={room: bool(find_closing(look.alarms, room)) for room in rooms},
        lasts=find_lasts(station, look, found["stock"]), ahead=_AHEAD_DAYS,
        today=station.house.to_local(station.now_ms).date().isoformat(), patients=(),
    )  # fmt: skip


def find_lasts(station: Station, look: Look, stock: Nitrogen | None) -> dict[str, float | int | None] | None:
    """Days until the first tank warms without a supplier; days until the bulk tank is empty with one.

    ``short`` is what counts as too few. None while nobody has read the bulk tank, or no tank tells its level.
    """
    get = station.house.values.get
    levels = [one["level"].value for one in look.channels.values() if "level" in one]
    known = [level for level in levels if level is not None]
    if stock is None or not known:
        return None
    low, full_l = get("tanks.level.low"), get("tanks.nitrogen.full")
    above_l = [max(level - low, 0) * full_l for level in known]
    supply = Supply(stock.stock_l, above_l, get("biobank.ln2_per_tank"), get("biobank.ln2_transfer_loss"))

    def find_empty(n_missed: int) -> int | None:
        coming = list_deliveries_l(stock.delivery_l, stock.every_days, stock.next_days, _AHEAD_DAYS, n_missed)
        return find_empty_day(compute_stocks_l(supply, coming, _AHEAD_DAYS))

    return {
        "alone": compute_autonomy_days(supply), "kept": find_empty(0), "missed": find_empty(1),
        "stopped": find_empty(_AHEAD_DAYS), "short": get("tanks.nitrogen.short"),
    }  # fmt: skip


def take_safety_act(station: Station, visit: Visit) -> Response:
    """Do an act of the room, the nitrogen or the upkeep by a form; back to the page."""
    name = visit.parts["name"]
    if name not in ACTS:
        raise NotFoundError(
            code="WEB-426", where=f"act {name:.40}", got="no act of the room", expected=", ".join(ACTS),
            fix="go back to the page",
        )  # fmt: skip
    fields = biobank.ACTS[name].asked.model_fields
    said: dict[str, object] = {field: visit.form[field] for field in fields if visit.form.get(field)}
    try:
        if name == "bank_enter_room":
            said["companion_name"] = dict(list_people(visit)).get(visit.form.get("companion", ""), "")
        if name == "bank_plan_upkeep":
            said["due_ms"] = read_local_ms(station.house, visit.form.get("due", ""), _NIGHT.isoformat())
        perform(station, visit, name, said)
    except OncopolisError as error:
        return go(add_query(HOME, told=error.code))
    return go(add_query(HOME, done=name))
