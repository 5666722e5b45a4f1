"""`Book`: sheets with headings that stay, filters, number formats, sums that are formulas, and sources."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from typing import Any, Literal

import xlsxwriter  # type: ignore[import-untyped]  # ships no types
from xlsxwriter.utility import (  # type: ignore[import-untyped]
    xl_col_to_name,
    xl_rowcol_to_cell,
)

from oncopolis.report.canonical import Plan
from oncopolis.report.language import Language, mark
from oncopolis.report.page import HOLLOW

Kind = Literal["text", "count", "tenths", "money", "hundredths"]

_FORMATS = {"text": "@", "count": "#,##0", "tenths": "#,##0.0", "money": "#,##0", "hundredths": "#,##0.00"}
_WIDTHS = {"text": 26, "count": 11, "tenths": 11, "money": 16, "hundredths": 11}
_LONG_TEXT = 44
_HEAD_HEIGHT = 34
_TABLE_ROW = 3
"""Row of the headings: below title, subtitle and an empty row."""

_MADE = datetime(2000, 1, 1, tzinfo=UTC)
"""Any fixed date, so that the same plan gives the same bytes."""

NOTES = (
    mark(
        "Counts refer to the year that the last opening is sized for; columns of "
        "openings give the state at each."
    ),
    mark(
        "Prices are in US dollars of the stated price year; the plan's own ranges stand "
        "in plan.json and report.html."
    ),
    mark(
        "A hollow circle marks a row that rests on a number whose source has not been "
        "opened, or on an unsigned assumption."
    ),
    mark(
        "Sums are formulas: change a number and they follow. The plan itself does not "
        "follow; change the project and plan again."
    ),
)


@dataclass(frozen=True)
class Field:
    """A column of a sheet."""

    heading: str
    kind: Kind = "text"
    is_summed: bool = False
    is_long: bool = False
    formula: str = ""
    """Formula of each row with ``{heading}``-free column letters, such as ``=B{row}*C{row}``."""


class Book:
    """A workbook in the making; `to_bytes` ends it.

    Parameters
    ----------
    plan
        Plan document, rounded.
    language
        Language of headings and labels.
    title
        Title on every sheet.
    """

    def __init__(self, plan: Plan, language: Language, title: str) -> None:
        self.plan, self.language, self.title = plan, language, title
        self._stream = BytesIO()
        self._book = xlsxwriter.Workbook(self._stream, {"in_memory": True})
        self._book.set_properties(
            {"title": title, "subject": plan["project"]["name"], "author": "Oncopolis", "created": _MADE}
        )
        self._styles: dict[tuple[str, bool], Any] = {}
        head = {
            "bold": True,
            "font_color": "#FFFFFF",
            "bg_color": "#12334F",
            "text_wrap": True,
            "valign": "vcenter",
            "border": 1,
            "border_color": "#DDE3E9",
        }
        self._head = self._book.add_format(head)
        self._title = self._book.add_format({"bold": True, "font_size": 15, "font_color": "#12334F"})
        self._quiet = self._book.add_format({"font_color": "#54616E"})
        self._wrapped = self._book.add_format({"text_wrap": True, "valign": "top"})

    def add_sheet(self, name: str, fields: Sequence[Field], rows: Sequence[Sequence[Any]]) -> None:
        """Add a sheet of one table, with a sum below each column that has one."""
        sheet = self._open(name)
        for i, field in enumerate(fields):
            sheet.set_column(i, i, _LONG_TEXT if field.is_long else _WIDTHS[field.kind])
            sheet.write_string(_TABLE_ROW, i, field.heading, self._head)
        sheet.set_row(_TABLE_ROW, _HEAD_HEIGHT)
        first = _TABLE_ROW + 1
        for k, row in enumerate(rows):
            self._write_row(sheet, first + k, fields, row)
        sheet.freeze_panes(first, 1)
        if not rows:
            return
        last = first + len(rows) - 1
        sheet.autofilter(_TABLE_ROW, 0, last, len(fields) - 1)
        if any(field.is_summed for field in fields):
            self._write_sums(sheet, fields, rows, first, last)
        sheet.repeat_rows(_TABLE_ROW)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)

    def add_sources(self, keys: Sequence[str]) -> None:
        """Add the sheet of the sources that the rows name, and of the evidence rows behind them."""
        sources = self.plan.get("sources") or {}
        text = self.language.text
        named = sorted(
            {
                name
                for key in keys
                for name in str(key or "").replace(";", ",").replace(" ", "").split(",")
                if name
            }
        )
        rows = [(name, sources.get(name) or self._cite(name)) for name in named]
        self.add_sheet(text("Sources"), (Field(text("Source")), Field(text("Work"), is_long=True)), rows)

    def add_notes(self) -> None:
        """Add the sheet that says what the numbers are."""
        text, project = self.language.text, self.plan["project"]
        lines = [
            text("Reference year: {year}", year=self.plan["reference_year"]),
            text("Price year: {year}", year=project["currency"]["price_year"]),
            text(
                "Draws: {draws}, seed {seed}",
                draws=self.plan["settings"].get("draws"),
                seed=self.plan["settings"].get("seed"),
            ),
            *(
                f"{self.language.label(opening['label'])}: {opening['year']}"
                for opening in project.get("openings") or ()
            ),
            *(text(note) for note in NOTES),
        ]
        self.add_lines(text("Notes"), lines)

    def add_lines(self, name: str, lines: Sequence[str]) -> None:
        """Add a sheet of sentences."""
        sheet = self._open(name)
        sheet.set_column(0, 0, 110)
        for i, line in enumerate(lines):
            sheet.write_string(_TABLE_ROW + i, 0, line, self._wrapped)

    def mark(self, entry: dict[str, Any]) -> str:
        """Return the mark of an unverified row, else nothing."""
        return HOLLOW if entry.get("unverified") or self._is_unverified(entry.get("figure")) else ""

    def to_bytes(self) -> bytes:
        """Close the workbook and return it."""
        self._book.close()
        return self._stream.getvalue()

    def _is_unverified(self, key: str | None) -> bool:
        return bool(key and (self.plan["figures"].get(key) or {}).get("unverified"))

    def _cite(self, key: str) -> str:
        row = (self.plan.get("evidence_used") or {}).get(key)
        return (
            f"{row['label']}: {(self.plan.get('sources') or {}).get(row['source'], row['source'])}"
            if row
            else ""
        )

    def _open(self, name: str) -> Any:
        # Excel allows 31 characters and none of these in the name of a sheet.
        allowed = "".join(letter for letter in name if letter not in "[]:*?/\\")[:31]
        sheet = self._book.add_worksheet(allowed)
        sheet.hide_gridlines(2)
        sheet.write_string(0, 0, self.title, self._title)
        sheet.write_string(1, 0, self.plan["project"]["name"], self._quiet)
        return sheet

    def _write_row(self, sheet: Any, line: int, fields: Sequence[Field], row: Sequence[Any]) -> None:
        for i, (field, value) in enumerate(zip(fields, row, strict=True)):
            style = self._style(field.kind, is_sum=False)
            if field.formula and value is not None:
                sheet.write_formula(line, i, field.formula.format(row=line + 1), style, value)
            elif value is None or value == "":
                sheet.write_blank(line, i, None, style)
            elif field.kind == "text":
                sheet.write_string(line, i, str(value), style)
            else:
                sheet.write_number(line, i, value, style)

    def _write_sums(
        self, sheet: Any, fields: Sequence[Field], rows: Sequence[Sequence[Any]], first: int, last: int
    ) -> None:
        line = last + 1
        for i, field in enumerate(fields):
            style = self._style(field.kind, is_sum=True)
            if field.is_summed:
                total = sum(row[i] or 0 for row in rows)
                letter = xl_col_to_name(i)
                # 109: a sum that follows the filter.
                sheet.write_formula(
                    line, i, f"=SUBTOTAL(109,{letter}{first + 1}:{xl_rowcol_to_cell(last, i)})", style, total
                )
            else:
                sheet.write(line, i, self.language.text("Total") if i == 0 else None, style)

    def _style(self, kind: str, *, is_sum: bool) -> Any:
        if (kind, is_sum) not in self._styles:
            made = {"num_format": _FORMATS[kind], "valign": "top", "bottom": 1, "bottom_color": "#DDE3E9"}
            if kind == "text":
                made["text_wrap"] = True
            if is_sum:
                made |= {"bold": True, "top": 2, "bg_color": "#F5F7F9"}
            self._styles[kind, is_sum] = self._book.add_format(made)
        return self._styles[kind, is_sum]
