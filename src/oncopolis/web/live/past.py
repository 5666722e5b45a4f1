"""The last day of the campus, played back from the journal: a picture each five minutes, nobody named."""

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from starlette.responses import Response

from oncopolis.foundation.marking import mark
from oncopolis.foundation.units import MS_PER_HOUR
from oncopolis.operations.command import STEP_MS, Past
from oncopolis.operations.command.causes import RULES as KNOWN
from oncopolis.record.store.journal import JournalLine
from oncopolis.web.live.command import name_place
from oncopolis.web.live.naming import Names
from oncopolis.web.live.showing import show
from oncopolis.web.live.sparks import draw_trend
from oncopolis.web.live.station import Station
from oncopolis.web.login.visits import Visit
from oncopolis.web.pages import find_words
from oncopolis.web.pages.languages import Words

HOME: Final = "/live/command/past"
ENDS: Final[Mapping[str, str]] = {
    "taken": mark("taken"),
    "closed": mark("closed"),
    "over": mark("gone by itself"),
}
KINDS: Final[Mapping[str, str]] = {
    "critical-unseen": mark("Critical result not seen"),
    "infusion-over": mark("Infusion over its time"),
    "unit-down": mark("Out of order"),
    "theatre-late": mark("Theatre late"),
    "ward-full": mark("No free bed"),
    "queue-wait": mark("Somebody waits too long"),
    "called-away": mark("Called and not come"),
}
_MOST = 24  # structure: what was done about alarms, the latest


class Told(NamedTuple):
    """What was done about an alarm."""

    at_ms: int
    kind: str
    place: str
    what: str


def show_past(station: Station, visit: Visit) -> Response:
    """A moment of the last day; without one, the last."""
    past, lines = station.playback.look(station.now_ms)
    moments = past.list_moments()
    step = _read_step(visit.query.get("step", ""), len(moments))
    picture = past.read(moments[step])
    words = find_words(visit.language)
    names = Names(station.house, words)
    hours = range(len(moments) - 1, -1, -(MS_PER_HOUR // STEP_MS))
    return show(
        station, visit, "past.html", picture=picture, step=step, n_steps=len(moments) - 1,
        trends=_draw(past, step, words), place=names.place,
        hours=[(one, moments[one]) for one in reversed(hours)],
        told=_list_told(lines, picture.at_ms, names),
    )  # fmt: skip


def _read_step(text: str, n: int) -> int:
    """Return the number of a moment; the last one for what is none."""
    return min(int(text), n - 1) if text.isascii() and text.isdigit() and len(text) < len("10000") else n - 1


def _draw(past: Past, step: int, words: Words) -> list[tuple[str, int, object]]:
    """Return the name, the value and the line up to a moment of those who wait and those who are served."""
    counted = past.count_all()
    span = (past.from_ms, past.until_ms)
    drawn: list[tuple[str, int, object]] = []
    for name, column in ((words.text(WAITING), 1), (words.text(SERVED), 2)):
        points = [(one[0], float(one[column])) for one in counted[: step + 1]]
        top = max(1.0, *(float(one[column]) for one in counted))
        drawn.append((name, counted[step][column], draw_trend(points, span, (0.0, top), name)))
    return drawn


def _list_told(lines: Sequence[JournalLine], at_ms: int, names: Names) -> list[Told]:
    """Return what was done about alarms up to a moment, the latest first; about whom is not said."""
    told = []
    for line in lines:
        name, _, what = line.step.rpartition("_")
        kind = next((rule for rule in KNOWN if rule == name.replace("_", "-")), None)
        if line.end_ms <= at_ms and kind is not None and what in ENDS:
            place = name_place(names, kind, line.resource or "")
            told.append(Told(line.end_ms, KINDS[kind], place, ENDS[what]))
    return told[: -_MOST - 1 : -1]


WAITING: Final = mark("Waiting")
SERVED: Final = mark("Served, or in a bed")
