"""Tanks: what each says, how old that is, and alarms with their owners."""

from collections.abc import Mapping
from typing import Final

from pydantic import ValidationError
from starlette.responses import Response

from oncopolis import biobank
from oncopolis.biobank.watching.alarms import TankAlarm
from oncopolis.biobank.watching.channels import Channel
from oncopolis.biobank.watching.readings import Kind
from oncopolis.biobank.watching.rota import find_called
from oncopolis.foundation import InputError, NotFoundError, OncopolisError
from oncopolis.foundation.marking import mark
from oncopolis.foundation.units import MS_PER_SECOND, PERCENT
from oncopolis.record.biobank.books import Books
from oncopolis.record.biobank.exposure import Exposed, list_exposed
from oncopolis.record.biobank.watching import list_on_duty
from oncopolis.web.api.acting import check_may, make_audited
from oncopolis.web.live.doing import add_query
from oncopolis.web.live.showing import show
from oncopolis.web.live.station import Station
from oncopolis.web.login.gate import to_caller
from oncopolis.web.login.visits import Visit
from oncopolis.web.pages import find_words, go
from oncopolis.web.tanks.watcher import Look
from oncopolis.web.tanks.words import RULES, RUNGS

HOME: Final = "/live/tanks"
ACTS: Final = ("bank_own_alarm", "bank_put_off_alarm", "bank_drill")
SENSORS: Final[Mapping[Kind, str]] = {
    "temperature": mark("Temperature"),
    "level": mark("Nitrogen"),
    "lid": mark("Lid"),
    "oxygen": mark("Oxygen"),
    "interlock": mark("Entry interlock"),
}
_MOST_SHOWN: Final = 2_000  # structure: specimens on one page
_WAIT_S: Final = 20.0  # structure: after which a reader is told that it is not known whether it was done


def show_tanks(station: Station, visit: Visit) -> Response:
    """The wall of tanks."""
    now_ms = station.now_ms
    look = Look({}, (), {}, ()) if station.tanks is None else station.tanks.look()
    alarms = sorted(look.alarms, key=lambda one: (bool(one.owner), not one.is_serious, one.since_ms))
    words = find_words(visit.language)
    bank = biobank.Bank(station.live.store)
    on_duty = bank.ask(lambda books: list_on_duty(books.session, now_ms))
    return show(
        station, visit, "tanks.html", on_duty=on_duty,
        called=lambda rung: ", ".join(one.name for one in find_called(on_duty, rung)),
        topics=("tankalarm",), look=look, alarms=alarms, rules=RULES,
        rungs=RUNGS, sensors=SENSORS, tell=lambda kind, channel: tell_value(words.text, kind, channel),
        subjects=sorted(look.channels), worst=find_worst(alarms),
        age_s=lambda channels: find_age_ms(channels, now_ms) // MS_PER_SECOND,
    )  # fmt: skip


def show_exposed(station: Station, visit: Visit) -> Response:
    """Which specimens were in a tank since its alarm began, and for how long."""
    look = Look({}, (), {}, ()) if station.tanks is None else station.tanks.look()
    alarm = next((one for one in look.alarms if one.id == visit.parts["id"]), None)
    if alarm is None:
        raise NotFoundError(
            code="WEB-314", where=f"alarm {visit.parts['id']:.40}", got="no such alarm now",
            expected="one that goes on", fix="go back to the wall of tanks",
        )  # fmt: skip
    since_ms, until_ms = alarm.since_ms, alarm.gone_ms or station.now_ms

    def find(books: Books) -> list[Exposed]:
        tank = books.find_container(alarm.subject)
        return [] if tank is None else list_exposed(books.session, tank.id, since_ms, until_ms)

    exposed = biobank.Bank(station.live.store).ask(find)
    return show(
        station, visit, "exposed.html", alarm=alarm, n=len(exposed), exposed=exposed[:_MOST_SHOWN],
        words=find_words(visit.language).text(RULES[alarm.rule]),
    )  # fmt: skip


def find_age_ms(channels: Mapping[Kind, Channel], now_ms: int) -> int:
    """How long ago the sensor spoke that has been silent for longest, milliseconds."""
    return max((now_ms - one.heard_ms for one in channels.values()), default=0)


def find_worst(alarms: list[TankAlarm]) -> dict[str, str]:
    """Tank or room -> how its tile looks: somebody has to come, or somebody has."""
    found: dict[str, str] = {}
    for one in reversed(alarms):
        found[one.subject] = "wait" if one.owner or not one.is_serious else "stop"
    return found


def tell_value(text, kind: Kind, channel: Channel) -> str:  # type: ignore[no-untyped-def]
    """Return what a sensor says, as it is read on a wall."""
    if channel.value is None:
        return "–"
    if kind == "temperature":
        return f"{channel.value:.1f} °C".replace("-", "\N{MINUS SIGN}")
    if kind in ("level", "oxygen"):
        return f"{channel.value * PERCENT:.{0 if kind == 'level' else 1}f} %"
    is_open = (channel.value == 1) == (kind == "lid")
    return str(text(mark("open")) if is_open else text(mark("closed")))


def take_tank_act(station: Station, visit: Visit) -> Response:
    """Own an alarm, put it off, or begin an exercise; back to the wall."""
    name = visit.parts["name"]
    try:
        perform(station, visit, name)
    except OncopolisError as error:
        return go(add_query(HOME, told=error.code))
    return go(add_query(HOME, done=name))


def perform(station: Station, visit: Visit, name: str) -> None:
    """Do an act of the tanks by a form for who is signed in."""
    if name not in ACTS:
        raise NotFoundError(
            code="WEB-312", where=f"act {name:.40}", got="no act of tanks", expected=", ".join(ACTS),
            fix="go back to the page",
        )  # fmt: skip
    act, caller = biobank.ACTS[name], to_caller(visit.account)
    check_may(caller, act)
    said = {field: visit.form[field] for field in act.asked.model_fields if visit.form.get(field)}
    key = f"{caller.who.id} {visit.form['key']}" if visit.form.get("key") else None
    bank = biobank.Bank(station.live.store)
    try:
        bank.perform(name, said, make_audited(act, caller), key=key).result(_WAIT_S)
    except ValidationError as error:
        first = error.errors()[0]
        raise InputError(
            code="WEB-313", where=f"form, {'.'.join(map(str, first['loc']))}", got=str(first["input"])[:100],
            expected=first["msg"], fix="correct it and send it again",
        ) from None  # fmt: skip
