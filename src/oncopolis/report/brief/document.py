"""The brief as a document to read and to sign: brief.pdf."""

from collections.abc import Iterator, Sequence
from io import BytesIO
from typing import Any
from xml.sax.saxutils import escape

from reportlab.lib import colors
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    Flowable,
    KeepTogether,
    LongTable,
    PageBreak,
    Paragraph,
    SimpleDocTemplate,
    Spacer,
    TableStyle,
)

from oncopolis.design.layout import Layout
from oncopolis.design.required import RoomType
from oncopolis.report.brief.fonts import Fonts
from oncopolis.report.brief.plans import Box, Plan
from oncopolis.report.brief.tables import BriefTables, Table
from oncopolis.report.brief.workbook import NOTES
from oncopolis.report.language import mark
from oncopolis.report.page import HOLLOW

NAVY, PALE, QUIET = colors.HexColor("#12334F"), colors.HexColor("#F1F4F7"), colors.HexColor("#54616E")
LINE = colors.HexColor("#D5DCE3")
MARGIN = 14 * mm
DIGITS = {"count": 0, "tenths": 1, "hundredths": 2, "money": 0}
SCORE_TEXT = mark(
    "The layout score is {score} of 100: the mean closeness of the pairs below, weighed by their grade. "
    "Closeness falls in a line from 1 where two departments meet to 0 where the way between their entries is "
    "{reach} m or more; a change of storey counts as {storey} m, a walk between buildings as the campus "
    "states it."
)


class PlanFlowable(Flowable):
    """A block plan, as large as the page lets it be."""

    def __init__(self, plan: Plan, fonts: Fonts) -> None:
        super().__init__()
        self.plan, self.fonts, self.scale = plan, fonts, 1.0

    def wrap(self, available_width: float, available_height: float) -> tuple[float, float]:
        """Take as much of the page as the shape of the plan allows."""
        self.scale = min(available_width / self.plan.width, available_height / self.plan.height)
        return self.plan.width * self.scale, self.plan.height * self.scale

    def draw(self) -> None:
        """Draw its shapes, y turned upwards."""
        canvas, scale, height = self.canv, self.scale, self.plan.height
        for shape in self.plan.shapes:
            if isinstance(shape, Box):
                canvas.setFillColor(colors.HexColor(shape.fill))
                canvas.setStrokeColor(colors.HexColor(shape.stroke))
                canvas.setLineWidth(shape.line * scale)
                y = (height - shape.y - shape.height) * scale
                has_line = 1 if shape.line else 0
                canvas.rect(
                    shape.x * scale, y, shape.width * scale, shape.height * scale, fill=1, stroke=has_line
                )
                continue
            canvas.setFillColor(colors.HexColor(shape.colour))
            canvas.setFont(self.fonts.bold if shape.is_bold else self.fonts.plain, shape.size * scale)
            write = canvas.drawCentredString if shape.is_centred else canvas.drawString
            write(shape.x * scale, (height - shape.y) * scale, shape.text)


