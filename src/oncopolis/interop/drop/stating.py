"""A row becomes the message it stands for, and what that states."""

from datetime import datetime
from typing import Any

from oncopolis.foundation.errors import OncopolisError
from oncopolis.interop.drop.forms import FORMS, Column, Form
from oncopolis.interop.drop.mappings import Mapping_
from oncopolis.interop.drop.rows import Bad, Row
from oncopolis.interop.hl7.message import Message, Segment, make_segment
from oncopolis.interop.hl7.moments import from_fhir
from oncopolis.interop.hl7.separators import STANDARD
from oncopolis.interop.mapping.reading import KINDS
from oncopolis.interop.mapping.stating import Statement
from oncopolis.interop.naming import Naming

__all__ = ["Reader", "explain"]

_ORDER = ("MSH", "SCH", "PID", "OBR", "OBX", "AIS", "AIL", "NTE")
_ISO = {"date": "%Y-%m-%d", "time": "%Y-%m-%dT%H:%M"}
_KIND = 9  # structure: number of the field with type and event
_Cells = dict[str, dict[int, dict[int, str]]]


class Reader:
    """Reads the rows of one file."""

    def __init__(self, mapping: Mapping_, naming: Naming) -> None:
        self.mapping, self.naming, self.form = mapping, naming, FORMS[mapping.form]

    def read(self, row: Row) -> Statement | Bad:
        """Return what a row states, or why it cannot be taken."""
        values = {**self.mapping.constants, **row.values}
        kind, event = self.form.event
        cells: _Cells = {"MSH": {_KIND: {1: kind, 2: event}}}
        for segment, field, component, text in self.form.constants:
            cells.setdefault(segment, {}).setdefault(field, {})[component] = text
        for name, column in self.form.columns.items():
            value = values.get(name)
            if value is None:
                if column.is_required:
                    return Bad(row.line, name, "", column.meaning)
                continue
            told = self._tell(column, value)
            if told is None:
                return Bad(row.line, name, value, self._expect(column))
            for segment, field, component in column.places:
                cells.setdefault(segment, {}).setdefault(field, {})[component] = told
        try:
            return KINDS[self.form.event[0]][1](_make_message(cells), self.naming)
        except OncopolisError as error:
            return explain(row.line, error, self.form, values)

    def _tell(self, column: Column, value: str) -> str | None:
        """Return a value as HL7 writes it, None if it is none of its type."""
        if column.type == "text":
            return value
        if column.type == "word":
            return (column.words or {}).get(value.lower())
        pattern = self.mapping.dates if column.type == "date" else self.mapping.times
        try:
            if pattern == _ISO[column.type]:
                return _tell_iso(value, column.type)
            moment = datetime.strptime(value, pattern)  # noqa: DTZ007 - the partner's zone is added later
        except ValueError:
            return None
        return f"{moment:%Y%m%d}" if column.type == "date" else f"{moment:%Y%m%d%H%M%S}{moment:%z}"

    def _expect(self, column: Column) -> str:
        if column.type == "word":
            return f"one of {', '.join(column.words or {})}"
        return self.mapping.dates if column.type == "date" else self.mapping.times


def _tell_iso(value: str, kind: str) -> str | None:
    if kind == "date":
        return f"{datetime.strptime(value, '%Y-%m-%d'):%Y%m%d}"  # noqa: DTZ007 - a day has no zone
    moment = datetime.fromisoformat(value)
    written = from_fhir(moment.isoformat())
    return written or f"{moment:%Y%m%d%H%M%S}"


def _make_message(cells: _Cells) -> Message:
    segments: list[Segment] = []
    for name in _ORDER:
        if name in cells:
            fields: dict[int, Any] = {
                number: [[components.get(n, "") for n in range(1, max(components) + 1)]]
                for number, components in cells[name].items()
            }
            made = make_segment(name, fields)
            if name == "MSH":
                made = Segment("MSH", (STANDARD.encoding, *made.fields[2:]))
            segments.append(made)
    return Message(tuple(segments))


def explain(line: int, error: OncopolisError, form: Form, values: dict[str, str]) -> Bad:
    """Return what is wrong with a row by the name of its column."""
    found = error.where.replace("[1]", "")
    for name, column in form.columns.items():
        for segment, field, _ in column.places:
            if (
                name in values
                and found.startswith(f"{segment}-{field}")
                and not found[len(f"{segment}-{field}") :][:1].isdigit()
            ):
                return Bad(line, name, values[name], error.expected)
    return Bad(line, "", error.got, f"{error.expected} [{error.code}]")
