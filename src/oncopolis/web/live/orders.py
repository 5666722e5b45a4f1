"""Orders: what is to be done by which role, what nobody has seen yet, and what was late."""

from starlette.responses import Response

from oncopolis.operations.orders.listing import count_days_left, list_orders
from oncopolis.web.live.naming import Names, sort_by_name
from oncopolis.web.live.showing import show
from oncopolis.web.live.station import Station
from oncopolis.web.login.visits import Visit
from oncopolis.web.pages import find_words

_MOST = 200  # structure: lines of one page


def show_orders(station: Station, visit: Visit) -> Response:
    """The work list of a role, or of all."""
    role = visit.query.get("role", "")
    orders = station.live.ask(lambda floor: list_orders(floor, role or None))
    words = find_words(visit.language)
    names = Names(station.house, words)
    resources = station.house.centre.resources
    roles = sort_by_name(
        (key, words.label(one.label)) for key, one in resources.items() if one.kind == "role"
    )
    today = station.house.to_local(station.now_ms).date()
    shown = orders[:_MOST]
    return show(
        station, visit, "orders.html", topics=["order"], orders=shown, n_more=len(orders) - len(shown),
        roles=roles, role=role, role_names=dict(roles),
        left={one.id: count_days_left(one, today) for one in shown},
        people=station.people.find_names({one.patient for one in shown}, visit.language),
        activity=names.activity,
    )  # fmt: skip
