"""What stands around the pages of screens: nothing that leads anywhere, in the languages of the screen."""

from collections.abc import Callable
from http import HTTPStatus

from starlette.responses import Response

from oncopolis.operations.notices.naming import find_place, word_place
from oncopolis.web import pages
from oncopolis.web.display.screens import Screen
from oncopolis.web.live.station import Station
from oncopolis.web.login.visits import Visit
from oncopolis.web.pages import CODES, find_words


def choose_language(visit: Visit, screen: Screen) -> str:
    """Return the language of a screen: as somebody chose in front of it, else its own."""
    wish = visit.query.get("language", "")
    return wish if wish in CODES else screen.languages[0]


def show(
    station: Station, visit: Visit, screen: Screen, template: str, status: int = HTTPStatus.OK,
    **values: object,
) -> Response:  # fmt: skip
    """Fill a page of a screen."""
    code = choose_language(visit, screen)
    every: dict[str, object] = {
        "screen": screen,
        "visit": visit,
        "where": word_place(find_place(station.house, screen.area), code),
        "in_all": _make_teller(screen, code),
        "stream": "",
    }
    frame = pages.Frame(
        code, station.login.name, station.mode.name == "shadow", zone=station.house.zone, is_alive=True,
        values=every,
    )  # fmt: skip
    return pages.show("display", template, frame, status, "", **values)


def _make_teller(screen: Screen, code: str) -> Callable[[str], list[tuple[str, str]]]:
    """Say one thing in all languages of a screen: (language, words), the chosen one first."""
    codes = dict.fromkeys((code, *screen.languages))

    def tell(message: str) -> list[tuple[str, str]]:
        return [(one, find_words(one).text(message)) for one in codes]

    return tell
