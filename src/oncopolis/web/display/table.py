"""Every page of screens."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Final, Literal, NamedTuple

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route
from starlette.types import Receive, Scope, Send

from oncopolis.foundation import OncopolisError
from oncopolis.web import pages
from oncopolis.web.declaring import PUBLIC, declare
from oncopolis.web.display import boards, kiosks, screen_pages, walls
from oncopolis.web.display.screens import CAMPUS, Kind, admit
from oncopolis.web.live.command import TOPICS
from oncopolis.web.live.showing import note_mark
from oncopolis.web.live.station import Station
from oncopolis.web.live.telling import tell_code
from oncopolis.web.live.topics import name_topic
from oncopolis.web.login import Page
from oncopolis.web.login import make_routes as make_login_routes
from oncopolis.web.login.pages import get_status_of, make_frame
from oncopolis.web.login.routing import DEVICE
from oncopolis.web.login.visits import Visit, read_visit
from oncopolis.web.pages import find_words

WORKER: Final = "/board/worker.js"
CALM_S: Final = 0.5  # structure: how long a board is left alone after it was told something


class _Page(NamedTuple):
    method: Literal["GET", "POST"]
    path: str
    policy: str
    handler: Callable[[Station, Visit], Response]


PAGES: Final = (
    _Page("GET", "/board/{area}", DEVICE, boards.show_board),
    _Page("GET", "/board/{area}/calls", DEVICE, boards.show_calls),
    _Page("GET", "/kiosk/{area}", DEVICE, kiosks.show_kiosk),
    _Page("POST", "/kiosk/{area}", DEVICE, kiosks.take_code),
    _Page("GET", walls.HOME, DEVICE, walls.show_wall),
    _Page("GET", "/screen/{secret}", "anybody", screen_pages.open_screen),
    _Page("GET", "/screens", "administrator", screen_pages.show_screens),
    _Page("POST", "/screens", "administrator", screen_pages.take_screen),
    _Page("POST", "/screens/end", "administrator", screen_pages.take_end),
)


def make_routes(station: Station) -> list[BaseRoute]:
    """Return everything screens are answered."""
    listed = [Page(page.method, page.path, page.policy, _bind(station, page)) for page in PAGES]
    streams = [
        Route("/board/{area}/stream", declare(_Listening(station, "board"), DEVICE), methods=["GET"]),
        Route(f"{walls.HOME}/stream", declare(_Listening(station, "wall"), DEVICE), methods=["GET"]),
    ]
    return [
        Route(WORKER, declare(_give_worker, PUBLIC), methods=["GET"]),
        *streams,
        *make_login_routes(station.login, listed),
    ]


async def _give_worker(_request: Request) -> Response:
    """Give what keeps boards, at an address above them: its reach is what lies below."""
    headers = {
        "Cache-Control": "no-cache",
        "Content-Security-Policy": "default-src 'none'; connect-src 'self'",
    }
    script = pages.read_asset("display", "worker.js")
    return Response(script, HTTPStatus.OK, headers, "text/javascript; charset=utf-8")


def _bind(station: Station, page: _Page) -> Callable[[Visit], Response]:
    def handle(visit: Visit) -> Response:
        note_mark(station, visit)
        try:
            return page.handler(station, visit)
        except OncopolisError as error:
            words = find_words(visit.language)
            told = tell_code(words, error.code)
            back = ("/login", words.text("Sign in")) if visit.signed is None else None
            return pages.show_refusal(make_frame(visit), get_status_of(error), told, back)

    return handle


class _Listening:
    """The events of a board or a wall."""

    def __init__(self, station: Station, kind: Kind) -> None:
        self._station = station
        self._kind = kind

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope)
        area = request.path_params.get("area", CAMPUS)
        try:
            visit = await read_visit(self._station.login, request)
            await run_in_threadpool(admit, visit, self._kind, area)
        except OncopolisError as error:
            await Response(status_code=get_status_of(error))(scope, receive, send)
            return
        after = request.query_params.get("after", "")
        topics = TOPICS if self._kind == "wall" else [name_topic("area", area)]
        await self._station.stream.make_app(topics, after, CALM_S)(scope, receive, send)
