"""A person decides a conflict: whose value stands, why, and for ever."""

from dataclasses import dataclass
from typing import Any, Literal

from oncopolis.foundation.errors import ConflictError, InputError
from oncopolis.interop.instants import to_instant
from oncopolis.interop.naming import SYSTEM
from oncopolis.interop.overlay.conflicts import CONFLICT, OURS, THEIRS, get_conflict_source, list_differences
from oncopolis.interop.overlay.masters import mark
from oncopolis.interop.overlay.merging import take_elements
from oncopolis.interop.settings import Settings
from oncopolis.record import Act, Who
from oncopolis.record.fhir.checking import check_resource
from oncopolis.record.fhir.text import parse
from oncopolis.record.store import Store, Transaction

__all__ = ["Decision", "close_task", "decide"]

Side = Literal["ours", "theirs"]


@dataclass(frozen=True, slots=True)
class Decision:
    """Whose value stands.

    Parameters
    ----------
    by
        Who decides.
    """

    task: str
    side: Side
    by: str
    reason: str


def decide(store: Store, settings: Settings, decision: Decision) -> str:
    """Carry out a decision; type and id of the record.

    Raises
    ------
    OncopolisError
        There is no such conflict, it is decided, or the record would not be sound.
    """
    act = Act("U", f"conflict: {decision.side}", Who("Person", decision.by, decision.by), decision.task)

    def command(transaction: Transaction) -> str:
        version = transaction.get("Task", decision.task)
        task = parse(version.body or b"")
        coding = task.get("code", {}).get("coding", [{}])[0]
        is_open = task.get("status") == "requested"
        if coding.get("system") != SYSTEM or coding.get("code") != CONFLICT or not is_open:
            raise ConflictError(
                code="INT-044", where=f"Task/{decision.task}", got=f"a task that is {task.get('status')}",
                expected="a conflict that waits", fix="list those that wait: oncopolis messages PROJECT list",
            )  # fmt: skip
        name = str(task["focus"]["reference"])
        if decision.side == THEIRS:
            _take_theirs(transaction, settings, task, name, decision)
        side = OURS if decision.side == OURS else THEIRS
        closed = close_task(task, side, decision.by, decision.reason, transaction.now_ms)
        transaction.put(closed, expected=version.version)
        return name

    return store.submit(command, act).result()


def _take_theirs(
    transaction: Transaction, settings: Settings, task: dict[str, Any], name: str, decision: Decision
) -> None:
    type_, _, id_ = name.partition("/")
    version = transaction.read(type_, id_)
    current = parse(version.body) if version and version.body else {"resourceType": type_, "id": id_}
    differences = list_differences(task)
    wanted = take_elements(
        current, {one.element: one.theirs for one in differences if one.theirs is not None},
        [one.element for one in differences],
    )  # fmt: skip
    issues = check_resource(wanted)
    if issues:
        raise InputError(
            code="INT-045", where=issues[0].path, got=issues[0].got, expected=issues[0].expected,
            fix="decide for ours, and enter the values by hand",
        )  # fmt: skip
    # A source of its own: this version is what the partner says, not a copy of what it said.
    source = f"{get_conflict_source(task)}.decided.{transaction.now_ms}"
    made = transaction.put(
        mark(wanted, source, settings.find_master(type_)), expected=version.version if version else None
    )
    provenance = {
        "resourceType": "Provenance",
        "target": [{"reference": f"{type_}/{id_}/_history/{made.version}"}],
        "recorded": to_instant(transaction.now_ms),
        "activity": {"coding": [{"system": SYSTEM, "code": CONFLICT}]},
        "agent": [{"who": {"display": decision.by}}],
        "entity": [{"role": "source", "what": {"reference": f"Task/{task['id']}"}}],
    }
    transaction.put(provenance)


def close_task(task: dict[str, Any], code: str, by: str, reason: str, now_ms: int) -> dict[str, Any]:
    """Return a task that is done, with who did it and why."""
    note = {"authorString": by, "time": to_instant(now_ms), "text": reason or code}
    return {
        **task,
        "status": "completed",
        "businessStatus": {"coding": [{"system": SYSTEM, "code": code}]},
        "note": [*task.get("note", ()), note],
    }
