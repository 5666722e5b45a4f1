"""When the places run out, by what comes in and leaves."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from oncopolis.biobank.storage.building import Size
from oncopolis.centre.context import make_context
from oncopolis.foundation.units import DAYS_PER_YEAR
from oncopolis.planning import Plan
from oncopolis.planning.coefficients import CENTRAL, Coefficients
from oncopolis.record.biobank.books import Books

_LONGEST_YEARS = 50  # structure: a horizon after which nobody plans
_WARNED_DAYS = (
    365  # structure: default of a setting: tanks take about a year to be bought and brought into use
)


@dataclass(frozen=True, slots=True)
class Forecast:
    """How full storage will be.

    Parameters
    ----------
    n_places, n_stored
        Positions that may be used (without the tanks kept empty), and specimens now.
    full_on
        The day on which no position is left; None: not within half a century.
    is_warning
        Whether that is too soon to bring more storage into use.
    """

    n_places: int
    n_stored: int
    full_on: date | None
    is_warning: bool


def compute_forecast(
    n_places: int,
    n_stored: int,
    today: date,
    compute_intake: Callable[[int], float],
    leaving_a_year: float,
    *,
    warned_days: int = _WARNED_DAYS,
) -> Forecast:
    """Carry the stock forward day by day.

    Parameters
    ----------
    compute_intake
        Vials that come in during a calendar year.
    leaving_a_year
        Share of the stock that leaves in a year.
    """
    stock, day, last = float(n_stored), today, today + timedelta(days=_LONGEST_YEARS * DAYS_PER_YEAR)
    kept = (1 - leaving_a_year) ** (1 / DAYS_PER_YEAR)
    year, intake = 0, 0.0
    while stock < n_places and day < last:
        if day.year != year:
            year, intake = day.year, compute_intake(day.year) / DAYS_PER_YEAR
        stock = stock * kept + intake
        day += timedelta(days=1)
    full_on = day if stock >= n_places else None
    return Forecast(
        n_places, n_stored, full_on, full_on is not None and (full_on - today).days <= warned_days
    )


def forecast(books: Books, plan: Plan, size: Size, today: date, now_ms: int) -> Forecast:
    """When the storage that is there runs out, by the intake of the project's plan.

    Parameters
    ----------
    size
        What the definition says of vials and fill: positions that cannot be used in practice do not count.
    """
    tanks = [one for one in books.list_kind("tank") if not one.is_reserve]
    fills = [books.compute_fill(one.id, now_ms) for one in tanks]
    n_places = int(sum(one.n_places for one in fills) * size.fill)
    n_stored = sum(one.n_stored for one in fills)
    ledger = plan.calculation.ledger
    tissues = ledger.figures["biobank.tissues"].values[CENTRAL]

    def compute_intake(year: int) -> float:
        known = min(max(year, ledger.years[0]), ledger.years[-1])
        return float(tissues[min(ledger.find_year(known), tissues.size - 1)]) * size.vials_a_tissue

    return compute_forecast(n_places, n_stored, today, compute_intake, find_leaving(plan))


def find_leaving(plan: Plan) -> float:
    """Share of the stock that leaves in a year, by the definition."""
    biobank = plan.project.centre.biobank
    assert biobank is not None
    resolver, context = plan.project.resolver, make_context(plan.project.centre)
    coefficient = resolver.resolve(biobank.discarded, ("biobank", "discarded"), context)
    return float(Coefficients(plan.project.evidence).get(coefficient)[CENTRAL])
