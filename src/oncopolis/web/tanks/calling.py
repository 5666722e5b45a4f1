"""`Calling`: alarms of tanks that nobody owns leave the house as messages to those on duty."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, tzinfo
from http.client import HTTPException
from typing import Final

from oncopolis.biobank.watching.alarms import TankAlarm
from oncopolis.biobank.watching.rota import CALL
from oncopolis.foundation import OncopolisError
from oncopolis.foundation.marking import mark
from oncopolis.foundation.units import MS_PER_SECOND
from oncopolis.record.biobank.books import Books
from oncopolis.record.biobank.watching import Duty
from oncopolis.record.fhir.bodies import find_resource
from oncopolis.record.store import Store, Transaction
from oncopolis.record.store.outbox import Job, Retry
from oncopolis.web.chore import Chore
from oncopolis.web.informing import LEASE_MS, LOOK_S, TOGETHER, Gateway, Say
from oncopolis.web.pages import find_words
from oncopolis.web.tanks.words import RULES

RETRY: Final = Retry(n_attempts=6, longest_ms=30_000)  # structure: within a minute; then the next is called
_LONGEST: Final = 500  # structure: characters of an error that are kept


class Calling(Chore):
    """Sends the messages while it is entered.

    Parameters
    ----------
    language, zone
        In which messages are written, and whose clocks they tell.
    say
        Told what somebody should see: a message that is given up.
    """

    def __init__(
        self, store: Store, gateway: Gateway, language: str, zone: tzinfo, *, retry: Retry = RETRY,
        say: Say = print,
    ) -> None:  # fmt: skip
        self._store, self._gateway, self._retry, self._say = store, gateway, retry, say
        self._words, self._zone = find_words(language), zone
        super().__init__("tank calls")

    def _run(self) -> None:
        while not self._stopping.is_set():
            n_taken = 0
            with suppress(OncopolisError):  # Leases run out, and all is done again.
                n_taken = self.call_some()
            if not n_taken:
                self._stopping.wait(LOOK_S)

    def call_some(self) -> int:
        """Send what is due now; how many were taken."""
        jobs = self._store.jobs.take([CALL], lease_ms=LEASE_MS, limit=TOGETHER, retry=self._retry)
        done = [job for job in jobs if self._call(job)]
        if done:
            self._store.submit_unseen(lambda transaction: _finish(transaction, done)).result()
        return len(jobs)

    def _call(self, job: Job) -> bool:
        """Send one; whether nothing is left to do about it."""
        alarm, duty = self._read(job)
        if alarm is None or duty is None or not alarm.is_open or alarm.owner:
            return True
        body = {
            "notice": job.key or f"{CALL}:{job.id}", "person": duty.person, "name": duty.name,
            "kind": "tank-alarm", "language": self._words.code, "text": self.write(alarm),
            "telecom": [{"value": duty.address}],
        }  # fmt: skip
        try:
            self._gateway.post(body)
        except (OSError, HTTPException, ValueError) as error:
            told = f"{type(error).__name__}: {error}"[:_LONGEST]
            if self._store.jobs.fail(job, told, retry=self._retry) == "dead":
                self._say(f"call of {duty.name} for {alarm.key} is given up: {told}")
            return False
        return True

    def _read(self, job: Job) -> tuple[TankAlarm | None, Duty | None]:
        record = find_resource(self._store.read("Task", str(job.payload["alarm"])))
        alarm = TankAlarm.from_record(record) if record is not None and TankAlarm.is_mine(record) else None
        number = int(job.payload["duty"])
        return alarm, self._store.ask(lambda reading: Books(reading.session).find(Duty, number))

    def write(self, alarm: TankAlarm) -> str:
        """What whoever is called reads."""
        at = datetime.fromtimestamp(alarm.since_ms / MS_PER_SECOND, self._zone)
        return self._words.text(
            mark("{what}: {where}, since {time}. Nobody sees to it yet."),
            what=self._words.text(RULES[alarm.rule]), where=alarm.subject, time=f"{at:%H:%M}",
        )  # fmt: skip


def _finish(transaction: Transaction, jobs: Sequence[Job]) -> None:
    for job in jobs:
        transaction.finish(job)
