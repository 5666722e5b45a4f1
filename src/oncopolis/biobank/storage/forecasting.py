"""When the places run out, by what comes in and leaves."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from oncopolis.biobank.storage.building import find_size
from oncopolis.centre import Project
from oncopolis.centre.context import make_context
from oncopolis.foundation.units import DAYS_PER_YEAR
from oncopolis.planning import Plan, make_plan
from oncopolis.planning.coefficients import CENTRAL, Coefficients
from oncopolis.record.biobank.books import Books
from oncopolis.record.biobank.holdings import Fill
from oncopolis.record.biobank.places import Container

_LONGEST_YEARS = 50  # structure: a horizon after which nobody plans
_AHEAD = "tanks.space.ahead"
"""Evidence: days that it takes to bring more storage into use."""


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


@dataclass(frozen=True, slots=True)
class Intake:
    """What a project's plan expects of its biobank.

    Parameters
    ----------
    vials
        Vials that come in, by calendar year; the first and the last stand for all before and after.
    leaving_a_year
        Share of the stock that leaves in a year.
    fill
        Share of the positions that is used in practice.
    ahead_days
        From how many days before the last position is taken on somebody is warned.
    """

    vials: Mapping[int, float]
    leaving_a_year: float
    fill: float
    ahead_days: float

    def find_vials(self, year: int) -> float:
        """Return the vials that come in during a year."""
        return self.vials[min(max(year, min(self.vials)), max(self.vials))]


def read_intake(project: Project) -> Intake:
    """Plan a project, and return what comes into its biobank; `InputError` BIO-097 if it has none."""
    size = find_size(project)
    plan = make_plan(project, n_draws=0, seed=0)
    ledger = plan.calculation.ledger
    tissues = ledger.figures["biobank.tissues"].values[CENTRAL]
    vials = {
        year: float(tissues[min(ledger.find_year(year), tissues.size - 1)]) * size.vials_a_tissue
        for year in ledger.years
    }
    ahead = float(Coefficients(project.evidence).get(_AHEAD)[CENTRAL])
    return Intake(vials, find_leaving(plan), size.fill, ahead)


def compute_forecast(
    n_places: int,
    n_stored: int,
    today: date,
    compute_intake: Callable[[int], float],
    leaving_a_year: float,
    *,
    ahead_days: float,
) -> Forecast:
    """Carry the stock forward day by day; without a place nothing is foreseen.

    Parameters
    ----------
    compute_intake
        Vials that come in during a calendar year.
    leaving_a_year
        Share of the stock that leaves in a year.
    ahead_days
        From how many days before it is full on that is a warning.
    """
    if n_places == 0:
        return Forecast(n_places, n_stored, None, is_warning=False)
    stock, day, last = float(n_stored), today, today + timedelta(days=_LONGEST_YEARS * DAYS_PER_YEAR)
    kept = (1 - leaving_a_year) ** (1 / DAYS_PER_YEAR)
    year, intake = 0, 0.0
    while stock < n_places and day < last:
        if day.year != year:
            year, intake = day.year, compute_intake(day.year) / DAYS_PER_YEAR
        stock = stock * kept + intake
        day += timedelta(days=1)
    full_on = day if stock >= n_places else None
    return Forecast(n_places, n_stored, full_on, full_on is not None and (full_on - today).days <= ahead_days)


def forecast(books: Books, intake: Intake, today: date, now_ms: int) -> Forecast:
    """When the storage that is there runs out, by the intake of the project's plan."""
    tanks = books.list_kind("tank")
    fills = {one.id: books.compute_fill(one.id, now_ms) for one in tanks if not one.is_reserve}
    return foresee(tanks, fills, intake, today)


def foresee(tanks: Sequence[Container], fills: Mapping[int, Fill], intake: Intake, today: date) -> Forecast:
    """`forecast` by fills that are known: tanks that are kept empty, or closed, do not count."""
    used = [fills[one.id] for one in tanks if not one.is_reserve and one.state == "used"]
    n_places = int(sum(one.n_places for one in used) * intake.fill)
    n_stored = sum(one.n_stored for one in used)
    return compute_forecast(
        n_places, n_stored, today, intake.find_vials, intake.leaving_a_year, ahead_days=intake.ahead_days
    )


def find_leaving(plan: Plan) -> float:
    """Share of the stock that leaves in a year, by the definition."""
    biobank = plan.project.centre.biobank
    assert biobank is not None
    resolver, context = plan.project.resolver, make_context(plan.project.centre)
    coefficient = resolver.resolve(biobank.discarded, ("biobank", "discarded"), context)
    return float(Coefficients(plan.project.evidence).get(coefficient)[CENTRAL])
