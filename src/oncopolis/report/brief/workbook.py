"""The brief as a workbook."""

from oncopolis.report.brief.tables import BriefTables
from oncopolis.report.language import mark
from oncopolis.report.workbooks.book import Book

NOTES = (
    mark("Clear area is what a room has to have inside its walls; shielding walls come on top of it."),
    mark("Numbers come from the evidence rows that the room data sheets name; a project may replace any."),
    mark(
        "Shielding walls of the concept are no calculation; a qualified expert's calculation replaces them."
    ),
)


def write_workbook(tables: BriefTables) -> bytes:
    """Write brief.xlsx: departments, rooms, data sheets, equipment, relations, sources."""
    programme, text = tables.programme, tables.text
    document = {
        "project": {"name": programme.project},
        "sources": dict(programme.sources),
        "figures": {},
    }
    book = Book(document, tables.language, text("Design brief"))
    for table in (
        tables.list_departments(),
        tables.list_rooms(programme.rooms),
        tables.list_sheets(),
        tables.list_equipment(),
        tables.list_links(),
    ):
        book.add_sheet(table.title, table.fields, table.rows)
    book.add_sources(sorted(programme.sources))
    book.add_lines(text("Notes"), [text(note) for note in NOTES])
    return book.to_bytes()