class DocumentWriter:
    """Writes the document of a brief."""

    def __init__(self, layout: Layout, tables: BriefTables, plans: Sequence[Plan], fonts: Fonts) -> None:
        self.layout, self.tables, self.plans, self.fonts = layout, tables, plans, fonts
        self.text, self.numeral = tables.text, tables.language.numeral
        style = ParagraphStyle("body", fontName=fonts.plain, fontSize=8, leading=10.4)
        self.body, self.cell = style, ParagraphStyle("cell", style, fontSize=7, leading=8.6)
        self.right = ParagraphStyle("right", self.cell, alignment=2)
        self.head = ParagraphStyle("head", self.cell, fontName=fonts.bold, textColor=colors.white)
        self.head_right = ParagraphStyle("head_right", self.head, alignment=2)
        self.strong = ParagraphStyle("strong", self.cell, fontName=fonts.bold)
        self.title = ParagraphStyle(
            "title", style, fontName=fonts.bold, fontSize=20, leading=25, textColor=NAVY
        )
        self.section = ParagraphStyle(
            "section", style, fontName=fonts.bold, fontSize=13, leading=17, spaceAfter=5, textColor=NAVY
        )
        self.quiet = ParagraphStyle("quiet", style, textColor=QUIET)

    def to_bytes(self) -> bytes:
        """Return the document."""
        stream = BytesIO()
        template = SimpleDocTemplate(
            stream,
            pagesize=landscape(A4),
            leftMargin=MARGIN,
            rightMargin=MARGIN,
            topMargin=MARGIN,
            bottomMargin=MARGIN,
            title=f"{self.text('Design brief')}: {self.tables.programme.project}",
            author="Oncopolis",
            invariant=1,
        )
        story = [
            *self._write_front(),
            *self._write_rooms(),
            *self._write_sheets(),
            *self._write_table(self.tables.list_equipment()),
            *self._write_links(),
            *self._write_plans(),
            *self._write_sources(),
        ]
        template.build(story, onFirstPage=self._foot, onLaterPages=self._foot)
        return stream.getvalue()

    def _foot(self, canvas: Canvas, _template: Any) -> None:
        canvas.setFont(self.fonts.plain, 7)
        canvas.setFillColor(QUIET)
        canvas.drawString(MARGIN, 7 * mm, self.tables.programme.project)
        canvas.drawRightString(landscape(A4)[0] - MARGIN, 7 * mm, str(canvas.getPageNumber()))

    def _write_front(self) -> Iterator[Flowable]:
        programme, numeral = self.tables.programme, self.numeral
        yield Paragraph(escape(self.text("Design brief")), self.title)
        yield Paragraph(escape(programme.project), self.section)
        year = self.text("What the plan asks for in {year}", year=programme.year)
        yield Paragraph(escape(year), self.quiet)
        yield Spacer(0, 10)
        rows = [
            (self.text("Rooms"), numeral(sum(room.n for room in programme.rooms), 0)),
            (self.text("Net area, m²"), numeral(programme.net_m2, 0)),
            (self.text("Department gross, m²"), numeral(programme.gross_m2, 0)),
            (self.text("Drawn in the concept, m²"), numeral(self.layout.drawn_m2, 0)),
            (self.text("Building gross, m²"), numeral(programme.building_m2, 0)),
            (self.text("Layout score"), numeral(self.layout.score.percent, 1)),
        ]
        facts = [[self._cell(name), Paragraph(escape(value), self.right)] for name, value in rows]
        yield self._grid(facts, (70 * mm, 32 * mm), has_head=False)
        yield Spacer(0, 10)
        mark_text = self.text(
            "A hollow circle marks a row that rests on a number whose source has not been "
            "opened, or on an unsigned assumption."
        )
        for note in (*(self.text(note) for note in NOTES), f"{HOLLOW} {mark_text}"):
            yield Paragraph(escape(note), self.body)
        yield Spacer(0, 10)
        yield from self._write_table(self.tables.list_departments(), breaks=False)

    def _write_rooms(self) -> Iterator[Flowable]:
        yield PageBreak()
        yield Paragraph(escape(self.text("Space programme")), self.section)
        for part in self.tables.programme.departments:
            table = self.tables.list_rooms(self.tables.programme.by_department[part.id])
            kept = Table(
                self.tables.departments[part.id],
                tuple(field for i, field in enumerate(table.fields) if i != 1),
                tuple((*row[:1], *row[2:]) for row in table.rows),
            )
            yield from self._write_table(kept, breaks=False)
            yield Spacer(0, 8)

    def _write_sheets(self) -> Iterator[Flowable]:
        yield PageBreak()
        yield Paragraph(escape(self.text("Room data sheets")), self.section)
        for part in self.tables.programme.departments:
            yield Paragraph(escape(self.tables.departments[part.id]), self.section)
            for room in self.tables.programme.by_department[part.id]:
                yield KeepTogether([self._write_sheet(room), Spacer(0, 5)])

    def _write_sheet(self, room: RoomType) -> Flowable:
        tables, text = self.tables, self.text
        count = text("{n} rooms", n=self.numeral(room.n, 0))
        if room.n_places:
            places = text("{n} places in all", n=self.numeral(room.n_places, 0))
            count = f"{count}, {places}"
        title = f"{tables.name(room.labels)}: {count}"
        pairs = [
            (text("Clear area of one, m²"), tables.write(room.area_m2, 1)),
            (text("Clear height, m"), tables.write(room.height_m, 2)),
            (text("Door width, m"), tables.write(room.door_width_m, 2)),
            (text("Floor load, kN/m²"), tables.write(room.load_kn_m2, 2)),
            *tables.list_words(room),
            (text("Class"), tables.write_code(room)),
            (text("Key"), room.id),
        ]
        filled = [(name, value) for name, value in pairs if value]
        cells = [[self._cell(name, is_quiet=True), self._cell(value)] for name, value in filled]
        half = (len(cells) + 1) // 2
        blank = [self._cell(""), self._cell("")]
        rows = [[*cells[i], *(cells[half + i] if half + i < len(cells) else blank)] for i in range(half)]
        grid = self._grid(
            [[Paragraph(escape(title), self.strong), "", "", ""], *rows],
            (38 * mm, 88 * mm, 38 * mm, 105 * mm),
            has_head=False,
        )
        grid.setStyle(TableStyle([("SPAN", (0, 0), (-1, 0)), ("BACKGROUND", (0, 0), (-1, 0), PALE)]))
        return grid

    def _write_links(self) -> Iterator[Flowable]:
        programme = self.tables.programme
        table = self.tables.list_links()
        yield PageBreak()
        yield Paragraph(escape(table.title), self.section)
        words = self.text(
            SCORE_TEXT,
            score=self.numeral(self.layout.score.percent, 1),
            reach=self.numeral(programme.get("layout.reach"), 0),
            storey=self.numeral(programme.get("layout.storey"), 0),
        )
        yield Paragraph(escape(words), self.body)
        yield Spacer(0, 6)
        yield from self._write_table(Table("", table.fields, table.rows), breaks=False)

    def _write_plans(self) -> Iterator[Flowable]:
        for plan in self.plans:
            yield PageBreak()
            yield PlanFlowable(plan, self.fonts)

    def _write_sources(self) -> Iterator[Flowable]:
        yield PageBreak()
        yield Paragraph(escape(self.text("Sources")), self.section)
        for key, citation in sorted(self.tables.programme.sources.items()):
            yield Paragraph(f"{escape(key)}: {escape(citation)}", self.body)

    def _write_table(self, table: Table, *, breaks: bool = True) -> Iterator[Flowable]:
        if breaks:
            yield PageBreak()
        if table.title:
            yield Paragraph(escape(table.title), self.section)
        head = [
            Paragraph(escape(field.heading), self.head if field.kind == "text" else self.head_right)
            for field in table.fields
        ]
        rows = [
            [self._write_value(value, field.kind) for value, field in zip(row, table.fields, strict=True)]
            for row in table.rows
        ]
        shares = [3 if field.is_long else 2 if field.kind == "text" else 1 for field in table.fields]
        width = landscape(A4)[0] - 2 * MARGIN
        yield self._grid([head, *rows], [width * share / sum(shares) for share in shares], has_head=True)

    def _write_value(self, value: Any, kind: str) -> Paragraph:
        if value is None:
            return self._cell("")
        if kind == "text":
            return self._cell(str(value))
        return Paragraph(escape(self.numeral(value, DIGITS[kind])), self.right)

    def _cell(self, text: str, *, is_quiet: bool = False) -> Paragraph:
        words = escape(text)
        return Paragraph(f'<font color="#54616E">{words}</font>' if is_quiet else words, self.cell)

    def _grid(self, rows: list[list[Any]], widths: Sequence[float], *, has_head: bool) -> LongTable:
        grid = LongTable(rows, colWidths=list(widths), repeatRows=1 if has_head else 0, hAlign="LEFT")
        style: list[Any] = [
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("LINEBELOW", (0, 0), (-1, -1), 0.4, LINE),
            ("TOPPADDING", (0, 0), (-1, -1), 1.6),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 1.8),
            ("LEFTPADDING", (0, 0), (-1, -1), 3),
            ("RIGHTPADDING", (0, 0), (-1, -1), 3),
        ]
        if has_head:
            style.append(("BACKGROUND", (0, 0), (-1, 0), NAVY))
        grid.setStyle(TableStyle(style))
        return grid
