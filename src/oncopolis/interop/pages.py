"""What the tables say, as rows for the documentation."""

from collections.abc import Sequence
from typing import Final

from oncopolis.interop.drop.forms import FORMS
from oncopolis.interop.mapping import appointments, encounters, orders, patients, results
from oncopolis.interop.mapping.rows import Row
from oncopolis.interop.mapping.values import VALUES

__all__ = ["list_columns", "list_events", "list_fields"]

_TABLES: Final[tuple[tuple[str, Sequence[Row]], ...]] = (
    ("Patient", patients.ROWS),
    ("Patient", patients.PRIOR),
    ("Encounter", (*encounters.ROWS, *encounters.ACCOUNT)),
    ("ServiceRequest", (*orders.ORC, *orders.ROWS, *orders.TIMING, *orders.NOTES)),
    (
        "Appointment",
        (
            *appointments.SCH, *appointments.TIMING, *appointments.SERVICES, *appointments.PLACES,
            *appointments.PERSONS, *appointments.NOTES,
        ),
    ),
    ("DiagnosticReport", results.REPORT),
    ("Observation", (*results.OBSERVATION, *results.NOTES)),
)  # fmt: skip
_WAYS: Final = {"both": "in, out", "in": "in", "out": "out"}


def list_fields() -> list[tuple[str, str, str, str]]:
    """Return field, data type, element and direction of every mapped field."""
    rows = [
        (row.field, row.kind.name, f"{type_}.{row.element}", _WAYS[row.way])
        for type_, table in _TABLES
        for row in table
    ]
    rows += [(f"OBX-5 ({kind})", kind, _name_value(element), "in, out") for kind, element in VALUES.items()]
    return rows


def _name_value(element: str) -> str:
    return f"DiagnosticReport.{element}" if element == "presentedForm" else f"Observation.{element}"


def list_events() -> list[tuple[str, str]]:
    """Return every event that is read, and what it does."""
    rows = [
        (f"ADT^{code}", event.meaning + (f"; Encounter.status {event.status}" if event.status else ""))
        for code, event in encounters.EVENTS.items()
    ]
    rows += [
        (f"SIU^{code}", f"Appointment.status {status}" if status else "appointment changed")
        for code, status in appointments.EVENTS.items()
    ]
    controls = ", ".join(f"{code} {status or 'as it is'}" for code, status in orders.CONTROLS.items())
    rows += [(kind, f"ServiceRequest.status by ORC-1: {controls}") for kind in ("ORM^O01", "OMG^O19")]
    return [*rows, ("ORU^R01", "DiagnosticReport with its Observations")]


def list_columns() -> list[tuple[str, str, str, str]]:
    """Return form, column, whether it has to be there, and its meaning."""
    return [
        (name, column, "yes" if one.is_required else "", one.meaning)
        for name, form in FORMS.items()
        for column, one in form.columns.items()
    ]
