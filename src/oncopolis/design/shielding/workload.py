"""The weekly workload of a machine from the plan of a project: more fractions show up in the wall."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from oncopolis.centre import read_project
from oncopolis.design.shielding.definition import PlanWorkload
from oncopolis.design.shielding.working import Step, show
from oncopolis.foundation import InputError
from oncopolis.planning import make_plan


@dataclass(frozen=True)
class Planned:
    """Workload of one machine, and how it follows from the plan."""

    gy_week: float
    steps: tuple[Step, ...]
    project: str


def compute_workload(
    folder: Path, asked: PlanWorkload, where: str, settings: Mapping[str, str] | None = None
) -> Planned:
    """Plan a project and return the workload of one of its machines in the reference year.

    Parameters
    ----------
    folder
        Project folder.
    asked
        Which measure and resource, and the dose of a fraction.
    where
        Place it was asked at, for errors.
    settings
        ``KEY=VALUE`` of the command line.

    Raises
    ------
    OncopolisError
        With everything that is wrong with the project; DES-106 if its plan has no such measure or machine.
    """
    plan = make_plan(read_project(folder, settings or {}), n_draws=0, seed=0)
    centre, ledger = plan.project.centre, plan.calculation.ledger
    sized = plan.calculation.phases[-1].resources.get(asked.resource)
    figure = ledger.figures.get(f"measure.{asked.measure}")
    n_machines = float(sized.n.central[0]) if sized is not None else 0.0
    if sized is None or figure is None or n_machines <= 0:
        raise InputError(
            code="DES-106",
            where=where,
            got=f"the measure {asked.measure!r} and the resource {asked.resource!r}",
            expected=f"a measure and a resource of which the plan of {folder} has some",
            fix="name those of the project's definition (`oncopolis explain PROJECT --list`)",
        )
    year = centre.reference_year
    fractions = float(figure.at(ledger.find_year(year), year).central[0])
    calendar = centre.get_calendar(sized.resource.calendar)
    days = calendar.compute_days_per_year(centre.country, year)
    a_week = fractions / n_machines / days * len(calendar.days)
    gy_week = a_week * asked.dose_per_fraction_gy
    source = f"plan of {centre.name}, {year}"
    return Planned(
        gy_week,
        (
            Step(
                "N",
                "fractions / machines / open days x open days a week",
                f"{show(fractions)} / {show(n_machines)} / {show(days)} x {len(calendar.days)}",
                a_week,
                "fractions/week",
                source,
            ),
            Step(
                "W",
                "N x dose of a fraction",
                f"{show(a_week)} x {show(asked.dose_per_fraction_gy)}",
                gy_week,
                "Gy/week",
                asked.source,
            ),
        ),
        centre.name,
    )
