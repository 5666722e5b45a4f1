"""Who is inside, by building: the list behind the numbers of the command centre."""

from collections import Counter
from typing import Final

from starlette.responses import Response

from oncopolis.foundation.marking import mark
from oncopolis.operations.command import list_inside
from oncopolis.web.live.command import ELSEWHERE, name_building
from oncopolis.web.live.naming import Names, sort_by_name
from oncopolis.web.live.sections import TO_PEOPLE
from oncopolis.web.live.showing import is_for, show
from oncopolis.web.live.station import Station
from oncopolis.web.login.visits import Visit
from oncopolis.web.pages import find_words

HOME: Final = "/live/command/inside"
_MOST: Final = 200  # structure: lines of one page


def show_inside(station: Station, visit: Visit) -> Response:
    """Everybody in a building, or on the campus; by name those whom the reader's own lists show."""
    everybody = station.live.ask(list_inside)
    names = Names(station.house, find_words(visit.language))
    chosen = visit.query.get("building", "")
    counts = Counter(one.building for one in everybody)
    there = [one for one in everybody if chosen in ("", one.building or ELSEWHERE)]
    shown = there[:_MOST]
    areas = station.find_areas(visit.account) if is_for(visit.account, TO_PEOPLE) else frozenset[str]()
    own = {one.patient for one in shown if areas is None or one.area in areas}
    buildings = sort_by_name(
        (key or ELSEWHERE, f"{name_building(names, key)} ({n})") for key, n in counts.items()
    )
    return show(
        station, visit, "inside.html", topics=["visit", "contact", "bed"], there=shown,
        n_there=len(there), n_more=len(there) - len(shown), chosen=chosen,
        buildings=[("", names.words.text(EVERYWHERE)), *buildings],
        people=station.people.find_names(own, visit.language),
    )  # fmt: skip


EVERYWHERE: Final = mark("The whole campus")
