"""The administrator's page of screens: links are made, shown once, and ended."""

from collections.abc import Mapping
from typing import Final

from starlette.responses import Response

from oncopolis.foundation import InputError, NotFoundError
from oncopolis.foundation.marking import mark
from oncopolis.record.accounts.granting import revoke
from oncopolis.web import pages
from oncopolis.web.display.screens import (
    CAMPUS,
    COOKIE,
    KINDS,
    LIFE_DAYS,
    SCOPE,
    Kind,
    find_screen,
    list_screens,
    make_link,
)
from oncopolis.web.live.naming import Names
from oncopolis.web.live.queues import get_area
from oncopolis.web.live.station import Station
from oncopolis.web.login.pages import make_frame
from oncopolis.web.login.visits import Visit
from oncopolis.web.pages import CODES, NAMES, find_words, go

LABELS: Final[Mapping[Kind, str]] = {
    "board": mark("Call board"),
    "kiosk": mark("Kiosk"),
    "wall": mark("Wall of the command centre"),
}
_LONGEST_NAME = 100  # structure: characters of a name
_DAY_S = 86_400  # structure: seconds of a day


def show_screens(station: Station, visit: Visit) -> Response:
    """All screens, and the form for another."""
    return _show(station, visit)


def _show(station: Station, visit: Visit, link: str = "") -> Response:
    words = find_words(visit.language)
    return pages.show(
        "display", "screens.html", make_frame(visit), link=link, visit=visit, all_languages=NAMES.items(),
        screens=list_screens(station.login.desk), areas=Names(station.house, words).list_areas(),
        kinds={f"{SCOPE}{kind}": label for kind, label in LABELS.items()},
    )  # fmt: skip


def take_screen(station: Station, visit: Visit) -> Response:
    """Make the link of a screen."""
    form = visit.form
    kind = next((kind for kind in KINDS if kind == form.get("kind")), None)
    area = CAMPUS if kind == "wall" else get_area(station, form.get("area", ""))
    languages = [code for code in CODES if f"language-{code}" in form]
    name = " ".join(form.get("name", "").split())[:_LONGEST_NAME]
    if kind is None or not languages:
        raise InputError(
            code="WEB-002", where="form", got=f"{form.get('kind', '')!r:.40}, {len(languages)} languages",
            expected="a kind and a language", fix="choose them",
        )  # fmt: skip
    first = form.get("language-first", "")
    languages.sort(key=lambda code: code != first)
    secret = make_link(station.login.desk, kind, area, languages, name or f"{kind} {area}", visit.account.who)
    return _show(station, visit, f"{visit.house.base}/screen/{secret}")


def take_end(station: Station, visit: Visit) -> Response:
    """End the link of a screen."""
    revoke(station.login.desk, visit.form.get("id", ""), visit.account.who)
    return go("/screens")


def open_screen(station: Station, visit: Visit) -> Response:
    """Let a screen in by its link, for as long as the link is good."""
    secret = visit.parts["secret"]
    screen = find_screen(station.login.desk, secret)
    if screen is None:
        raise NotFoundError(
            code="WEB-005", where="link of a screen", got="one that is not good (any more)",
            expected="one that is", fix="have an administrator make another",
        )  # fmt: skip
    visit.cookies.changes[COOKIE] = (secret, LIFE_DAYS * _DAY_S)
    return go(f"/{screen.kind}/{screen.area}")
