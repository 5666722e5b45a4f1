"""Demand as plain data."""

from typing import Any

import numpy as np

from oncopolis.centre.geography import SEXES, get_age_starts, get_site_index
from oncopolis.planning.document.figures import FigureWriter
from oncopolis.planning.plan import Plan


def write_demand(plan: Plan, writer: FigureWriter) -> dict[str, Any]:
    """New cases by site, stage, sex and age, populations, and patients alive."""
    demand, figures = plan.calculation.demand, writer.ledger.figures
    flows = [
        {
            "id": key,
            "label": flow.label,
            "figure": f"demand.flows.{key}",
            "volume": writer.list_series(figures[f"demand.flows.{key}"]),
        }
        for key, flow in plan.project.centre.flows.items()
    ]
    if demand is None:
        return {
            "sites": [],
            "populations": [],
            "age": None,
            "stages": [],
            "prevalent": [],
            "follow_up": [],
            "flows": flows,
        }
    return {
        "sites": [
            {
                "site": site,
                "label": cohort.label,
                "new_cases": writer.list_series(demand.new_cases[site]),
                "cases": writer.list_series(figures[f"demand.cases.{site}"]),
                "stages": _write_stages_of(site, plan, writer),
                "by_sex_and_age": _write_ages_of(site, plan, writer),
            }
            for site, cohort in plan.project.centre.cohorts.items()
        ],
        "populations": _write_populations(plan, writer),
        "age": _write_age(plan, writer),
        "stages": _write_stages(plan, writer),
        "prevalent": writer.list_series(figures["demand.prevalent"]),
        "follow_up": writer.list_series(figures["demand.follow_up"]),
        "flows": flows,
    }


def _write_stages_of(site: str, plan: Plan, writer: FigureWriter) -> dict[str, list[float]]:
    """New cases of a site in the catchment by stage and year."""
    demand = plan.calculation.demand
    assert demand is not None
    return {
        stage: writer.list_series(demand.new_cases[site] * share)
        for (of_site, stage), share in demand.stage_shares.items()
        if of_site == site
    }


def _write_ages_of(site: str, plan: Plan, writer: FigureWriter) -> dict[str, list[float]]:
    """New cases of a site in the catchment by sex and age band in the reference year."""
    demand = plan.calculation.demand
    assert demand is not None
    table = demand.by_age[get_site_index()[site], ..., writer.column]
    return {sex: [float(cases) for cases in row] for sex, row in zip(SEXES, table, strict=True)}


def _write_populations(plan: Plan, writer: FigureWriter) -> list[dict[str, Any]]:
    figures, catchment = writer.ledger.figures, plan.project.centre.catchment
    assert catchment is not None
    rows = []
    for key, population in catchment.populations.items():
        registered, estimated = (figures.get(f"demand.{kind}.{key}") for kind in ("registered", "estimated"))
        rows.append(
            {
                "id": key,
                "label": population.label,
                "people": writer.list_series(figures[f"demand.population.{key}"]),
                "registered": None if registered is None else writer.pick(registered),
                "estimated": None if estimated is None else writer.pick(estimated),
                "basis": population.basis,
            }
        )
    return rows


def _write_age(plan: Plan, writer: FigureWriter) -> dict[str, Any]:
    """New cases of the catchment by sex and age in the reference year."""
    demand = plan.calculation.demand
    assert demand is not None
    female, male = demand.by_age[..., writer.column].sum(axis=0)
    return {
        "year": writer.year,
        "age_starts": [int(age) for age in get_age_starts()],
        "female": [float(cases) for cases in female],
        "male": [float(cases) for cases in male],
    }


def _write_stages(plan: Plan, writer: FigureWriter) -> list[dict[str, Any]]:
    demand = plan.calculation.demand
    assert demand is not None
    by_stage: dict[str, Any] = {}
    for (site, stage), share in demand.stage_shares.items():
        cases = np.array(writer.list_series(demand.new_cases[site])) * np.array(writer.list_series(share))
        by_stage[stage] = by_stage.get(stage, 0) + cases
    return [
        {"stage": stage, "cases": [float(value) for value in by_stage[stage]]} for stage in sorted(by_stage)
    ]
