"""The words a counting rule may count on (`Driver.per` and its like)."""

from collections.abc import Iterator

from oncopolis.centre.definition import Centre
from oncopolis.centre.pathway import Step

TOTALS = (
    "centre",
    "demand.cases",
    "demand.new_cases",
    "demand.population",
    "space.gross_m2",
    "staff.total",
    "beds.total",
    "biobank.tanks",
)
"""Drivers that exist in every plan."""


def list_drivers(centre: Centre) -> Iterator[str]:
    """Yield every driver a definition offers."""
    yield from TOTALS
    yield from (
        f"resource.{key}" for key, resource in centre.resources.items() if not resource.is_outside_plan
    )
    yield from (f"measure.{key}" for key in centre.measures)
    yield from (f"activity.{key}" for key in centre.activities)
    yield from (f"patients.{attribute}" for attribute in sorted(list_attributes(centre)))


def list_counted(centre: Centre) -> Iterator[str]:
    """Yield every driver that something of the definition is counted on."""
    for resource in centre.resources.values():
        yield from (norm.per for norm in resource.norms)
        if resource.staffing:
            yield from (norm.per for norm in resource.staffing.norms)
            yield from (post.per for post in resource.staffing.posts)
    for equipment in centre.equipment.values():
        yield from (driver.per for driver in equipment.count)
    for room in centre.rooms.values():
        yield from (driver.per for driver in room.count)
    if centre.biobank:
        yield centre.biobank.source
    if centre.finance:
        yield from (income.per for income in centre.finance.income)
        yield from (unit_cost.per for unit_cost in centre.finance.unit_costs)


def list_steps(centre: Centre) -> Iterator[Step]:
    """Yield every step of the pathways and the blocks."""
    for pathway in centre.pathways.values():
        yield from pathway.steps
    for block in centre.blocks.values():
        yield from block.steps


def list_attributes(centre: Centre) -> set[str]:
    """Return the attributes that some step or episode sets."""
    found: set[str] = set()
    for step in list_steps(centre):
        found.update(step.set)
    for pathway in centre.pathways.values():
        for episode in pathway.episodes:
            found.update(episode.set)
    return found
