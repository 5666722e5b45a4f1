"""`Check`: what was scanned at a patient, and what came of it. Its record is a Task."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Final, Literal, Self, TypeAlias, cast

from oncopolis.operations.elements import (
    add_extensions,
    add_rest,
    extend,
    find_code,
    find_extended,
    get_referred,
    make_concept,
    make_reference,
    take_rest,
    to_instant,
    to_ms,
)
from oncopolis.operations.instants import read_ms, write_ms
from oncopolis.operations.loop.checking import Verdict
from oncopolis.operations.loop.rules import CHECK_KINDS, CheckKind
from oncopolis.operations.views import Claim, Record

CheckState: TypeAlias = Literal["passed", "unread", "stopped", "asked", "granted", "used", "settled"]
"""All matched; a code could not be read; stopped; an override waits for the second person; it may be used; it
was used; somebody has looked at it."""

_STATUSES: Final[dict[CheckState, str]] = {
    "passed": "completed", "unread": "rejected", "stopped": "on-hold", "asked": "on-hold", "granted": "ready",
    "used": "in-progress", "settled": "cancelled",
}  # fmt: skip
_OPEN: Final[tuple[CheckState, ...]] = ("stopped", "asked", "granted", "used")
_OWN = (
    "status", "businessStatus", "intent", "code", "for", "focus", "authoredOn", "requester", "input",
    "output", "statusReason",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Check:
    """One check.

    What was stopped, and what was done despite it, stays open until somebody who owns the list has looked.

    Parameters
    ----------
    kind
        As the rules have it.
    patient
        Who was expected.
    about
        Record it is about, ``Type/id``; empty if none.
    by
        Who scanned, ``Practitioner/<id>``.
    scans
        What was scanned: name and text.
    reason, asked_by, second
        Why it is overridden, who asked, and who agreed.
    note, settled_by, settled_ms
        What somebody who has looked at it says.
    """

    TYPE: ClassVar[str] = "Task"
    OPEN: ClassVar[tuple[str, tuple[str, ...]]] = ("status", ("on-hold", "ready", "in-progress"))

    id: str
    kind: CheckKind
    patient: str
    about: str
    at_ms: int
    by: str
    scans: tuple[tuple[str, str], ...]
    verdicts: tuple[Verdict, ...]
    state: CheckState = "passed"
    reason: str = ""
    asked_by: str = ""
    second: str = ""
    note: str = ""
    settled_by: str = ""
    settled_ms: int | None = None
    rest: Mapping[str, Any] = field(default_factory=dict, compare=False)

    @property
    def is_open(self) -> bool:
        """Whether somebody has to look at it."""
        return self.state in _OPEN

    @property
    def failed(self) -> tuple[str, ...]:
        """Rules that were not met."""
        return tuple(one.rule for one in self.verdicts if not one.is_met)

    def list_claims(self) -> tuple[Claim, ...]:
        """Nothing."""
        return ()

    @classmethod
    def is_mine(cls, record: Mapping[str, Any]) -> bool:
        """Whether a Task is a check of the closed loop."""
        return find_code(record.get("code", {}), "check") in CHECK_KINDS

    def to_record(self) -> Record:
        """Return the Task."""
        record: Record = {
            "resourceType": self.TYPE,
            "id": self.id,
            "status": _STATUSES[self.state],
            "businessStatus": make_concept("check-state", self.state),
            "intent": "order",
            "code": make_concept("check", self.kind),
            "authoredOn": to_instant(self.at_ms),
            "requester": {"reference": self.by},
            "input": [
                {"type": make_concept("scan", name), "valueString": text} for name, text in self.scans if text
            ],
            "output": [_write_verdict(one) for one in self.verdicts],
        }
        if self.patient:
            record["for"] = make_reference("Patient", self.patient)
        if self.about:
            record["focus"] = {"reference": self.about}
        if self.reason:
            record["statusReason"] = {"text": self.reason}
        made = extend(
            asked_by__String=self.asked_by or None,
            second__String=self.second or None,
            note__String=self.note or None,
            settled_by__String=self.settled_by or None,
            settled__Instant=write_ms(self.settled_ms),
        )
        return add_rest(add_extensions({k: v for k, v in record.items() if v != []}, made), self.rest)

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> Self:
        """Read a Task that is a check."""
        said = find_code(record.get("businessStatus", {}), "check-state")
        state: CheckState = said if said in _STATUSES else "stopped"
        if state in _OPEN and record["status"] not in cls.OPEN[1]:
            state = "settled"  # Another system has closed it.
        return cls(
            id=record["id"],
            kind=cast("CheckKind", find_code(record["code"], "check")),
            patient=get_referred(record.get("for"), "Patient"),
            about=record.get("focus", {}).get("reference", ""),
            at_ms=to_ms(record["authoredOn"]),
            by=record["requester"]["reference"],
            scans=tuple(
                (str(find_code(one["type"], "scan")), one["valueString"]) for one in record.get("input", ())
            ),
            verdicts=tuple(_read_verdict(one) for one in record.get("output", ())),
            state=state,
            reason=record.get("statusReason", {}).get("text", ""),
            asked_by=find_extended(record, "asked-by", ""),
            second=find_extended(record, "second", ""),
            note=find_extended(record, "note", ""),
            settled_by=find_extended(record, "settled-by", ""),
            settled_ms=read_ms(record, "settled"),
            rest=take_rest(record, _OWN),
        )


def _write_verdict(verdict: Verdict) -> Record:
    made = extend(expected__String=verdict.expected or None, seen__String=verdict.seen or None)
    said = {"type": make_concept("rule", verdict.rule), "valueBoolean": verdict.is_met}
    return add_extensions(said, made)


def _read_verdict(output: Mapping[str, Any]) -> Verdict:
    return Verdict(
        str(find_code(output["type"], "rule")), output["valueBoolean"], find_extended(output, "expected", ""),
        find_extended(output, "seen", ""),
    )  # fmt: skip
