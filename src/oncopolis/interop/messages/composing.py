"""A job of the outbox becomes a message, from the record as it was when the job was made."""

from collections.abc import Mapping
from typing import Any

from oncopolis.interop.hl7.message import Message
from oncopolis.interop.hl7.structure import check_structure
from oncopolis.interop.mapping.stating import make_id
from oncopolis.interop.mapping.writing import Envelope, write_message
from oncopolis.interop.overlay.watching import KIND
from oncopolis.interop.settings import Settings
from oncopolis.record import Act, Version, Who
from oncopolis.record.fhir.text import parse
from oncopolis.record.store import Store
from oncopolis.record.store.outbox import Job

__all__ = ["compose"]


def compose(store: Store, settings: Settings, partner: str, job: Job, at_ms: int) -> Message | None:
    """Return the message to a partner, audited as read for them; None if the record is not there any more.

    The control id is that of the version, so that a message that is sent again is known as the same.

    Raises
    ------
    OncopolisError
        The record does not give a message that the standard knows.
    """
    type_, _, id_ = str(job.payload["record"]).partition("/")
    number = int(job.payload["version"])
    version = store.read_version(type_, id_, number)
    if version is None or version.body is None:
        return None
    before = store.read_version(type_, id_, number - 1) if number > 1 else None
    read: list[Version] = [version]

    def find(reference: str) -> Mapping[str, Any] | None:
        kind, _, name = reference.partition("/")
        found = store.read(kind, name.partition("/")[0]) if name else None
        if found is None or found.body is None:
            return None
        read.append(found)
        return parse(found.body)

    receiver = settings.partners[partner]
    assert receiver.send is not None
    envelope = Envelope(
        sender=(settings.application, settings.facility), receiver=(receiver.application, receiver.facility),
        control_id=make_id(partner, type_, id_, str(number))[:20],
        at_ms=at_ms, version=receiver.send.version, charset=receiver.send.charset,
    )  # fmt: skip
    message = write_message(
        parse(version.body), parse(before.body) if before and before.body else None, find,
        settings.get_naming(partner), envelope,
    )  # fmt: skip
    check_structure(message)
    act = Act("R", f"send {'^'.join(message.kind)}", Who(KIND, partner), message.control_id, "HOPERAT")
    store.note(act, read).result()
    return message
