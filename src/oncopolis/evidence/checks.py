"""Checks over the whole of the evidence: orphan sources, unknown sources, rows nobody reads."""

from collections.abc import Collection, Iterator, Mapping

from oncopolis.evidence.registry import Evidence
from oncopolis.evidence.source import Source
from oncopolis.foundation import Finding

OWN_SOURCES = frozenset({"oncopolis", "project"})
"""Ids that stand for ourselves and for the project at hand."""


def check_sources(evidence: Evidence, sources: Mapping[str, Source]) -> Iterator[Finding]:
    """Yield rows whose source is unknown, and sources that no row cites."""
    cited = {row.source for row in evidence.rows.values()}
    for key, row in evidence.rows.items():
        if row.source not in sources and row.source not in OWN_SOURCES:
            yield Finding(
                rule="unknown-source",
                severity="error",
                where=evidence.places.get(key, key),
                message=f"{key} cites {row.source!r}, which is not in the bibliography",
                actual=row.source,
                expected="an id of evidence/bibliography.yaml",
                fix="add the work to the bibliography",
            )
    for source in sorted(set(sources) - cited):
        yield Finding(
            rule="orphan-source",
            severity="warning",
            where=f"evidence/bibliography.yaml: {source}",
            message=f"no row cites {source}",
            fix="cite it or remove it",
        )


def check_unused(evidence: Evidence, used: Collection[str]) -> Iterator[Finding]:
    """Yield the rows that nothing reads."""
    for key in sorted(set(evidence.rows) - set(used)):
        yield Finding(
            rule="unused-row",
            severity="warning",
            where=evidence.places.get(key, key),
            message=f"nothing reads {key}",
            fix="use the row or remove it",
        )
