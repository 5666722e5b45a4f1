"""What anybody may ever come to: routes that somebody enters, and what is held on them."""

from collections.abc import Collection, Iterator

from oncopolis.centre import BoundActivity, Network, RouteKey
from oncopolis.centre.intake import Inflow, Intake
from oncopolis.twin.beginning import Beginning
from oncopolis.twin.compiling.bundles import Bundles


def find_walked(network: Network, intake: Intake, beginning: Beginning | None) -> tuple[RouteKey, ...]:
    """Return the routes that somebody is on, or enters from outside or by an episode, sorted.

    Parameters
    ----------
    network
        All routes of a definition.
    intake
        Who comes; a site of which nothing is done here sends nobody.
    beginning
        Who is there when the run begins.
    """
    walked: set[RouteKey] = set()
    ahead = [inflow.route for inflow in intake.inflows if _is_there_anybody(inflow, intake)]
    ahead += [person.route for person in beginning.people] if beginning is not None else []
    while ahead:
        key = ahead.pop()
        if key not in walked:
            walked.add(key)
            route = network.routes[key]
            ahead += [network.start(episode, route) for episode in route.episodes]
    return tuple(sorted(walked))


def _is_there_anybody(inflow: Inflow, intake: Intake) -> bool:
    site = inflow.route[1]
    here = [
        share for (where, _), by_year in intake.here.items() if where == site for share in by_year.values()
    ]
    return any(n > 0 for n in inflow.per_year.values()) and not (site and here and max(here) <= 0)


def list_phases(
    network: Network, walked: Collection[RouteKey], bundles: Bundles
) -> Iterator[tuple[str, str, int]]:
    """Yield activity, phase and bundle of everything that may be done on some routes, each activity once."""
    seen: set[int] = set()
    for key in walked:
        for stop in network.routes[key].stops:
            for task in stop.tasks:
                activity: BoundActivity | None = task.activity
                while activity is not None and id(activity) not in seen:
                    seen.add(id(activity))
                    for phase in activity.phases:
                        yield activity.id, phase.id, bundles.add(phase)
                    activity = activity.fallback
