"""Addresses below the live centre that there are none of: told on a page, in the reader's language."""

from typing import Final, NoReturn

from starlette.routing import BaseRoute

from oncopolis.foundation import NotFoundError
from oncopolis.web.live.routing import LivePage, bind
from oncopolis.web.live.station import Station
from oncopolis.web.login.visits import Visit

ELSEWHERE: Final = "/live/{rest:path}"


def refuse_address(_station: Station, visit: Visit) -> NoReturn:
    """Say that there is no such page."""
    raise NotFoundError(
        code="WEB-332", where="address", got=visit.request.url.path[:100], expected="a page that is there",
        fix="go to the first page",
    )  # fmt: skip


def make_last_routes(station: Station) -> list[BaseRoute]:
    """Return what answers below the live centre where nothing else does: it has to come last."""
    return bind(station, [LivePage("GET", ELSEWHERE, (), refuse_address)])
