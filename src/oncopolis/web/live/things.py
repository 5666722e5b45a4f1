"""Things: where is the nearest free one."""

import json
from typing import Any, Final

from starlette.responses import Response

from oncopolis.foundation.marking import mark
from oncopolis.operations.floor import Floor
from oncopolis.operations.loop import Parked, Why
from oncopolis.operations.things import KINDS, Kind, Near, list_near
from oncopolis.web.live.doing import may
from oncopolis.web.live.naming import Names, sort_by_name
from oncopolis.web.live.showing import show
from oncopolis.web.live.spans import tell_span
from oncopolis.web.live.station import Station
from oncopolis.web.login.visits import Visit
from oncopolis.web.pages import find_words

HOME: Final = "/live/things"
NAMES: Final[dict[Kind, str]] = {
    "infusion_pump": mark("infusion pump"),
    "syringe_pump": mark("syringe pump"),
    "monitor": mark("monitor"),
    "ultrasound": mark("ultrasound"),
    "wheelchair": mark("wheelchair"),
    "bed": mark("bed with a tag"),
}
WHY: Final[dict[Why, str]] = {
    "unknown": mark("tags that nobody has made known"),
    "area": mark("departments that are not there"),
    "clock": mark("a clock that is not ours"),
    "garbage": mark("what cannot be read"),
    "flood": mark("more than there was room for"),
}
_TOLD: Final = 30  # structure: lines of a list that are shown
_MOST: Final = 100  # structure: lines of one page


def show_things(station: Station, visit: Visit) -> Response:
    """All things of a kind by how far they are from a department."""
    words = find_words(visit.language)
    names = Names(station.house, words)
    areas = sort_by_name((key, names.area(key)) for key in station.house.centre.departments)
    asked = visit.query.get("area", "")
    tied = sorted(station.find_tied(visit.account) & station.house.centre.departments.keys())
    area = asked if asked in dict(areas) else next(iter(tied), areas[0][0])
    kind = next((one for one in KINDS if one == visit.query.get("kind")), KINDS[0])

    may_settle = may(visit.account, "settle_sightings")

    def look(floor: Floor) -> tuple[list[Near], list[Parked]]:
        parked = (one for one in floor.list(Parked) if may_settle and one.kind == "sightings")
        return list_near(floor, kind, area), sorted(parked, key=lambda one: -one.came_ms)

    near, parked = station.live.ask(look)
    now_ms = station.now_ms
    return show(
        station, visit, "things.html", topics=["thing", "parked"], near=near[:_MOST],
        n_more=max(len(near) - _MOST, 0), parked=[_tell(one) for one in parked],
        area=area, areas=areas, kind=kind, kinds=[(one, words.text(NAMES[one])) for one in KINDS],
        first=next((one for one in near if not one.thing.in_use), None),
        seen=lambda at_ms: tell_span(words, now_ms - at_ms),
    )  # fmt: skip


def _tell(parked: Parked) -> dict[str, Any]:
    """Return what a list of a gateway's says, ready to be shown."""
    said = json.loads(parked.content)
    told = [
        " · ".join(str(one[member]) for member in ("where", "thing", "area", "at", "said") if one.get(member))
        for one in said.get("told", ())
    ]
    return {
        "parked": parked, "why": WHY.get(parked.why, parked.why), "told": told[:_TOLD],
        "n_more": len(told[_TOLD:]), "turned_away": said.get("turned_away", 0),
    }  # fmt: skip
