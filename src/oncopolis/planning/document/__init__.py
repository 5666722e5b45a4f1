"""A plan as plain data: what ``plan.json`` holds."""

from typing import Any

from oncopolis.evidence import list_sources
from oncopolis.foundation.collecting import uncollected
from oncopolis.planning.document.demand import write_demand
from oncopolis.planning.document.facilities import write_equipment, write_rooms
from oncopolis.planning.document.figures import FigureWriter
from oncopolis.planning.document.money import write_biobank, write_money
from oncopolis.planning.document.people import write_staff
from oncopolis.planning.document.schema import to_plan_schema
from oncopolis.planning.document.workload import write_workload
from oncopolis.planning.findings import list_weak_rows
from oncopolis.planning.plan import Plan

SCHEMA = "oncopolis.plan/1"
"""Name and version of the form of ``plan.json``."""


@uncollected()
def to_document(plan: Plan, settings: dict[str, str] | None = None) -> dict[str, Any]:
    """Return a plan as plain data without times or paths.

    Parameters
    ----------
    plan
        The plan.
    settings
        ``KEY=VALUE`` of the command line, for the record.
    """
    writer = FigureWriter(plan)
    document = {
        "schema": SCHEMA,
        "project": _write_project(plan),
        "settings": {"draws": plan.n_draws, "seed": plan.seed, "set": dict(settings or {})},
        "years": list(plan.calculation.ledger.years),
        "reference_year": plan.project.centre.reference_year,
        "headlines": list(plan.headlines),
        "demand": write_demand(plan, writer),
        "workload": write_workload(plan, writer),
        "equipment": write_equipment(plan, writer),
        "staff": write_staff(plan, writer),
        "rooms": write_rooms(plan, writer),
        "money": write_money(plan, writer),
        "biobank": write_biobank(plan, writer),
        "uncertainty": _write_uncertainty(plan, writer),
        "findings": [finding.model_dump(mode="json") for finding in plan.findings],
        "overrides": _write_overrides(plan),
        "unsigned_headlines": list_weak_rows(plan.project, plan.uncertainty) if plan.uncertainty else [],
    }
    document["figures"] = writer.write_all()
    used = _list_used(plan, writer)
    document["evidence_used"] = {
        key: plan.project.evidence.get_row(key).model_dump(mode="json") for key in used
    }
    cited = {plan.project.evidence.get_row(key).source for key in used}
    document["sources"] = {key: source.citation for key, source in list_sources().items() if key in cited}
    return document


def _write_project(plan: Plan) -> dict[str, Any]:
    centre = plan.project.centre
    practice = centre.get_practice()
    return {
        "name": centre.name,
        "about": centre.about,
        "country": centre.country,
        "practice": {"id": centre.practice, "label": practice.label, "choices": dict(practice.choices)},
        "currency": _write_currency(plan),
        "base_year": centre.catchment.base_year if centre.catchment else None,
        "first": centre.horizon.first,
        "last": centre.horizon.last,
        "openings": [
            phase.opening.model_dump(mode="json") | {"departments": sorted(phase.drivers.departments)}
            for phase in plan.calculation.phases
        ],
        "languages": list(centre.languages),
    }


def _write_currency(plan: Plan) -> dict[str, Any]:
    currency = plan.project.centre.currency
    per_usd = None
    if currency.per_usd is not None:
        key = plan.calculation.asking.find_key(currency.per_usd)
        per_usd = plan.project.evidence.get_row(key).value
    return {"code": currency.code, "price_year": currency.price_year, "per_usd": per_usd}


def _write_uncertainty(plan: Plan, writer: FigureWriter) -> dict[str, Any]:
    uncertainty = plan.uncertainty
    if uncertainty is None:
        return {"draws": 0, "seed": plan.seed, "interval": None, "headlines": {}, "tornado": {}}
    from oncopolis.planning.uncertainty import INTERVAL

    return {
        "draws": plan.n_draws,
        "seed": plan.seed,
        "interval": list(INTERVAL),
        "headlines": {
            key: {
                "value": writer.get_value(key),
                "low": uncertainty.intervals[key][0],
                "high": uncertainty.intervals[key][1],
                "quantiles": dict(quantiles),
            }
            for key, quantiles in uncertainty.quantiles.items()
        },
        "tornado": {
            key: [
                {
                    "evidence": bar.evidence,
                    "label": plan.project.evidence.get_row(bar.evidence).label,
                    "low_value": bar.low_value,
                    "high_value": bar.high_value,
                    "at_low": bar.at_low,
                    "at_high": bar.at_high,
                }
                for bar in bars
            ]
            for key, bars in uncertainty.tornado.items()
        },
    }


def _write_overrides(plan: Plan) -> list[dict[str, Any]]:
    return [
        {
            "key": override.key,
            "label": override.after.label,
            "unit": override.after.unit,
            "before": override.before.value,
            "after": override.after.value,
            "source": override.after.source,
            "signed_by": list(override.after.signed_by),
            "where": _without_folder(override.where, plan),
        }
        for override in plan.project.evidence.overrides
    ]


def _without_folder(where: str, plan: Plan) -> str:
    """A plan names files of the project, not where the project lies."""
    return where.replace(f"{plan.project.folder}/", "")


def _list_used(plan: Plan, writer: FigureWriter) -> list[str]:
    """Return every row the plan read, and those its tornado and explanations name."""
    return sorted(set(plan.calculation.ledger.coefficients.used) | writer.named_rows)


__all__ = ["SCHEMA", "to_document", "to_plan_schema"]
