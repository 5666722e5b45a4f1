"""`calculate`: the whole way from people to money, on any set of draws."""

from collections.abc import Sequence
from dataclasses import dataclass

from oncopolis.centre import Project
from oncopolis.planning.asking import Asking
from oncopolis.planning.biobank import BiobankPlan, compute_biobank
from oncopolis.planning.coefficients import Coefficients
from oncopolis.planning.demand import Demand, compute_demand
from oncopolis.planning.money import Money, compute_money
from oncopolis.planning.phases import Phase, size_phases
from oncopolis.planning.quantity import Ledger
from oncopolis.planning.referral import compute_cases_here
from oncopolis.planning.workload import Workload, compute_workload

BACK_YEARS = (
    30  # structure: years before the plan whose cases are followed; few of earlier ones are still alive
)


@dataclass(frozen=True)
class Calculation:
    """All parts of a plan, with the ledger that explains them."""

    ledger: Ledger
    asking: Asking
    demand: Demand | None
    workload: Workload
    phases: tuple[Phase, ...]
    money: Money | None
    biobank: BiobankPlan | None


def calculate(
    project: Project, coefficients: Coefficients, years: Sequence[int] | None = None
) -> Calculation:
    """Compute a plan.

    Parameters
    ----------
    project
        Checked project.
    coefficients
        Its evidence on a draw axis; the central values come first.
    years
        Years looked at; the whole horizon if None. Draws are taken on the years phases are sized for.
    """
    horizon = project.centre.horizon
    ledger = Ledger(coefficients, years or range(horizon.first, horizon.last + 1))
    asking = Asking(project, ledger)
    past = make_past(project, coefficients)
    demand = compute_demand(project, asking)
    if demand is not None:
        compute_cases_here(project, asking, demand)
    workload = compute_workload(project, asking, past, compute_demand(project, past))
    biobank = compute_biobank(asking, workload)
    phases = size_phases(asking, workload)
    return Calculation(
        ledger=ledger,
        asking=asking,
        demand=demand,
        workload=workload,
        phases=phases,
        money=compute_money(asking, workload, phases),
        biobank=biobank,
    )


def make_past(project: Project, coefficients: Coefficients) -> Asking:
    """Return the coefficients on all years whose cases are followed, to the end of the plan."""
    horizon = project.centre.horizon
    return Asking(project, Ledger(coefficients, range(horizon.first - BACK_YEARS, horizon.last + 1)))
