"""The wall of the command centre on a screen of its own: the campus in numbers, nobody's name."""

from typing import Final

from starlette.responses import Response

from oncopolis.operations.command.causes import Cause
from oncopolis.web.display.framing import choose_language, show
from oncopolis.web.display.screens import CAMPUS, admit
from oncopolis.web.live.command import name_place, read_wall
from oncopolis.web.live.naming import Names
from oncopolis.web.live.showing import make_stream_address
from oncopolis.web.live.station import Station
from oncopolis.web.login.visits import Visit
from oncopolis.web.pages import find_words

HOME: Final = f"/wall/{CAMPUS}"


def show_wall(station: Station, visit: Visit) -> Response:
    """The campus now."""
    screen = admit(visit, "wall", CAMPUS)
    names = Names(station.house, find_words(choose_language(visit, screen)))

    def place(cause: Cause) -> str:
        return name_place(names, cause.rule, cause.subject)

    stream = make_stream_address(visit, [CAMPUS], f"{HOME}/stream")
    values, _ = read_wall(station, names)
    return show(
        station, visit, screen, "wall.html", stream=stream, names=names, now_ms=station.now_ms, place=place,
        here=HOME, **values,
    )  # fmt: skip
