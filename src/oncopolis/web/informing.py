"""Notices to patients leave the house: each is handed to a gateway, or stays in the list where there is none.

A notice is marked as sent before it is handed over, so that what can still be taken back was told to nobody.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from http.client import HTTPException
from pathlib import Path
from typing import Any, Final, Protocol
from urllib.parse import urlsplit
from urllib.request import Request
from uuid import uuid4

import yaml

from oncopolis.foundation import InputError, OncopolisError
from oncopolis.operations import Live, make_wish
from oncopolis.operations.notices import PATIENT_NOTICE, Notice
from oncopolis.record import Act, Who
from oncopolis.record.fhir.bodies import find_resource
from oncopolis.record.store import Store, Transaction
from oncopolis.record.store.outbox import Job, Retry
from oncopolis.web.chore import Chore
from oncopolis.web.notifying import OPENER

FILE: Final = "notices.yaml"
RETRY = Retry(n_attempts=10)  # structure: about a quarter of an hour from the first try to the last
LEASE_MS = 120_000  # structure: longer than a handful takes
TIMEOUT_S = 15  # structure: how long a gateway may take
LOOK_S = 0.5  # structure: how often the outbox is looked at
TOGETHER = 50  # structure: notices that are taken at once
_LONGEST = 500  # structure: characters of an error that are kept
_HOUSE = Who("Device", "oncopolis", "Oncopolis")

Say = Callable[[str], None]


class Handing(Protocol):
    """Gives a notice to whoever brings it to the patient."""

    def hand(self, notice: Notice, patient: Mapping[str, Any]) -> None:
        """Hand a notice over, with the record of its patient; ``OSError`` if it is to be tried again."""


@dataclass(frozen=True, slots=True)
class Gateway:
    """Posts notices to an address; without one they are only in the list, and on the pages of patients.

    Parameters
    ----------
    headers
        What lets us in there.
    """

    address: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)

    def hand(self, notice: Notice, patient: Mapping[str, Any]) -> None:
        """Post one notice; the gateway sees repeats by ``Idempotency-Key``."""
        self.post(
            {
                "notice": notice.id, "patient": notice.patient, "kind": notice.kind,
                "language": notice.language, "text": notice.words, "telecom": patient.get("telecom", []),
            }
        )  # fmt: skip

    def post(self, body: Mapping[str, Any]) -> None:
        """Post a message to anybody; the gateway sees repeats by its ``notice``."""
        if not self.address:
            return
        headers = {"Content-Type": "application/json", "Idempotency-Key": body["notice"], **self.headers}
        request = Request(self.address, json.dumps(body, ensure_ascii=False).encode(), headers)  # noqa: S310
        with OPENER.open(request, timeout=TIMEOUT_S) as answer:
            answer.read(_LONGEST)


def read_gateway(project: Path) -> Gateway:
    """Read where a project's ``notices.yaml`` hands notices; nowhere without such a file.

    Raises
    ------
    InputError
        OPS-200
    """
    path = project / FILE
    if not path.exists():
        return Gateway()
    said = yaml.safe_load(path.read_text("utf-8"))
    headers = said.get("headers", {}) if isinstance(said, dict) else None
    is_known = isinstance(said, dict) and said.keys() <= {"address", "headers"}
    is_address = is_known and urlsplit(str(said.get("address"))).scheme in ("http", "https")
    if not is_address or not isinstance(headers, dict):
        raise InputError(
            code="OPS-200", where=str(path), got=str(said)[:200],
            expected="address (http or https), and headers if it wants any", fix="correct the file",
        )  # fmt: skip
    return Gateway(said["address"], {str(name): str(value) for name, value in headers.items()})


class Informer(Chore):
    """Hands notices over while it is entered.

    Parameters
    ----------
    say
        Told what somebody should see: a notice that is given up.
    """

    def __init__(self, live: Live, handing: Handing, *, retry: Retry = RETRY, say: Say = print) -> None:
        self.live, self.handing, self.retry, self.say = live, handing, retry, say
        super().__init__("informer")

    @property
    def store(self) -> Store:
        """The record."""
        return self.live.store

    def _run(self) -> None:
        while not self._stopping.is_set():
            n_taken = 0
            with suppress(
                OncopolisError
            ):  # What is away now may be back; leases run out, and all is done again.
                n_taken = self.hand_some()
            if not n_taken:
                self._stopping.wait(LOOK_S)

    def hand_some(self) -> int:
        """Hand over what is due now; how many were taken."""
        jobs = self.store.jobs.take([PATIENT_NOTICE], lease_ms=LEASE_MS, limit=TOGETHER, retry=self.retry)
        if not jobs:
            return 0
        act = Act("U", "mark_notices_sent", _HOUSE, uuid4().hex)
        ids = [str(job.payload["notice"]) for job in jobs]
        self.live.perform(make_wish("mark_notices_sent", {"notices": ids}, act)).result()
        done = [job for job in jobs if self._hand(job)]
        self.store.submit_unseen(lambda transaction: _finish(transaction, done)).result()
        return len(jobs)

    def _hand(self, job: Job) -> bool:
        """Hand one over; whether nothing is left to do about it."""
        record = self._read(Notice.TYPE, str(job.payload["notice"]))
        notice = Notice.from_record(record) if record is not None and Notice.is_mine(record) else None
        patient = self._read("Patient", notice.patient) if notice is not None else None
        if notice is None or patient is None or notice.state != "sent":
            return True
        try:
            self.handing.hand(notice, patient)
        except (OSError, HTTPException, ValueError) as error:
            told = f"{type(error).__name__}: {error}"[:_LONGEST]
            if self.store.jobs.fail(job, told, retry=self.retry) == "dead":
                self.say(f"notice {notice.id} is given up after {job.attempts} attempts: {told}")
            return False
        return True

    def _read(self, type_: str, id_: str) -> Mapping[str, Any] | None:
        return find_resource(self.store.read(type_, id_))


def _finish(transaction: Transaction, jobs: Sequence[Job]) -> None:
    for job in jobs:
        transaction.finish(job)
