"""Tables of the page."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

Cell = str | Markup


@dataclass(frozen=True)
class Column:
    """A column: its heading and whether it holds numbers."""

    heading: str
    is_number: bool = True


def write_table(
    columns: Sequence[Column], rows: Iterable[Sequence[Cell]], *, caption: str, total: Sequence[Cell] = ()
) -> Markup:
    """Write a table whose first column heads its rows; `total` closes it."""
    heads = "".join(f'<th scope="col"{_align(column)}>{escape(column.heading)}</th>' for column in columns)
    body = "".join(_write_row(columns, row) for row in rows)
    foot = f"<tfoot>{_write_row(columns, total)}</tfoot>" if total else ""
    return Markup(  # noqa: S704 (parts are escaped)
        f'<div class="wide" '
        f'tabindex="0"><table><caption>{escape(caption)}</caption><thead><tr>{heads}</tr></thead>'
        f"<tbody>{body}</tbody>{foot}</table></div>"
    )


def fold(table: Markup, summary: str) -> Markup:
    """Fold a table away behind a summary; printing opens it."""
    return Markup(f"<details><summary>{escape(summary)}</summary>{table}</details>")  # noqa: S704 (parts are escaped)


def _write_row(columns: Sequence[Column], row: Sequence[Cell]) -> str:
    cells = [f'<th scope="row">{escape(row[0])}</th>']
    cells += [
        f"<td{_align(column)}>{escape(cell)}</td>" for column, cell in zip(columns[1:], row[1:], strict=True)
    ]
    return f"<tr>{''.join(cells)}</tr>"


def _align(column: Column) -> str:
    return ' class="n"' if column.is_number else ""
