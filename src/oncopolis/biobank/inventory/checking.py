"""Whether the books of the biobank are in order."""

from collections.abc import Iterator

from oncopolis.foundation import Finding, Frozen
from oncopolis.record.biobank import custody
from oncopolis.record.biobank.inspecting import RULES, count_rows, list_breaches
from oncopolis.record.store import look
from oncopolis.record.store.reading import Reading


class Inspection(Frozen):
    """What was checked and found."""

    n_events: int
    n_specimens: int
    n_containers: int
    n_rules: int
    findings: tuple[Finding, ...]


def inspect(url: str) -> Inspection:
    """Check custody and books of a database as they are at one moment, while it is written to."""
    with look(url) as reading:
        return verify(reading)


def verify(reading: Reading) -> Inspection:
    """Check custody and books; the reading sees one moment."""
    session = reading.session
    return Inspection(
        n_events=custody.count(session),
        n_specimens=count_rows(session, "bank_specimen"),
        n_containers=count_rows(session, "bank_container"),
        n_rules=len(RULES),
        findings=(*custody.verify(session), *_check_rules(reading)),
    )


def _check_rules(reading: Reading) -> Iterator[Finding]:
    for rule in RULES:
        for where in list_breaches(reading.session, rule):
            yield Finding(
                rule=rule.name, severity="error", where=where, message=rule.message,
                fix="look into the box, and correct the books by acts",
            )  # fmt: skip
