"""Who may open a page of the live centre: whoever may do one of its acts."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from starlette.responses import Response
from starlette.routing import BaseRoute

from oncopolis.foundation import ForbiddenError, OncopolisError
from oncopolis.web import pages
from oncopolis.web.live.showing import is_for, make_frame, note_mark
from oncopolis.web.live.station import Station
from oncopolis.web.live.telling import tell_code
from oncopolis.web.login import Page, make_routes
from oncopolis.web.login.pages import get_status_of
from oncopolis.web.login.visits import LIMIT_BYTES, Visit
from oncopolis.web.pages import find_words

Handler: TypeAlias = Callable[[Station, Visit], Response]


@dataclass(frozen=True, slots=True)
class LivePage:
    """One address for people who may do one of some acts.

    Parameters
    ----------
    acts
        Who may do one of them by the access policy may open it; without any, all who are signed in: the
        handler looks at what they ask for.
    """

    method: Literal["GET", "POST"]
    path: str
    acts: tuple[str, ...]
    handler: Handler
    most_bytes: int = LIMIT_BYTES
    """Longest body; where it is more than a form has, a file may come with it."""


def bind(station: Station, listed: Sequence[LivePage]) -> list[BaseRoute]:
    """Return the routes of pages."""
    return [*make_routes(station.login, [_to_page(station, page) for page in listed])]


def _to_page(station: Station, page: LivePage) -> Page:
    def handle(visit: Visit) -> Response:
        note_mark(station, visit)
        try:
            if page.acts and not is_for(visit.account, page.acts):
                raise _refuse(page)
            return page.handler(station, visit)
        except OncopolisError as error:
            words = find_words(visit.language)
            back = ("/live", words.text("Go to the first page"))
            frame = make_frame(station, visit, words)
            return pages.show_refusal(frame, get_status_of(error), tell_code(words, error.code), back)

    policy = f"acts: {', '.join(page.acts)}" if page.acts else "signed in"
    return Page(page.method, page.path, policy, handle, most_bytes=page.most_bytes)


def _refuse(page: LivePage) -> ForbiddenError:
    return ForbiddenError(
        code="WEB-001", where=page.path, got="an account without that role",
        expected=f"a role that may do one of {', '.join(page.acts)}", fix="ask the administrator",
    )  # fmt: skip
