"""The few pieces of Markdown that the reference pages are made of."""

from collections.abc import Iterable, Sequence


def to_table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Write a table; bars and line breaks inside cells are made harmless."""
    lines = [f"| {' | '.join(header)} |", f"|{'|'.join(' --- ' for _ in header)}|"]
    lines += [f"| {' | '.join(to_cell(cell) for cell in row)} |" for row in rows]
    return "\n".join(lines)


def to_cell(value: object) -> str:
    """Write one cell; None is empty."""
    text = "" if value is None else str(value)
    return " ".join(text.split()).replace("|", "\\|")


def to_code(text: object) -> str:
    """Write inline code, or nothing for nothing."""
    return f"`{text}`" if text not in {None, ""} else ""


def to_page(title: str, *parts: str) -> str:
    """Write a page: heading, paragraphs, one line break at the end."""
    return "\n\n".join((f"# {title}", *(part.strip("\n") for part in parts if part))) + "\n"
