"""Call boards: numbers and rooms, as large as they can be read from afar; nobody's name, nobody's reason."""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

from starlette.responses import Response

from oncopolis.operations import House
from oncopolis.operations.arrivals.boards import compute_mean_wait
from oncopolis.operations.arrivals.indexes import Queues
from oncopolis.operations.floor import Floor
from oncopolis.operations.forecasting import Forecast, forecast
from oncopolis.operations.notices.naming import find_place, get_words, word_place
from oncopolis.web.display.framing import show
from oncopolis.web.display.screens import Screen, admit
from oncopolis.web.live.queues import get_area
from oncopolis.web.live.showing import make_stream_address
from oncopolis.web.live.station import Station
from oncopolis.web.login.visits import Visit

MOST: Final = 8  # structure: lines that fill a screen
"""Calls a board shows; those before them have been seen."""
MOST_NEXT: Final = 12  # structure: numbers that fit below the calls
"""How many of those who wait are shown with their forecast."""
FRESH_MS: Final = 30_000  # structure: for how long a call is marked as new


@dataclass(frozen=True, slots=True)
class Call:
    """One line of a board."""

    number: str
    rooms: tuple[str, ...]
    """Where to come, in each language of the board."""
    is_fresh: bool


@dataclass(frozen=True, slots=True)
class Waiting:
    """A number that is not called yet, and how long that may take: in 8 of 10 cases between these minutes."""

    number: str
    wait: Forecast | None


@dataclass(frozen=True, slots=True)
class Board:
    """What a board shows.

    Parameters
    ----------
    following
        Those who are called next, in order; urgent ones may come before them.
    mean_wait_min
        Mean of today's waits, with those that are not over; None before anybody came.
    """

    calls: tuple[Call, ...]
    following: tuple[Waiting, ...]
    n_waiting: int
    mean_wait_min: float | None


def read_board(floor: Floor, area: str, languages: tuple[str, ...], now_ms: int) -> Board:
    """Look at who was called and has not begun, the last call first."""
    queues = floor.index(Queues)
    contacts = queues.of_area.get(area, {})
    called = [one for one in contacts.values() if one.state == "called" and one.called_ms is not None]
    called.sort(key=lambda one: (-(one.called_ms or 0), one.number))
    calls = tuple(
        Call(
            one.number,
            tuple(dict.fromkeys(word_room(floor.house, area, one.room or "", code) for code in languages)),
            now_ms - (one.called_ms or 0) < FRESH_MS,
        )
        for one in called[:MOST]
    )  # fmt: skip
    waiting = queues.waiting.get(area, ())
    following = tuple(
        Waiting(contacts[rank[-1]].number, forecast(floor, rank[-1], now_ms)) for rank in waiting[:MOST_NEXT]
    )
    return Board(calls, following, len(waiting), compute_mean_wait(floor, area, now_ms))


def word_room(house: House, area: str, unit: str, language: str) -> str:
    """Return where to come: the number on the door, and the whole way if it is in another department."""
    place = find_place(house, area, unit)
    card = house.units.get(unit)
    if card is None or card.department != area or not place.spot:
        return word_place(place, language)
    return get_words("places", place.spot, language).format(n=place.number)


def show_board(station: Station, visit: Visit) -> Response:
    """The board of an area."""
    area = get_area(station, visit.parts["area"])
    screen = admit(visit, "board", area)
    stream = make_stream_address(visit, [area], f"/board/{area}/stream")
    return _show(station, visit, screen, "board.html", stream=stream)


def show_calls(station: Station, visit: Visit) -> Response:
    """What changes of it."""
    area = get_area(station, visit.parts["area"])
    return _show(station, visit, admit(visit, "board", area), "calls.html")


def _show(station: Station, visit: Visit, screen: Screen, template: str, **values: object) -> Response:
    now_ms = station.now_ms
    board = station.live.ask(lambda floor: read_board(floor, screen.area, screen.languages, now_ms))
    return show(station, visit, screen, template, HTTPStatus.OK, board=board, now_ms=now_ms, **values)
