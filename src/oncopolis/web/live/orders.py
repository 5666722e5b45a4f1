"""Orders: what is to be done by which role, what nobody has seen yet, and what was late."""

from typing import Final

from starlette.responses import Response

from oncopolis.foundation.marking import mark
from oncopolis.foundation.units import MS_PER_MINUTE
from oncopolis.operations.orders.critical import Audience, find_late_ms, get_audience, list_critical
from oncopolis.operations.orders.listing import count_days_left, list_orders
from oncopolis.web.live.naming import Names, sort_by_name
from oncopolis.web.live.showing import show
from oncopolis.web.live.station import Station
from oncopolis.web.login.visits import Visit
from oncopolis.web.pages import find_words

_MOST = 200  # structure: lines of one page
AUDIENCES: Final[dict[Audience, str]] = {
    "requester": mark("who asked for it"),
    "department": mark("everybody who sees results"),
    "command": mark("the command centre"),
}


def show_orders(station: Station, visit: Visit) -> Response:
    """The work list of a role, or of all."""
    role = visit.query.get("role", "")
    orders, critical = station.live.ask(
        lambda floor: (list_orders(floor, role or None), list_critical(floor))
    )
    words = find_words(visit.language)
    names = Names(station.house, words)
    resources = station.house.centre.resources
    roles = sort_by_name(
        (key, words.label(one.label)) for key, one in resources.items() if one.kind == "role"
    )
    now_ms = station.now_ms
    today = station.house.to_local(now_ms).date()
    shown = orders[:_MOST]
    everybody = {one.patient for one in (*shown, *critical)}
    return show(
        station, visit, "orders.html", topics=["order"], orders=shown, n_more=len(orders) - len(shown),
        roles=roles, role=role, role_names=dict(roles),
        left={one.id: count_days_left(one, today) for one in shown},
        people=station.people.find_names(everybody, visit.language), activity=names.activity,
        critical=critical, audiences={one.id: AUDIENCES[get_audience(one)] for one in critical},
        late={one.id: _to_minutes(find_late_ms(one, station.house, now_ms)) for one in (*shown, *critical)},
        waits={one.id: (now_ms - (one.resulted_ms or now_ms)) // MS_PER_MINUTE for one in critical},
    )  # fmt: skip


def _to_minutes(late_ms: int | None) -> int | None:
    return None if late_ms is None else late_ms // MS_PER_MINUTE
