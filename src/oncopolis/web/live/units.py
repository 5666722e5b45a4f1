"""Machines and rooms: what is out of order since when, and what that has moved."""

from starlette.responses import Response

from oncopolis.operations.arrivals.indexes import Queues
from oncopolis.operations.booking import find_outages
from oncopolis.web.live.naming import PLACES, Names, sort_by_name
from oncopolis.web.live.showing import show
from oncopolis.web.live.station import Station
from oncopolis.web.login.visits import Visit
from oncopolis.web.pages import find_words


def show_units(station: Station, visit: Visit) -> Response:
    """All machines and rooms of a department, those out of order first."""
    names = Names(station.house, find_words(visit.language))
    units = [unit for unit in station.house.units.values() if unit.kind in PLACES]
    own = station.find_areas(visit.account)
    areas = {unit.department for unit in units if own is None or unit.department in own}
    area = visit.query.get("area", "")
    shown = [unit for unit in units if unit.department == area] if area in areas else []
    down, used = station.live.ask(
        lambda floor: (dict(find_outages(floor).of), dict(floor.index(Queues).of_unit))
    )
    return show(
        station, visit, "units.html", topics=["machine", "room"], shown=shown, down=down, used=used,
        area=area, areas=sort_by_name((key, names.area(key)) for key in areas),
        today=station.house.to_local(station.now_ms).date(),
    )  # fmt: skip
