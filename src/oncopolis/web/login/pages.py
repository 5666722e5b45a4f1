"""Pages: templates filled in the reader's language, without anything inline."""

from datetime import UTC, datetime
from functools import cache
from http import HTTPStatus
from importlib.resources import files
from typing import TYPE_CHECKING

from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from oncopolis.foundation import OncopolisError
from oncopolis.foundation.marking import mark
from oncopolis.record.accounts import TooManyAttempts
from oncopolis.record.accounts.managing import LANGUAGES
from oncopolis.report.language import find_language
from oncopolis.web.fhir.headers import MS_PER_S
from oncopolis.web.fhir.refusing import get_headers, get_status
from oncopolis.web.login.visits import Visit
from oncopolis.web.mode import find_mode

if TYPE_CHECKING:
    from jinja2 import Environment

NAMES = {"en": "English", "ko": "한국어", "ru": "Русский", "uz": "Oʻzbekcha"}
_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src data:; connect-src 'self'; "
    "form-action 'self'{forms}; frame-ancestors 'none'; base-uri 'none'; object-src 'none'"
)
_TYPES = {"style.css": "text/css; charset=utf-8", "passkeys.js": "text/javascript; charset=utf-8"}

_TOLD = {
    "REC-260": mark(
        "Please choose a password of at least 12 characters that nobody guesses: several words that do not "
        "belong together."
    ),
    "REC-261": mark("The program asks for something that does not exist."),
    "REC-263": mark("That did not work. Please check what you typed, or ask for a one-time link."),
    "REC-264": mark("Too many attempts failed. Please wait a little, or use a passkey or a one-time link."),
    "REC-266": mark("Something in the form cannot be so. Please check it."),
    "REC-267": mark("There has to be an administrator who can sign in. Make another one first."),
    "REC-268": mark("Another account has this sign-in name. Please choose another."),
    "REC-269": mark("There is no such account."),
    "REC-271": mark("The page was open for too long, or belongs to another browser. Please try again."),
    "REC-273": mark("Only an administrator may do this."),
    "REC-274": mark("The link does not work: it was used, it is too old, or it was never there."),
    "REC-275": mark("The two passwords are not the same."),
    "REC-276": mark("For this, please sign out and in again first: your sign-in is too long ago."),
    "REC-277": mark("The passkey was not accepted."),
    "REC-280": mark("The program that sent you here is not known, or may not be answered at that address."),
    "REC-290": mark("The other provider did not let you in, or gave you no role here."),
}
"""What a reader is told about an error; others get the general sentence."""


def show(
    visit: Visit, template: str, status: int = HTTPStatus.OK, forms: str = "", **values: object
) -> Response:
    """Fill a page.

    Parameters
    ----------
    forms
        Another site that a form of the page leads to in the end.
    """
    language = find_language(visit.language)
    page = _get_environment().get_template(template).render(
        text=language.text, moment=_to_moment, visit=visit, house=visit.house, code=visit.language,
        languages=[(code, NAMES[code]) for code in LANGUAGES],
        is_shadow=find_mode(visit.house.desk.store) == "shadow", **{"told": "", "done": "", **values},
    )  # fmt: skip
    answer = HTMLResponse(page, status)
    answer.headers["Content-Security-Policy"] = _POLICY.format(forms=f" {forms}" if forms else "")
    return answer


def tell(visit: Visit, error: OncopolisError) -> str:
    """Return what a reader is told about an error, in their language."""
    return find_language(visit.language).text(
        _TOLD.get(error.code, mark("Something went wrong. Please try again."))
    )


def show_error(visit: Visit, error: OncopolisError) -> Response:
    """Return the page for what was refused."""
    answer = show(visit, "refused.html", get_status_of(error), told=tell(visit, error))
    answer.headers.update(_get_headers_of(error))
    return answer


def answer_refusal(visit: Visit, error: OncopolisError) -> Response:
    """Return what a script of ours is told."""
    return JSONResponse({"told": tell(visit, error)}, get_status_of(error), _get_headers_of(error))


def get_status_of(error: OncopolisError) -> int:
    """Return the HTTP status of an error."""
    return HTTPStatus.TOO_MANY_REQUESTS if isinstance(error, TooManyAttempts) else get_status(error)


def _get_headers_of(error: OncopolisError) -> dict[str, str]:
    if isinstance(error, TooManyAttempts):
        return {"Retry-After": str(error.rest_ms // MS_PER_S + 1)}
    return get_headers(error)


def go(path: str) -> Response:
    """Send the reader on, by GET."""
    return RedirectResponse(path, HTTPStatus.SEE_OTHER)


def serve_asset(visit: Visit) -> Response:
    """Return our style or script."""
    name = visit.parts["name"]
    if name not in _TYPES:
        return Response(status_code=HTTPStatus.NOT_FOUND)
    headers = {"Content-Type": _TYPES[name], "Cache-Control": "public, max-age=3600"}
    return Response(read_asset(name), headers=headers)


@cache
def read_asset(name: str) -> bytes:
    """Read one of our files."""
    return files("oncopolis.web.login").joinpath("assets", name).read_bytes()


@cache
def _get_environment() -> "Environment":
    from jinja2 import Environment, PackageLoader, StrictUndefined

    return Environment(
        loader=PackageLoader("oncopolis.web.login"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _to_moment(at_ms: int | None) -> str:
    """Write a moment, UTC."""
    return f"{datetime.fromtimestamp(at_ms / MS_PER_S, UTC):%Y-%m-%d %H:%M} UTC" if at_ms else "–"
