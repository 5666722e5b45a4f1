"""A check within an act: what was scanned is judged and kept, and what was stopped is not done."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Annotated, Final, TypeAlias

from pydantic import StringConstraints

from oncopolis.foundation import ConflictError
from oncopolis.foundation.units import MS_PER_MINUTE
from oncopolis.operations.deciding import Decision, Moment
from oncopolis.operations.floor import Floor
from oncopolis.operations.lines import note_line
from oncopolis.operations.loop.checking import Fact, judge
from oncopolis.operations.loop.codes import LONGEST, Read
from oncopolis.operations.loop.rules import READABLE, CheckKind
from oncopolis.operations.loop.views import Check, CheckState

Scan: TypeAlias = Annotated[str, StringConstraints(max_length=LONGEST)]
"""What a scanner or camera gave, as it is."""
GRANTED_MS: Final = 30 * MS_PER_MINUTE  # structure: default of a setting
"""For how long what was granted despite a mismatch may be used."""
_CONTROLS: Final = dict.fromkeys((*range(32), 127), "·")  # structure: control characters of ASCII


@dataclass(frozen=True, slots=True)
class Verified:
    """What came of a check: whether the act may go on, and what is kept of it either way."""

    may_go_on: bool
    decision: Decision


@dataclass(frozen=True, slots=True)
class Scanned:
    """Who scanned what for which patient and thing.

    Parameters
    ----------
    about
        Record it is about, ``Type/id``.
    texts, reads
        What was scanned, and how it was read, by the names of the rules.
    despite
        Check that was stopped before and whose override was granted.
    """

    kind: CheckKind
    patient: str
    about: str
    by: str
    texts: Mapping[str, str]
    reads: Mapping[str, Read]
    despite: str | None = None


def verify(floor: Floor, scanned: Scanned, facts: Mapping[str, Fact], moment: Moment) -> Verified:
    """Judge what was scanned; a mismatch is kept on the list of what was stopped.

    Raises
    ------
    ConflictError
        The override that is named is none for this (OPS-240).
    """
    verdicts = judge(scanned.kind, scanned.reads, facts)
    failed = tuple(one.rule for one in verdicts if not one.is_met)
    if not failed or READABLE in failed or scanned.despite is None:
        state: CheckState = "passed" if not failed else "unread" if READABLE in failed else "stopped"
        check = Check(
            moment.make_id(), scanned.kind, scanned.patient, scanned.about, moment.at_ms, scanned.by,
            tuple((name, text.translate(_CONTROLS)) for name, text in scanned.texts.items() if text),
            verdicts, state,
        )  # fmt: skip
        answer = {
            "check": check.id,
            "passed": not failed,
            "stopped": [f"{check.kind}.{one}" for one in failed],
        }
        line = note_line(
            scanned.patient, f"check_{check.kind}", moment.at_ms, outcome="cancelled" if failed else "done"
        )
        return Verified(not failed, Decision((check,), lines=(line,), answer=answer))
    granted = floor.get(Check, scanned.despite)
    _check_granted(granted, scanned, failed, moment)
    used = replace(granted, state="used")
    line = note_line(scanned.patient, f"check_{granted.kind}_overridden", moment.at_ms)
    return Verified(
        True, Decision((used,), lines=(line,), answer={"check": used.id, "passed": True, "stopped": []})
    )


def _check_granted(granted: Check, scanned: Scanned, failed: tuple[str, ...], moment: Moment) -> None:
    """Refuse an override of something else, by its kind, what it is about or what failed; or an old one."""
    is_same = (granted.kind, granted.about, granted.patient) == (scanned.kind, scanned.about, scanned.patient)
    is_new = moment.at_ms - granted.at_ms <= GRANTED_MS
    if granted.state != "granted" or not is_same or not is_new or not set(failed) <= set(granted.failed):
        raise ConflictError(
            code="OPS-240", where=f"Task/{granted.id}", got=f"an override that is {granted.state}",
            expected=f"one that was granted for this within {GRANTED_MS // MS_PER_MINUTE} minutes",
            fix="scan again, and ask for an override of what is stopped now",
        )  # fmt: skip
