"""The pages with who may call them: a table, and what is checked before each."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final, Literal, TypeAlias
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from oncopolis.foundation import ForbiddenError, OncopolisError
from oncopolis.record.accounts.errors import refuse_weak
from oncopolis.web.declaring import declare
from oncopolis.web.fhir.refusing import RequestError
from oncopolis.web.login.house import House
from oncopolis.web.login.pages import answer_refusal, show_error
from oncopolis.web.login.signing_in import HOME
from oncopolis.web.login.visits import LIMIT_BYTES, Visit, read_visit
from oncopolis.web.pages import go

DEVICE: Final = "device"
"""Who is not signed in, but came by a link for a screen of the centre."""
AUTHORIZE: Final = "/oauth/authorize"
Handler: TypeAlias = Callable[[Visit], Response]
Check: TypeAlias = Callable[[Visit], None]


@dataclass(frozen=True, slots=True)
class Page:
    """One address.

    Parameters
    ----------
    policy
        Who may call it: ``anybody``, who is ``signed in``, an ``administrator``, or a ``program``, which
        proves itself in the handler and has no cookies; a ``device`` or any other is what `check` looks at.
    is_for_script
        Whether its answers, refusals too, are JSON for a script of ours.
    """

    method: Literal["GET", "POST"]
    path: str
    policy: str
    handler: Handler
    is_for_script: bool = False
    check: Check | None = None
    """Refuses whom the policy does not name."""
    most_bytes: int = LIMIT_BYTES
    """Longest body; where it is more than a form has, a file may come with it."""


def make_routes(house: House, pages: Sequence[Page]) -> list[Route]:
    """Return the routes of a table."""
    paths: dict[str, list[Page]] = {}
    for page in pages:
        paths.setdefault(page.path, []).append(page)
    return [
        Route(path, _make_endpoint(house, {page.method: page for page in listed}),
              methods=[page.method for page in listed])
        for path, listed in paths.items()
    ]  # fmt: skip


def _make_endpoint(house: House, pages: dict[str, Page]) -> Callable[[Request], Awaitable[Response]]:
    async def answer(request: Request) -> Response:
        page = pages["GET" if request.method == "HEAD" else request.method]
        if page.policy != "program" and request.headers.get("host") != house.host:
            return _lead_home(house, request)
        try:
            visit = await read_visit(house, request, page.most_bytes)
        except RequestError as error:
            return JSONResponse({"error": "invalid_request", "error_description": str(error)}, error.status)
        return await run_in_threadpool(_answer, page, visit)

    return declare(answer, *sorted({page.policy for page in pages.values()}))


def _answer(page: Page, visit: Visit) -> Response:
    try:
        response = _admit(page, visit) or page.handler(visit)
    except OncopolisError as error:
        response = answer_refusal(visit, error) if page.is_for_script else show_error(visit, error)
    if page.policy != "program":
        visit.write_cookies(response)
    return response


def _admit(page: Page, visit: Visit) -> Response | None:
    """Check who calls; the answer for who has to sign in first."""
    if page.policy == "program":
        return None
    if page.method == "POST":
        visit.check_form()
    if visit.is_confined and not _is_open_to_confined(page):
        if page.is_for_script:
            raise refuse_weak()
        return go(HOME)
    if page.policy == "anybody":
        return None
    if visit.signed is None and page.policy != DEVICE:
        return _lead_to_login(page, visit)
    if page.check is not None:
        page.check(visit)
    if page.policy == "administrator" and not visit.account.is_administrator:
        raise ForbiddenError(
            code="REC-273", where="page", got="an account without that role", expected="an administrator",
            fix="ask one",
        )  # fmt: skip
    return None


def _is_open_to_confined(page: Page) -> bool:
    """Whether a session that is too weak may open a page: its own, and those that nobody need sign in for."""
    if page.policy == "anybody":
        return page.path != AUTHORIZE
    return page.path == HOME or page.path.startswith(f"{HOME}/")


def _lead_to_login(page: Page, visit: Visit) -> Response:
    url = visit.request.url
    wish = url.path + (f"?{url.query}" if url.query else "")
    path = f"/login?next={quote(wish, safe='')}" if page.method == "GET" else "/login"
    if "hx-request" in visit.request.headers:
        # A script would follow the redirect and put the form to sign in into the middle of a page.
        return Response(status_code=HTTPStatus.NO_CONTENT, headers={"HX-Redirect": "/login"})
    return go(path)


def _lead_home(house: House, request: Request) -> Response:
    """Pages live at one address only: their cookies and passkeys are bound to it."""
    if request.method == "POST":
        return Response(status_code=HTTPStatus.MISDIRECTED_REQUEST)
    query = f"?{request.url.query}" if request.url.query else ""
    return RedirectResponse(f"{house.base}{request.url.path}{query}", HTTPStatus.TEMPORARY_REDIRECT)
