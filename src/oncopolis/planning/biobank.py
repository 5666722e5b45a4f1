"""Biobank: donors, stock over the years, and the tanks that hold it."""

from dataclasses import dataclass

import numpy as np

from oncopolis.centre import Centre
from oncopolis.centre.number import Number
from oncopolis.planning.asking import Asking
from oncopolis.planning.coefficients import CENTRAL, Array
from oncopolis.planning.openings import find_opening_years
from oncopolis.planning.quantity import Ledger, Quantity, to_quantity
from oncopolis.planning.workload import Workload


@dataclass(frozen=True)
class BiobankPlan:
    """Collection and tanks."""

    donors: Quantity
    stock: Quantity
    """Tissues stored at year end, shape (draws, years)."""
    tank_tissues: Quantity
    """Tissues one tank takes in practice."""
    tanks: Quantity
    capacity: Quantity
    """Tissues all tanks but the empty ones take."""
    full_year: int | None
    """First year in which the stock is beyond the capacity, on central values."""


def compute_biobank(asking: Asking, workload: Workload) -> BiobankPlan | None:
    """Fill the biobank; None where the definition has none."""
    biobank, ledger = asking.project.centre.biobank, asking.ledger
    if biobank is None:
        return None
    kind, _, name = biobank.source.partition(".")
    groups = {"measure": workload.measures, "activity": workload.activities, "patients": workload.patients}
    source = groups[kind][name] if kind in groups else ledger.get(biobank.source)
    donors = ledger.name(
        "biobank.donors",
        "Donors a year",
        "count",
        source * asking.ask(biobank.eligible) * asking.ask(biobank.consent),
    )
    tissues = ledger.name(
        "biobank.tissues", "Tissues taken in a year", "count", donors * asking.ask(biobank.tissues)
    )
    opened = find_opening_years(asking.project.centre).get(biobank.department, ledger.years[-1] + 1)
    first_stock = asking.ask(biobank.stock_tissues) if biobank.stock_tissues else to_quantity(0)
    stock = _fill(tissues, asking.ask(biobank.discarded), first_stock, opened, ledger)
    stock = ledger.name("biobank.stock", "Tissues stored at year end", "count", stock)
    vials = asking.ask(biobank.vials)
    per_tank = asking.ask(biobank.tank_vials) * asking.ask(biobank.fill) / vials
    per_tank = ledger.name(
        "biobank.tank_tissues",
        "Tissues one tank takes in practice (its vials x fill / vials a tissue)",
        "count",
        per_tank,
    )
    if biobank.tanks is not None:
        tanks = to_quantity(biobank.tanks)
    else:
        until = find_tank_year(asking.project.centre)
        tanks = (stock.at(ledger.find_year(until), until) / per_tank).ceil() + biobank.evacuation_tanks
    tanks = ledger.name(
        "biobank.tanks", "Cryogenic tanks, the empty ones for evacuation included", "count", tanks
    )
    capacity = ledger.name(
        "biobank.capacity",
        "Tissues the tanks take",
        "count",
        (tanks - biobank.evacuation_tanks).at_least(0) * per_tank,
    )
    if biobank.target_tissues is not None:
        _explain_target(asking, biobank.target_tissues, tanks, per_tank, biobank.evacuation_tanks)
    return BiobankPlan(donors, stock, per_tank, tanks, capacity, _find_full_year(stock, capacity, ledger))


def find_tank_year(centre: Centre) -> int:
    """Return the year whose stock planned tanks must take, within the horizon."""
    assert centre.biobank is not None
    opened = find_opening_years(centre).get(centre.biobank.department, centre.horizon.last)
    return min(opened + centre.biobank.horizon_years - 1, centre.horizon.last)


def _fill(tissues: Quantity, discarded: Quantity, first: Quantity, opened: int, ledger: Ledger) -> Quantity:
    """Carry the stock forward year by year from the first year of service.

    Where the axis has only some years (draws), the intake of those between is taken on a straight line.
    """
    kept = 1 - discarded.values[:, 0]
    level: Array = first.values[:, 0].astype(float)
    values = []
    for year in range(min(opened, ledger.years[0]), ledger.years[-1] + 1):
        if year >= opened:
            level = level * kept + _find_intake(tissues, year, ledger)
        if year in ledger.years:
            values.append(
                np.broadcast_to(level, np.broadcast_shapes(level.shape, tissues.values[:, 0].shape))
            )
    return Quantity(
        np.stack(values, axis=1),
        "stock of the year before less what leaves, plus intake",
        (tissues, discarded, first),
    )


def _find_intake(tissues: Quantity, year: int, ledger: Ledger) -> Array:
    """Intake of a year, on a straight line between the years of the axis."""
    later = next((i for i, known in enumerate(ledger.years) if known >= year), len(ledger.years) - 1)
    earlier = later if ledger.years[later] <= year or later == 0 else later - 1
    gap = ledger.years[later] - ledger.years[earlier]
    part = (year - ledger.years[earlier]) / gap if gap else 0.0
    intake: Array = tissues.values[:, earlier] * (1 - part) + tissues.values[:, later] * part
    return intake


def _explain_target(
    asking: Asking, target: Number, tanks: Quantity, per_tank: Quantity, n_empty: int
) -> None:
    """Set a stated capacity in tissues beside what the tanks take by calculation."""
    ledger = asking.ledger
    stated = ledger.name("biobank.stated", "Stated capacity in tissues", "count", asking.ask(target))
    ledger.name("biobank.stated_per_tank", "Tissues a tank by the stated capacity", "count", stated / tanks)
    ledger.name(
        "biobank.stated_ratio",
        "Stated over calculated tissues a tank",
        "ratio",
        stated / ((tanks - n_empty).at_least(1) * per_tank),
    )


def _find_full_year(stock: Quantity, capacity: Quantity, ledger: Ledger) -> int | None:
    beyond = np.flatnonzero(stock.values[CENTRAL] > capacity.values[CENTRAL])
    return ledger.years[int(beyond[0])] if beyond.size else None
