"""What a run leaves out, in words."""

from oncopolis.foundation.marking import mark
from oncopolis.twin.model import Model

GONE = mark("People of the record on a pathway or step that the definition does not have: {}.")
OLDER = mark("People of the record on another version of their pathway, who go on by the one of today: {}.")
ADDED = mark("Steps of the record that were added by hand: {}.")
LATER = mark("Appointments of the record for a later step, which the run books anew: {}.")
LOOSE = mark("Appointments of the record that belong to no open course: {}.")
OPENED = mark("Opening in phases: all of these is taken to be there, as in the live centre: {}.")
LYING = mark("People of the record in a bed that no step of theirs holds: {}.")
PAST = mark("The first day before the record was read at {}, but for the beds that were taken then.")
"""What a live centre's record says and a run that starts from it does not contain."""


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
    found.extend(model.beginning.omitted if model.beginning is not None else ())
    return tuple(found)
