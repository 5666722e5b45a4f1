"""Pages of the login: what stands around them, and what a reader is told about an error."""

from http import HTTPStatus

from starlette.responses import JSONResponse, Response

from oncopolis.foundation import OncopolisError
from oncopolis.foundation.marking import mark
from oncopolis.record.access.policy import get_policy
from oncopolis.record.accounts import TooManyAttempts
from oncopolis.web import pages
from oncopolis.web.fhir.headers import MS_PER_S
from oncopolis.web.fhir.refusing import get_headers, get_status
from oncopolis.web.login.visits import Visit
from oncopolis.web.mode import find_mode
from oncopolis.web.pages import find_words

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
    "REC-355": mark(
        "The code does not fit, or was used. Please wait for the next one, and see that the clock of the "
        "phone is right."
    ),
    "REC-356": mark("For this, please sign in with your passkey, not with the password."),
    "REC-280": mark("The program that sent you here is not known, or may not be answered at that address."),
    "REC-290": mark("The other provider did not let you in, or gave you no role here."),
}
"""What a reader is told about an error; others get the general sentence."""


def show(
    visit: Visit, template: str, status: int = HTTPStatus.OK, forms: str = "", **values: object
) -> Response:
    """Fill a page of the login.

    Parameters
    ----------
    forms
        Another site that a form of the page leads to in the end.
    """
    return pages.show("login", template, make_frame(visit), status, forms, **values)


def make_frame(visit: Visit) -> pages.Frame:
    """Return what stands around a page."""
    words = find_words(visit.language)
    links = []
    is_free = visit.signed is not None and not visit.is_confined
    if is_free and visit.account.roles & frozenset().union(*get_policy().acts.values()):
        links.append(("/live", words.text("Centre")))
    if visit.signed:
        links.append(("/account", words.text("My account")))
    if is_free and visit.account.is_administrator:
        links += [
            ("/accounts", words.text("Accounts")),
            ("/apps", words.text("Programs")),
            ("/screens", words.text("Screens")),
        ]
    return pages.Frame(
        visit.language, visit.house.name, find_mode(visit.house.desk.store) == "shadow",
        (lambda code: visit.change_query("language", code)) if visit.method == "GET" else None,
        zone=visit.house.zone, home="/account",
        links=[pages.Link(href, label, visit.request.url.path == href) for href, label in links],
        csrf=visit.csrf if visit.signed else "", values={"visit": visit},
    )  # fmt: skip


def tell(visit: Visit, error: OncopolisError) -> str:
    """Return what a reader is told about an error, in their language."""
    return find_words(visit.language).text(
        _TOLD.get(error.code, mark("Something went wrong. Please try again."))
    )


def show_error(visit: Visit, error: OncopolisError) -> Response:
    """Return the page for what was refused."""
    back = ("/account", find_words(visit.language).text("Go to my account"))
    answer = pages.show_refusal(make_frame(visit), get_status_of(error), tell(visit, error), back)
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
