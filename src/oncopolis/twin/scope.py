"""What a run leaves out, in words."""

from oncopolis.foundation.marking import mark
from oncopolis.twin.model import Model


def list_not_modelled(model: Model) -> tuple[str, ...]:
    """Return what the model of this centre does not contain; every result says so."""
    centre = model.equipped.project.centre
    found = [
        mark("Visitors and accompanying persons, lifts and car parks."),
        mark("Who exactly treats whom: people of one role stand in for each other."),
        mark("Infections, outages of electricity or data, and staff falling ill on one day together."),
    ]
    if not any(resource.breakdown for resource in centre.resources.values()):
        found.append(mark("Breakdowns: no resource states any."))
    if not any(resource.booking for resource in centre.resources.values()):
        found.append(mark("Appointments: no resource can be booked, so everybody comes and waits."))
    if not centre.campus.walks:
        found.append(mark("Ways on the campus: no walking times are stated."))
    kept = mark("A place kept while waiting for the next: {} is given up at once.")
    found.extend(kept.format(move) for move in model.blocked_ways)
    return tuple(found)
