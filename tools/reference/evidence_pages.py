"""The evidence: one page a topic, and the bibliography."""

from collections import defaultdict
from collections.abc import Iterator, Mapping

from oncopolis.evidence import Row, Source, list_sources, load_evidence
from reference.markdown import to_cell, to_code, to_page, to_table

_HEADER = ("key", "what", "value", "range", "unit", "per", "year", "source", "status", "opened", "note")
_ABOUT = """
Every number with a meaning that Oncopolis uses, with its range and source. *Opened* says whether somebody
opened the source and saw the number there; a row that was not opened is shown as unverified wherever it
matters. A project replaces any row by key with its own value and source.
"""


def list_pages() -> Iterator[tuple[str, str]]:
    """Yield one page for each first word of a key, their index, and the bibliography."""
    evidence, sources = load_evidence(), list_sources()
    topics: dict[str, dict[str, Row]] = defaultdict(dict)
    for key in sorted(evidence.rows):
        topics[key.partition(".")[0]][key] = evidence.rows[key]
    for topic, rows in topics.items():
        yield f"evidence/{topic}.md", to_page(f"Evidence: {topic}", _to_rows(rows, sources))
    yield (
        "evidence/index.md",
        to_page("Evidence", _ABOUT, _to_index(topics), "[Bibliography](bibliography.md)"),
    )
    yield "evidence/bibliography.md", to_page("Bibliography", *_list_entries(sources, evidence.rows))


def _to_rows(rows: Mapping[str, Row], sources: Mapping[str, Source]) -> str:
    return to_table(_HEADER, (_to_cells(key, row, sources) for key, row in rows.items()))


def _to_cells(key: str, row: Row, sources: Mapping[str, Source]) -> tuple[object, ...]:
    span = f"{row.low:.6g} to {row.high:.6g}" if row.low is not None and row.high is not None else "exact"
    source = f"[{row.source}](bibliography.md#{row.source})" if row.source in sources else row.source
    return (
        to_code(key),
        row.label,
        f"{row.value:.10g}",
        span,
        row.unit,
        row.per,
        row.year,
        f"{source}{f', {row.locator}' if row.locator else ''}",
        row.status,
        "yes" if row.opened else "**no**",
        row.note,
    )


def _to_index(topics: Mapping[str, Mapping[str, Row]]) -> str:
    rows = [
        (f"[{topic}]({topic}.md)", len(members), sum(row.opened for row in members.values()), _count(members))
        for topic, members in topics.items()
    ]
    return to_table(("topic", "rows", "source opened", "assumptions"), rows)


def _count(rows: Mapping[str, Row]) -> int:
    return sum(row.status == "assumption" for row in rows.values())


def _list_entries(sources: Mapping[str, Source], rows: Mapping[str, Row]) -> Iterator[str]:
    cited: dict[str, int] = defaultdict(int)
    for row in rows.values():
        cited[row.source] += 1
    for key, source in sorted(sources.items()):
        note = f" {to_cell(source.note)}" if source.note else ""
        yield f'<a id="{key}"></a>**{key}**: {to_cell(source.citation)}.{note} ({cited[key]} rows)'
