"""What stands around the pages of staff: where one can go, what was done, and what was refused."""

import re
from collections.abc import Iterable
from dataclasses import replace
from http import HTTPStatus
from typing import Final
from urllib.parse import urlencode

from starlette.responses import Response

from oncopolis.record.access.policy import get_policy
from oncopolis.record.accounts import Account
from oncopolis.web import pages
from oncopolis.web.live.doing import make_key, may
from oncopolis.web.live.dossier import find_dossier
from oncopolis.web.live.naming import Names
from oncopolis.web.live.sections import SECTIONS
from oncopolis.web.live.station import Station
from oncopolis.web.live.telling import DONE, tell_code
from oncopolis.web.login.visits import Visit
from oncopolis.web.pages import find_words
from oncopolis.web.pages.languages import Words

_SAFE: Final = re.compile(r"[\w.-]{1,40}")


def show(
    station: Station, visit: Visit, template: str, status: int = HTTPStatus.OK,
    topics: Iterable[str] = (), patients: Iterable[str] | None = None, **values: object,
) -> Response:  # fmt: skip
    """Fill a page of staff.

    Parameters
    ----------
    topics
        What the page shows: it is filled again when one of these changes.
    patients
        Whom it shows, for the audit; if left out, those of ``people``, which lists give as names by patient.
    """
    people = values.get("people")
    shown = people if patients is None and isinstance(people, dict) else patients
    if shown is not None:
        station.views.note(visit, shown, station.now_ms)
    words = find_words(visit.language)
    told = visit.query.get("told", "")
    every: dict[str, object] = {
        "told": tell_code(words, told) if told else "",
        "done": _tell_done(visit, words),
        "visit": visit,
        "names": Names(station.house, words),
        "key": make_key,
        "dossier": lambda patient: find_dossier(visit.account, patient),
        "may": lambda act: may(visit.account, act),
        "here": _find_here(visit),
        "stream": make_stream_address(visit, topics),
        "now_ms": station.now_ms,
    }
    frame = replace(make_frame(station, visit, words), values=every)
    return pages.show("live", template, frame, status, "", **values)


def make_frame(station: Station, visit: Visit, words: Words) -> pages.Frame:
    """Return what stands around a page."""
    path = visit.request.url.path
    sections = [one for one in SECTIONS if is_for(visit.account, one.acts)]
    current = max((one.path for one in sections if is_below(path, one.path)), key=len, default="")
    links = [
        pages.Link(one.path, words.text(one.label), one.path == current, words.text(one.group))
        for one in sections
    ]
    return pages.Frame(
        visit.language, station.login.name, station.mode.name == "shadow",
        lambda code: visit.change_query("language", code), zone=station.house.zone, home="/live",
        links=[*links, pages.Link("/account", words.text("My account"))], csrf=visit.csrf, is_alive=True,
    )  # fmt: skip


def is_for(account: Account, acts: Iterable[str]) -> bool:
    """Tell whether somebody may do one of these acts."""
    known = get_policy().acts
    return any(account.roles & known.get(act, frozenset()) for act in acts)


def is_below(path: str, section: str) -> bool:
    """Tell whether an address belongs to a section."""
    return path == section or path.startswith(f"{section}/")


def note_mark(station: Station, visit: Visit) -> None:
    """Keep where the stream is before anything is looked at: the page is told what changes from then on."""
    visit.request.state.mark = station.stream.mark


def make_stream_address(visit: Visit, topics: Iterable[str], path: str = "/live/stream") -> str:
    """Return the address of the events of a page; empty if nothing of it changes."""
    named = [("topic", topic) for topic in topics]
    return f"{path}?{urlencode([*named, ('after', visit.request.state.mark)])}" if named else ""


def _tell_done(visit: Visit, words: Words) -> str:
    sentence = DONE.get(visit.query.get("done", ""))
    if sentence is None:
        return ""
    said = {name: visit.query.get(name, "") for name in ("number", "room")}
    return words.text(
        sentence, **{name: text if _SAFE.fullmatch(text) else "–" for name, text in said.items()}
    )


def _find_here(visit: Visit) -> str:
    """Return the address of this page, without what it told."""
    kept = {
        name: text
        for name, text in visit.query.items()
        if name not in ("told", "done", "number", "room", "language")
    }
    return visit.request.url.path + (f"?{urlencode(kept)}" if kept else "")
