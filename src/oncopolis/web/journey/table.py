"""Every address of the journeys of patients: what a phone may call, and what is checked before."""

from collections.abc import Awaitable, Callable, Mapping
from http import HTTPStatus
from typing import Final, Literal, NamedTuple, TypeAlias

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from oncopolis.foundation import OncopolisError
from oncopolis.web.declaring import declare
from oncopolis.web.fhir.refusing import RequestError
from oncopolis.web.journey import answering, coming, forms, links, looking, page
from oncopolis.web.journey.door import HOME, Door, Guest
from oncopolis.web.journey.refusals import show_error
from oncopolis.web.login.visits import read_visit

Handler: TypeAlias = Callable[[Guest], Response]
LINK: Final = "whoever has a link"
PHONE: Final = "a phone that has opened a link"


class Address(NamedTuple):
    """One address of a phone."""

    method: Literal["GET", "POST"]
    path: str
    policy: str
    handler: Handler


ADDRESSES: Final = (
    Address("GET", HOME, PHONE, links.show_door),
    Address("GET", f"{HOME}/link/{{text}}", LINK, links.show_link),
    Address("POST", f"{HOME}/link/{{text}}", LINK, links.take_link),
    Address("GET", f"{HOME}/here/{{area}}", PHONE, coming.show_area),
    Address("GET", f"{HOME}/{{id}}", PHONE, page.show_page),
    Address("GET", f"{HOME}/{{id}}/now", PHONE, page.show_now),
    Address("GET", f"{HOME}/{{id}}/log", PHONE, looking.show_log),
    Address("POST", f"{HOME}/{{id}}/check-in", PHONE, coming.take_check_in),
    Address("POST", f"{HOME}/{{id}}/offer", PHONE, answering.take_answer),
    Address("GET", f"{HOME}/{{id}}/forms/{{form}}", PHONE, forms.show_form),
    Address("POST", f"{HOME}/{{id}}/forms/{{form}}", PHONE, forms.take_form),
    Address("POST", f"{HOME}/{{id}}/end", PHONE, links.take_end),
)
ELSEWHERE: Final = Address("GET", f"{HOME}/{{rest:path}}", LINK, links.refuse_address)
"""What there is no page at; it comes last."""


def make_routes(door: Door) -> list[Route]:
    """Return the routes of the phones."""
    paths: dict[str, dict[str, Address]] = {}
    for one in ADDRESSES:
        paths.setdefault(one.path, {})[one.method] = one
    made = [Route(path, _make_endpoint(door, listed), methods=list(listed)) for path, listed in paths.items()]
    events = Route(f"{HOME}/{{id}}/events", _make_stream(door), methods=["GET"])
    rest = Route(ELSEWHERE.path, _make_endpoint(door, {"GET": ELSEWHERE}), methods=["GET"])
    return [*made, events, rest]


def _make_endpoint(door: Door, listed: Mapping[str, Address]) -> Callable[[Request], Awaitable[Response]]:
    async def answer(request: Request) -> Response:
        if request.headers.get("host") != door.login.host:
            return _lead_home(door, request)
        try:
            guest = Guest(door, await read_visit(door.login, request))
        except RequestError as error:
            return JSONResponse({"error": "invalid_request", "error_description": str(error)}, error.status)
        return await run_in_threadpool(_answer, listed[guest.visit.method].handler, guest)

    return declare(answer, *sorted({one.policy for one in listed.values()}))


def _answer(handler: Handler, guest: Guest) -> Response:
    try:
        if guest.visit.method == "POST":
            guest.check_form()
        response = handler(guest)
    except OncopolisError as error:
        response = show_error(guest, error)
    guest.visit.write_cookies(response)
    return response


def _make_stream(door: Door) -> Callable[[Request], Awaitable[Response]]:
    async def answer(request: Request) -> Response:
        try:
            guest = Guest(door, await read_visit(door.login, request))
            topics = await run_in_threadpool(page.list_topics, guest)
        except OncopolisError:
            # The script asks no more, and the page keeps what it shows with its age.
            return Response(status_code=HTTPStatus.NO_CONTENT)
        return _Stream(door, topics, request.query_params.get("after", ""))

    return declare(answer, PHONE)


class _Stream(Response):
    """The stream of one page, as Starlette answers with it."""

    def __init__(self, door: Door, topics: list[str], after: str) -> None:
        super().__init__()
        self._app = door.stream.make_app(topics, after)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer."""
        await self._app(scope, receive, send)


def _lead_home(door: Door, request: Request) -> Response:
    """Pages live at one address only: their cookies are bound to it."""
    if request.method == "POST":
        return Response(status_code=HTTPStatus.MISDIRECTED_REQUEST)
    query = f"?{request.url.query}" if request.url.query else ""
    return RedirectResponse(f"{door.login.base}{request.url.path}{query}", HTTPStatus.TEMPORARY_REDIRECT)
