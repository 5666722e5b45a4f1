"""Kiosks: scan or type a code, be told a number and where to wait; nobody's name is shown."""

import re
from http import HTTPStatus
from typing import Final
from urllib.parse import parse_qs, urlsplit

from starlette.responses import Response

from oncopolis.foundation import InputError, OncopolisError
from oncopolis.operations import get_act
from oncopolis.operations.arrivals.indexes import Expected
from oncopolis.operations.floor import Floor
from oncopolis.operations.notices.naming import find_place, word_place
from oncopolis.record.access import Caller
from oncopolis.web.display.framing import choose_language, show
from oncopolis.web.display.screens import Screen, admit
from oncopolis.web.fhir.refusing import RequestError
from oncopolis.web.live.doing import make_key, perform_as
from oncopolis.web.live.naming import SHORT
from oncopolis.web.live.queues import get_area
from oncopolis.web.live.station import Station
from oncopolis.web.live.telling import tell_code
from oncopolis.web.login.limiting import Buckets
from oncopolis.web.login.pages import get_status_of
from oncopolis.web.login.visits import Visit
from oncopolis.web.pages import NAMES, find_words

REST_S: Final = 20  # structure: long enough to read a number and a place
"""After how long a kiosk is ready for the next."""
_LONGEST: Final = 300  # structure: characters of what a scanner reads
_CODE: Final = re.compile(r"[A-Za-z0-9.-]{1,64}")
_TRIES: Final = Buckets(1.0, 30.0)  # structure: codes a second at one kiosk, and how many at once


def show_kiosk(station: Station, visit: Visit) -> Response:
    """The page that waits for a code."""
    area = get_area(station, visit.parts["area"])
    return _show(station, visit, admit(visit, "kiosk", area))


def take_code(station: Station, visit: Visit) -> Response:
    """Check somebody in by their code."""
    area = get_area(station, visit.parts["area"])
    screen = admit(visit, "kiosk", area)
    try:
        _check_tries(screen)
        code = read_code(visit.form.get("code", ""))
        code = station.live.ask(lambda floor: complete(floor, code, station.now_ms))
        said = {"code": code, "channel": "kiosk", "area": area}
        answer = perform_as(station, Caller(screen.who), get_act("check_in"), said, visit.form.get("key", ""))
    except OncopolisError as error:
        words = find_words(choose_language(visit, screen))
        return _show(station, visit, screen, get_status_of(error), told=tell_code(words, error.code))
    place = word_place(find_place(station.house, answer["area"]), choose_language(visit, screen))
    return _show(station, visit, screen, number=answer["number"], place=place, rest_s=REST_S)


def _show(
    station: Station, visit: Visit, screen: Screen, status: int = HTTPStatus.OK, **values: object
) -> Response:
    every: dict[str, object] = {
        "number": "", "key": make_key(), "languages": NAMES.items(), "told": "", "rest_s": 0, "place": "",
    }  # fmt: skip
    return show(station, visit, screen, "kiosk.html", status, **(every | values))


def read_code(text: str) -> str:
    """Return the code of what was scanned or typed: by itself, or in an address.

    Raises
    ------
    InputError
        It is none (WEB-006).
    """
    text = text.strip()
    if len(text) <= _LONGEST and "/" in text:
        parts = urlsplit(text)
        text = next(iter(parse_qs(parts.query).get("code", ())), parts.path.rstrip("/").rpartition("/")[2])
    text = text.replace(" ", "")
    if not _CODE.fullmatch(text):
        raise _refuse_code()
    return text


def complete(floor: Floor, code: str, now_ms: int) -> str:
    """Return the whole code of an appointment of today of which the end was typed; any other as it is."""
    if len(code) != SHORT:
        return code
    day, _ = floor.house.to_minute(now_ms)
    first_ms, end_ms = floor.house.to_ms(day), floor.house.to_ms(day, _DAY_MIN)
    expected, end = floor.index(Expected), code.lower()
    found = [
        id_
        for activity in floor.house.cards
        for id_ in expected.list_ids(activity, first_ms, end_ms)
        if id_.endswith(end)
    ]
    if len(found) != 1:
        raise _refuse_code()
    return found[0]


_DAY_MIN: Final = 1440  # structure: minutes of a day


def _check_tries(screen: Screen) -> None:
    if _TRIES.take(screen.id) > 0:
        raise RequestError(
            code="WEB-007", where="kiosk", got="too many codes in a short time",
            expected="one after the other", fix="wait a little",
            status=HTTPStatus.TOO_MANY_REQUESTS, issue="throttled",
        )  # fmt: skip


def _refuse_code() -> InputError:
    return InputError(
        code="WEB-006", where="code", got="something else", expected=f"a code, or its last {SHORT} signs",
        fix="scan it again, or ask at reception",
    )  # fmt: skip
