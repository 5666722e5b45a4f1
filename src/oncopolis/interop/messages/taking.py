"""A message is taken: applied and kept in one transaction, or kept with a task, and answered after that."""

import base64
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypedDict

from oncopolis.foundation.errors import (
    ConflictError,
    ExternalError,
    InputErrors,
    NotFoundError,
    OncopolisError,
)
from oncopolis.interop.hl7 import Message, Refusal, parse
from oncopolis.interop.hl7.acknowledging import ACCEPTED, ERROR, REJECTED, Asking, make_answer, read_asking
from oncopolis.interop.hl7.refusing import show
from oncopolis.interop.mapping.reading import read_identity, read_statement
from oncopolis.interop.mapping.stating import Stated, Statement, make_id
from oncopolis.interop.messages.applying import Applier, ErasedError, Origin
from oncopolis.interop.messages.keeping import (
    Received,
    make_document,
    make_mending,
    make_provenance,
)
from oncopolis.interop.overlay.deciding import close_task
from oncopolis.interop.overlay.watching import KIND
from oncopolis.interop.settings import Settings
from oncopolis.record import Act, Who
from oncopolis.record.fhir.text import parse as parse_resource
from oncopolis.record.store import Store, Transaction
from oncopolis.record.store.store import get_time_ms

__all__ = ["Outcome", "Taker"]


class Outcome(TypedDict):
    """What became of a message, as JSON."""

    code: str
    document: str
    at_ms: int
    errors: list[dict[str, str]]
    conflicts: list[str]


@dataclass(frozen=True)
class Taker:
    """Takes messages into a store.

    Parameters
    ----------
    say
        Told of each message that could not be applied, without anything of the patient in it.
    """

    store: Store
    settings: Settings
    say: Callable[[str], None]

    def take(self, data: bytes, address: str) -> bytes | None:
        """Apply and keep a message; its acknowledgement, None if the sender wants none.

        Everything that the acknowledgement says is durable when this returns.
        """
        asking = read_asking(data)
        partner = self._find_partner(asking, address)
        received = Received(partner or "", asking.control_id, "", data)
        try:
            outcome = self._take(received, asking, address)
        except ExternalError as error:
            self.say(f"{partner}: a message could not be kept: {error.code}")
            outcome = Outcome(
                code=REJECTED, document=received.id, at_ms=get_time_ms(), conflicts=[],
                errors=[{"where": "", "condition": "207", "text": "it cannot be written now: send it again"}],
            )  # fmt: skip
        return make_answer(
            asking, outcome["code"], outcome["errors"], control_id=outcome["document"], at_ms=outcome["at_ms"]
        )

    def _find_partner(self, asking: Asking, address: str) -> str | None:
        key = self.settings.find_partner(*asking.sender)
        return key if key is not None and self.settings.partners[key].has(address) else None

    def _take(self, received: Received, asking: Asking, address: str) -> Outcome:
        identity = None
        try:
            self._check_sender(received, asking, address)
            message = parse(received.data, self.settings.partners[received.partner].charset)
            received = _with_event(received, message)
            naming = self.settings.get_naming(received.partner)
            identity = read_identity(message, naming)
            statement = read_statement(message, naming)
            return self._submit(received, _apply(self.settings, received, statement))
        except ExternalError:
            raise
        except OncopolisError as error:
            return self._keep(received, error, self._find_patient(identity))
        except Exception as error:  # noqa: BLE001 - a fault of ours must not lose a message
            fault = Refusal(
                code="INT-049", where="MSH", got=type(error).__name__,
                expected="a message the program can read: tell its makers", condition="207",
            )  # fmt: skip
            return self._keep(received, fault, self._find_patient(identity))

    def _check_sender(self, received: Received, asking: Asking, address: str) -> None:
        if not received.partner:
            raise Refusal(
                code="INT-036", where="MSH-3", got=show("^".join(asking.sender)),
                expected=f"application and facility of a partner that calls from {address}", condition="203",
            )  # fmt: skip

    def _submit(self, received: Received, command: Callable[[Transaction], Outcome]) -> Outcome:
        key = f"hl7:{received.partner}:{received.control_id or received.digest}"
        outcome = self.store.submit(
            command, _make_act(received), key=key, fingerprint=received.digest
        ).result()
        return self._look_again(outcome)

    def _look_again(self, outcome: Outcome) -> Outcome:
        """Return the first answer; that of a message which was replayed since then is that it is applied."""
        if outcome["code"] == ACCEPTED:
            return outcome
        document = self.store.read("DocumentReference", outcome["document"])
        if document is None or document.body is None:
            return outcome
        if parse_resource(document.body).get("docStatus") != "final":
            return outcome
        return {**outcome, "code": ACCEPTED, "errors": []}

    def _find_patient(self, stated: Stated | None) -> str:
        """Return whom a message that is not applied is about: it is sealed with their key."""
        if stated is None:
            return ""

        def find(transaction: Transaction) -> str:
            origin = Origin("", "", "")
            try:
                return Applier(transaction, self.settings, origin).find(stated) or stated.id
            except Refusal:
                return stated.id

        try:
            return self.store.submit_unseen(find).result()
        except ErasedError:
            return ""

    def _keep(self, received: Received, error: OncopolisError, patient: str) -> Outcome:
        """Keep a message that is not applied, with a task to see to it."""
        errors = error.errors if isinstance(error, InputErrors) else (error,)
        is_repeat = isinstance(error, ConflictError) and error.code == "REC-065"
        if is_repeat:
            errors = (
                Refusal(
                    code="INT-037", where="MSH-10", got="the number of another message",
                    expected="one for each message", condition="205",
                ),
            )  # fmt: skip
        is_erased = isinstance(error, ErasedError)
        code = REJECTED if isinstance(error, Refusal) and error.is_rejection else ERROR

        def command(transaction: Transaction) -> Outcome:
            document = make_document(
                received, transaction.now_ms, is_applied=False, patient=patient, keeps_data=not is_erased
            )
            if transaction.read("DocumentReference", received.id) is None:
                transaction.put(document)
                transaction.put(make_mending(received, errors, transaction.now_ms, patient))
            return _make_outcome(received, code, transaction.now_ms, errors)

        kept = Received(
            received.partner, f"{received.control_id}#{received.digest}", received.event, received.data
        )
        outcome = self._submit(kept if is_repeat else received, command)
        told = ", ".join(f"{one.where} [{one.code}]" for one in errors)
        sender, what = received.partner or "unknown sender", received.event or "message"
        self.say(f"{sender}: {what} is kept, not applied: {told}")
        return outcome

    def replay(self, document_id: str, by: str, reason: str) -> list[str]:
        """Apply a message that was kept; ids of the conflicts it led to.

        Raises
        ------
        OncopolisError
            It still cannot be applied, was applied, or is not there.
        """
        version = self.store.get("DocumentReference", document_id)
        document = parse_resource(version.body or b"")
        data = base64.b64decode(document["content"][0]["attachment"].get("data", ""))
        if document.get("docStatus") != "preliminary" or not data:
            raise NotFoundError(
                code="INT-038", where=f"DocumentReference/{document_id}", got="a message that is over",
                expected="one that waits", fix="list those that wait: oncopolis messages PROJECT",
            )  # fmt: skip
        asking = read_asking(data)
        partner = self.settings.find_partner(*asking.sender) or ""
        received = Received(partner, asking.control_id, "", data)
        if not partner:
            self._check_sender(received, asking, "here")
        message = parse(data, self.settings.partners[partner].charset)
        received = _with_event(received, message)
        statement = read_statement(message, self.settings.get_naming(partner))
        origin = Origin(partner, received.source, document_id, version.at_ms)

        def command(transaction: Transaction) -> list[str]:
            applier = Applier(transaction, self.settings, origin)
            patient = applier.apply(statement)
            applied = {**document, "docStatus": "final", "subject": {"reference": f"Patient/{patient}"}}
            transaction.put(applied, expected=version.version)
            _close_mending(transaction, document_id, by, reason)
            provenance = make_provenance(received, transaction.touched, transaction.now_ms, by)
            if provenance:
                provenance["entity"][0]["what"]["reference"] = f"DocumentReference/{document_id}"
                transaction.put(provenance)
            return applier.conflicts

        act = Act("E", f"replay {received.event}", Who(KIND, partner, by), document_id)
        return self.store.submit(command, act).result()


