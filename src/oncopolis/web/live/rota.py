"""The rota of the tanks: who is called when something is wrong with one."""

from typing import Any, Final

from starlette.responses import Response

from oncopolis import biobank
from oncopolis.foundation import NotFoundError, OncopolisError
from oncopolis.foundation.units import MS_PER_DAY
from oncopolis.record.accounts import Account, rows
from oncopolis.record.biobank.watching import list_duties
from oncopolis.web.live.bank_acts import perform
from oncopolis.web.live.doing import add_query, may, read_local_ms
from oncopolis.web.live.showing import show
from oncopolis.web.live.station import Station
from oncopolis.web.login.visits import Visit
from oncopolis.web.pages import go
from oncopolis.web.tanks.words import RUNGS

HOME: Final = "/live/tanks/rota"
ACTS: Final = ("bank_duty", "bank_end_duty")


def show_rota(station: Station, visit: Visit) -> Response:
    """Who is on duty now and later, and the form for another one."""
    now_ms = station.now_ms
    today, tomorrow = (station.house.to_local(at_ms).date() for at_ms in (now_ms, now_ms + MS_PER_DAY))
    return show(
        station, visit, "rota.html", rungs=RUNGS, people=list_people(visit), act=ACTS[0],
        duties=biobank.Bank(station.live.store).ask(lambda books: list_duties(books.session, now_ms)),
        today=today.isoformat(), tomorrow=tomorrow.isoformat(), patients=(),
    )  # fmt: skip


def list_people(visit: Visit, act: str = "bank_own_alarm") -> list[tuple[str, str]]:
    """Return accounts that may do an act: how custody names them, and what they are called."""
    accounts = visit.house.desk.ask(rows.list_accounts)
    return [(_name(one), one.name) for one in accounts if may(one, act)]


def _name(account: Account) -> str:
    return account.who.reference


def take_duty(station: Station, visit: Visit) -> Response:
    """Put somebody on the rota, or take them off; back to it."""
    name = visit.parts["name"]
    if name not in ACTS:
        raise NotFoundError(
            code="WEB-425", where=f"act {name:.40}", got="no act of the rota", expected=", ".join(ACTS),
            fix="go back to the page",
        )  # fmt: skip
    try:
        said = _read(station, visit) if name == ACTS[0] else {"duty": visit.form.get("duty", "")}
        perform(station, visit, name, said)
    except OncopolisError as error:
        return go(add_query(HOME, told=error.code))
    return go(add_query(HOME, done=name))


def _read(station: Station, visit: Visit) -> dict[str, Any]:
    form = visit.form
    called = dict(list_people(visit))
    ends = {
        f"{end}_ms": read_local_ms(station.house, form.get(f"{end}_day", ""), form.get(f"{end}_time", ""))
        for end in ("from", "until")
    }
    said = {field: form.get(field, "") for field in ("person", "address", "rung")}
    return {**said, **ends, "name": called.get(said["person"], "")}
