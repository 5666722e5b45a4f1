"""Workload: what the centre does each year, as the expectation over pathways and episodes."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from oncopolis.centre import Project
from oncopolis.foundation.units import HOURS_PER_DAY
from oncopolis.planning.arrivals import compute_working_days, list_cohorts, list_flows, name_volume
from oncopolis.planning.asking import Asking
from oncopolis.planning.coefficients import CENTRAL, Array
from oncopolis.planning.demand import Demand
from oncopolis.planning.flows import Flows
from oncopolis.planning.hazards import compute_hazards
from oncopolis.planning.openings import compute_open
from oncopolis.planning.prevalence import name_prevalence
from oncopolis.planning.quantity import Quantity, total
from oncopolis.planning.referral import make_factor
from oncopolis.planning.steps import StepExplainer, expect
from oncopolis.planning.tally import Amounts, Tally


@dataclass(frozen=True)
class Workload:
    """What is done each year; every quantity has shape (draws, years)."""

    measures: Mapping[str, Quantity]
    activities: Mapping[str, Quantity]
    hours: Mapping[str, Quantity]
    """Resource -> hours held."""
    costs: Mapping[str, Quantity]
    contacts: Quantity
    contacts_by_department: Mapping[str, Array]
    visits: Quantity
    patients: Mapping[str, Quantity]
    """Attribute -> patients who gain it."""


def compute_workload(project: Project, asking: Asking, past: Asking, demand: Demand | None) -> Workload:
    """Follow everybody through the network and add up what is done.

    Parameters
    ----------
    project
        Checked project.
    asking
        Coefficients on the years of the plan.
    past
        The same on a longer axis that ends with the plan: cases of earlier years are still followed.
    demand
        New cases on the longer axis.
    """
    ledger, coefficients = asking.ledger, asking.ledger.coefficients
    hazards = compute_hazards(project, coefficients) if project.network.entries else None
    columns = [past.ledger.find_year(year) for year in ledger.years]
    flows = Flows(project.network, coefficients, hazards, columns)
    flows.enter([*list_cohorts(project, demand, past), *list_flows(project, past)])
    shape = (coefficients.size, len(columns))
    tally = Tally(
        coefficients, shape, compute_open(project.centre, ledger.years), make_factor(project, asking)
    )
    tally.take(flows.list_happenings(columns))
    name_prevalence(project, flows, asking, past)
    for key in ("demand.stock_modelled", "demand.stock_ratio"):
        if key in past.ledger.figures:
            ledger.figures[key] = past.ledger.figures[key]
    for flow in project.network.flows:
        name_volume(project, asking, flow)
    return _name_workload(project, asking, tally)


def _name_workload(project: Project, asking: Asking, tally: Tally) -> Workload:
    centre, ledger = project.centre, asking.ledger
    amounts = Amounts(ledger.coefficients, asking.compute_inflation)
    explain = StepExplainer(project, ledger, tally.traces, amounts)
    counts = tally.sum_by(amounts.list_counts)
    hours = tally.sum_by(amounts.list_hours)
    costs = tally.sum_by(amounts.list_costs)
    contacts = tally.sum_by(amounts.list_contacts)
    done = tally.sum_by(lambda activity: [(activity.id, 1.0)])
    zero = np.zeros((1, len(ledger.years)))
    of_resources = {
        key: explain.name(f"hours.{key}", f"Hours held, {resource.label}", "hour/year", hours.get(key, zero))
        for key, resource in centre.resources.items()
    }
    in_all = explain.name("workload.contacts", "Contacts", "count", sum(contacts.values(), zero))
    days = ledger.given(np.full((1, 1), compute_working_days(project)), "working days a year")
    ledger.name("workload.contacts_per_day", "Contacts on a working day", "contact/day", in_all / days)
    bed_days = [
        ledger.name(
            f"workload.bed_days.{key}",
            f"Bed-days, {resource.label}",
            "day/year",
            of_resources[key] / HOURS_PER_DAY,
        )
        for key, resource in centre.resources.items()
        if resource.kind == "bed"
    ]
    ledger.name("workload.bed_days", "Bed-days", "day/year", total(bed_days))
    return Workload(
        measures={
            key: explain.name(f"measure.{key}", measure.label, measure.unit, counts.get(key, zero))
            for key, measure in centre.measures.items()
        },
        activities={
            key: explain.name(f"activity.{key}", activity.label, "count", done.get(key, zero))
            for key, activity in centre.activities.items()
        },
        hours=of_resources,
        costs={
            key: explain.name(f"cost.{key}", f"Cost of {key.replace('.', ', ')}", "USD/year", value)
            for key, value in costs.items()
        },
        contacts=in_all,
        contacts_by_department={key: value[CENTRAL] for key, value in contacts.items()},
        visits=ledger.name(
            "workload.visits",
            "Visits (one person on one day)",
            "count",
            expect(sum(tally.visits.values(), zero), "outpatient and day-case steps"),
        ),
        patients={
            key: ledger.name(
                f"patients.{key}",
                f"Patients newly {key.replace('_', ' ')}",
                "patient/year",
                expect(value, "first time the attribute is gained on a pathway"),
            )
            for key, value in tally.acquired.items()
        },
    )
