"""What a run leaves out, in words."""

from oncopolis.twin.model import Model


def list_not_modelled(model: Model) -> tuple[str, ...]:
    """Return what the model of this centre does not contain; every result says so."""
    centre = model.equipped.project.centre
    found = [
        "Visitors and accompanying persons, lifts and car parks.",
        "Who exactly treats whom: people of one role stand in for each other.",
        "Infections, outages of electricity or data, and staff falling ill on one day together.",
    ]
    if not any(resource.breakdown for resource in centre.resources.values()):
        found.append("Breakdowns: no resource states any.")
    if not any(resource.booking for resource in centre.resources.values()):
        found.append("Appointments: no resource can be booked, so everybody comes and waits.")
    if not centre.campus.walks:
        found.append("Ways on the campus: no walking times are stated.")
    found.extend(
        f"A place kept while waiting for the next: {move} is given up at once." for move in model.blocked_ways
    )
    return tuple(found)