def _apply(settings: Settings, received: Received, statement: Statement) -> Callable[[Transaction], Outcome]:
    def command(transaction: Transaction) -> Outcome:
        earlier = transaction.read("DocumentReference", received.id)
        if earlier is not None and earlier.body and parse_resource(earlier.body).get("docStatus") == "final":
            # A sender may repeat a message after its idempotency key was forgotten.
            return _make_outcome(received, ACCEPTED, earlier.at_ms, ())
        origin = Origin(received.partner, received.source, received.id)
        applier = Applier(transaction, settings, origin)
        patient = applier.apply(statement)
        transaction.put(make_document(received, transaction.now_ms, is_applied=True, patient=patient))
        provenance = make_provenance(received, transaction.touched, transaction.now_ms)
        if provenance:
            transaction.put(provenance)
        return _make_outcome(received, ACCEPTED, transaction.now_ms, (), applier.conflicts)

    return command


def _make_outcome(
    received: Received,
    code: str,
    now_ms: int,
    errors: Sequence[OncopolisError],
    conflicts: Sequence[str] = (),
) -> Outcome:
    told = [
        {
            "where": error.where,
            "condition": error.condition if isinstance(error, Refusal) else "207",
            "text": f"got {error.got}, expected {error.expected} [{error.code}]",
        }
        for error in errors
    ]
    return Outcome(code=code, document=received.id, at_ms=now_ms, errors=told, conflicts=list(conflicts))


def _with_event(received: Received, message: Message) -> Received:
    return Received(received.partner, received.control_id, "^".join(message.kind).strip("^"), received.data)


def _make_act(received: Received) -> Act:
    return Act(
        "E", received.event or "message", Who(KIND, received.partner or "unknown"), received.id, "HOPERAT"
    )


def _close_mending(transaction: Transaction, document_id: str, by: str, reason: str) -> None:
    task = transaction.read("Task", make_id("mend", document_id))
    if task is not None and task.body is not None:
        record: dict[str, Any] = parse_resource(task.body)
        transaction.put(close_task(record, "replayed", by, reason, transaction.now_ms), expected=task.version)
