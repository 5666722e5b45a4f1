"""Workload as plain data."""

from typing import Any

from oncopolis.planning.document.figures import FigureWriter
from oncopolis.planning.plan import Plan


def write_workload(plan: Plan, writer: FigureWriter) -> dict[str, Any]:
    """Measures, contacts, visits, bed-days, hours held and activities by year."""
    workload, centre = plan.calculation.workload, plan.project.centre

    def line(key: str, name: str) -> dict[str, Any]:
        figure = writer.ledger.figures[key]
        return writer.write_line(key, name, figure.label, unit=figure.unit, values=writer.list_series(figure))

    return {
        "measures": [line(f"measure.{key}", key) for key in centre.measures],
        "contacts": line("workload.contacts", "contacts"),
        "contacts_per_day": line("workload.contacts_per_day", "contacts_per_day"),
        "visits": line("workload.visits", "visits"),
        "bed_days": line("workload.bed_days", "bed_days"),
        "wards": [
            line(f"workload.bed_days.{key}", key)
            for key, resource in centre.resources.items()
            if resource.kind == "bed"
        ],
        "patients": [line(f"patients.{key}", key) for key in workload.patients],
        "resources": [
            line(f"hours.{key}", key)
            | {"label": resource.label, "kind": resource.kind, "department": resource.department}
            for key, resource in centre.resources.items()
        ],
        "departments": [
            {
                "id": key,
                "label": centre.departments[key].label,
                "contacts": [float(value) for value in contacts],
            }
            for key, contacts in workload.contacts_by_department.items()
        ],
        "activities": [
            line(f"activity.{key}", key) | {"department": activity.department}
            for key, activity in centre.activities.items()
        ],
    }
