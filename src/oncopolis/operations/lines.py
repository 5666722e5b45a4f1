"""Lines of the journal as the live centre writes them: the same that the twin writes."""

from typing import Any

from oncopolis.centre.journal import Outcome
from oncopolis.record.store.journal import JournalLine

WALK_IN = "walk_in"
"""Pathway of those who came without one."""


def make_line(
    case: str, activity: str, end_ms: int, outcome: Outcome, *, pathway: str = "", step: str = "", **more: Any
) -> JournalLine:
    """Return a line; ``planned_ms``, ``asked_ms``, ``start_ms`` and ``resource`` where there are such."""
    known = {"planned_ms": None, "asked_ms": None, "start_ms": None, "resource": None} | more
    return JournalLine(
        case=case, pathway=pathway or WALK_IN, step=step or activity, activity=activity, end_ms=end_ms,
        outcome=outcome, **known,
    )  # fmt: skip


def note_line(
    case: str, what: str, at_ms: int, *, outcome: Outcome = "done", resource: str | None = None,
    pathway: str = "", planned_ms: int | None = None, start_ms: int | None = None,
) -> JournalLine:  # fmt: skip
    """Return a line of something that is no activity of the definition, such as a milestone of one."""
    return JournalLine(
        case, pathway or WALK_IN, what, None, resource, planned_ms, None, start_ms, at_ms, outcome
    )
