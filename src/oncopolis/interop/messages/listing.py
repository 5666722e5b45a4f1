"""What somebody has to see to: messages that wait, conflicts, and what is held or dead on its way out."""

import base64
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final, Literal

from oncopolis.interop.hl7.acknowledging import read_asking
from oncopolis.interop.hl7.charsets import CODECS
from oncopolis.interop.messages.announcing import list_held
from oncopolis.interop.messages.keeping import MEND, OPEN
from oncopolis.interop.naming import SYSTEM
from oncopolis.interop.overlay.conflicts import CONFLICT, list_differences
from oncopolis.record.fhir.text import parse
from oncopolis.record.store import Store

__all__ = ["Waiting", "list_waiting", "show"]

_MOST: Final = 1_000  # structure: waiting things of a kind that are listed


@dataclass(frozen=True, slots=True)
class Waiting:
    """One thing that waits for a person.

    Parameters
    ----------
    id
        To be given to `replay` (message), `decide` (conflict), `approve` or `discard` (held).
    """

    kind: Literal["message", "conflict", "held"]
    id: str
    since: str
    text: str


def list_waiting(store: Store) -> Iterator[Waiting]:
    """Yield everything that waits, messages first."""
    for task in _list_tasks(store, MEND):
        id_ = str(task["focus"]["reference"]).partition("/")[2]
        yield Waiting("message", id_, task["authoredOn"], task.get("description", ""))
    for task in _list_tasks(store, CONFLICT):
        told = f"{task['focus']['reference']}: {task.get('description', '')}"
        yield Waiting("conflict", task["id"], task["authoredOn"], told)
    for job, partner in list_held(store):
        yield Waiting("held", str(job.id), "", f"{job.payload['record']} for {partner}")


def _list_tasks(store: Store, code: str) -> list[dict[str, Any]]:
    ids = store.find_token("Task", "business-status", SYSTEM, f"{OPEN}-{code}", _MOST)
    versions = [store.read("Task", id_) for id_ in ids]
    tasks = [parse(version.body) for version in versions if version is not None and version.body]
    return sorted(tasks, key=lambda task: str(task["authoredOn"]))


def show(store: Store, id_: str) -> str:
    """Return a message as it came, or both sides of a conflict.

    Raises
    ------
    NotFoundError
        There is neither.
    """
    task = store.read("Task", id_)
    if task is not None and task.body is not None:
        return "\n".join(
            f"{one.element}\n  ours:   {one.ours}\n  theirs: {one.theirs}"
            for one in list_differences(parse(task.body))
        )
    document = parse(store.get("DocumentReference", id_).body or b"")
    data = base64.b64decode(document["content"][0]["attachment"].get("data", ""))
    charset = read_asking(data).charset
    return data.decode(CODECS.get(charset.upper(), "utf-8"), "replace").replace("\r", "\n")
