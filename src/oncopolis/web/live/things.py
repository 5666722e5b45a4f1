"""Things: where is the nearest free one."""

from typing import Final

from starlette.responses import Response

from oncopolis.foundation.marking import mark
from oncopolis.operations.floor import Floor
from oncopolis.operations.things import KINDS, Kind, Near, list_near
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
}
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

    def look(floor: Floor) -> list[Near]:
        return list_near(floor, kind, area)

    near = station.live.ask(look)
    now_ms = station.now_ms
    return show(
        station, visit, "things.html", topics=["thing"], near=near[:_MOST], n_more=max(len(near) - _MOST, 0),
        area=area, areas=areas, kind=kind, kinds=[(one, words.text(NAMES[one])) for one in KINDS],
        seen=lambda at_ms: tell_span(words, now_ms - at_ms),
    )  # fmt: skip
