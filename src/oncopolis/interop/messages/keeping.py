"""The records beside what a message changes: the message itself, its origin, what is to be done."""

import base64
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final
from urllib.parse import quote

from oncopolis.foundation.errors import OncopolisError
from oncopolis.interop.instants import to_instant
from oncopolis.interop.mapping.stating import make_id
from oncopolis.interop.naming import SYSTEM
from oncopolis.record.store.auditing import Touched

__all__ = [
    "CONTENT", "MEND", "OPEN", "Received", "make_document", "make_mending", "make_provenance",
]  # fmt: skip

CONTENT: Final = "x-application/hl7-v2+er7"
MEND: Final = "mend-message"
"""Code of the task to see to a message that could not be applied."""
MESSAGE: Final = "hl7-v2"
OPEN: Final = "open"
"""Business status of tasks of this room that wait for somebody."""
_OWN: Final = frozenset({"Task", "DocumentReference", "Provenance"})


@dataclass(frozen=True, slots=True)
class Received:
    """A message as it came.

    Parameters
    ----------
    partner
        Key in the settings, '' for nobody we know.
    event
        Such as ``ADT^A01``, '' if it cannot be read.
    """

    partner: str
    control_id: str
    event: str
    data: bytes

    @property
    def digest(self) -> str:
        """SHA-256 of the message."""
        return sha256(self.data).hexdigest()

    @property
    def id(self) -> str:
        """Id of the record that keeps it."""
        return make_id("message", self.partner, self.control_id, self.digest)

    @property
    def source(self) -> str:
        """URI that records made of it carry in ``meta.source``."""
        return make_source(self.partner, self.control_id or self.digest)


def make_source(partner: str, name: str) -> str:
    """Return the URI of one message or file of a partner."""
    return f"{SYSTEM}:{partner}#{quote(name, safe='')}"


def make_document(
    received: Received, now_ms: int, *, is_applied: bool, patient: str = "", keeps_data: bool = True
) -> dict[str, Any]:
    """Return the record that keeps a message.

    Parameters
    ----------
    patient
        Id of the Patient it is about; the record is sealed with their key, and erased with it.
    keeps_data
        Whether the message itself is in it; not if its patient was erased.
    """
    attachment: dict[str, Any] = {
        "contentType": CONTENT,
        "size": len(received.data),
        "title": received.event or "unreadable",
        "creation": to_instant(now_ms),
    }
    if keeps_data and received.data:
        attachment["data"] = base64.b64encode(received.data).decode()
    return {
        "resourceType": "DocumentReference",
        "id": received.id,
        "meta": {"source": received.source},
        "masterIdentifier": {
            "system": f"{SYSTEM}:{received.partner}:message", "value": received.control_id or received.digest,
        },
        "status": "current",
        "docStatus": "final" if is_applied else "preliminary",
        "type": {"coding": [{"system": SYSTEM, "code": MESSAGE}]},
        **({"subject": {"reference": f"Patient/{patient}"}} if patient else {}),
        "date": to_instant(now_ms),
        "content": [{"attachment": attachment}],
    }  # fmt: skip


def make_provenance(
    received: Received, touched: Iterable[Touched], now_ms: int, by: str = ""
) -> dict[str, Any] | None:
    """Return what says that versions were made of a message; None if it changed nothing.

    Parameters
    ----------
    by
        Who had it applied again, or decided for it.
    """
    targets = [
        {"reference": f"{one.type}/{one.id}/_history/{one.version}"}
        for one in touched
        if one.type not in _OWN
    ]
    if not targets:
        return None
    agents: list[dict[str, Any]] = [
        {"who": {"identifier": {"system": SYSTEM, "value": received.partner or "unknown"}}}
    ]
    if by:
        agents.append({"who": {"display": by}})
    return {
        "resourceType": "Provenance",
        "target": targets,
        "recorded": to_instant(now_ms),
        "activity": {"coding": [{"system": SYSTEM, "code": received.event or "message"}]},
        "agent": agents,
        "entity": [{"role": "source", "what": {"reference": f"DocumentReference/{received.id}"}}],
    }


def make_mending(
    received: Received, errors: Sequence[OncopolisError], now_ms: int, patient: str = ""
) -> dict[str, Any]:
    """Return the task to see to a message that could not be applied; it repeats no value of the message."""
    told = "; ".join(f"{one.where}: expected {one.expected} [{one.code}]" for one in errors)
    return {
        "resourceType": "Task",
        "id": make_id("mend", received.id),
        "status": "requested",
        "businessStatus": {"coding": [{"system": SYSTEM, "code": f"{OPEN}-{MEND}"}]},
        "intent": "order",
        "code": {"coding": [{"system": SYSTEM, "code": MEND}]},
        "description": told,
        "focus": {"reference": f"DocumentReference/{received.id}"},
        **({"for": {"reference": f"Patient/{patient}"}} if patient else {}),
        "authoredOn": to_instant(now_ms),
    }
