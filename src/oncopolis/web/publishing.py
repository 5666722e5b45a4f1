"""FHIR records of what was imported into the biobank: a job of the house, beside the day's work."""

from contextlib import suppress
from typing import Final
from uuid import uuid4

from oncopolis.biobank.inventory.taking import PUBLISH
from oncopolis.biobank.publishing import publish_page
from oncopolis.foundation import OncopolisError
from oncopolis.record import Act, Who
from oncopolis.record.store import Store
from oncopolis.record.store.outbox import Job
from oncopolis.web.chore import Chore

LOOK_S: Final = 1.0
REST_S: Final = 0.2  # structure: between pages, so that others are not kept waiting
LEASE_MS: Final = 60_000  # structure: longer than a page takes
_HOUSE: Final = Who("Device", "oncopolis", "Oncopolis")


class Publisher(Chore):
    """Writes records while it is entered; what it does not finish is gone on with at the next start.

    Parameters
    ----------
    rest_s
        How long it rests between pages, seconds.
    """

    def __init__(self, store: Store, rest_s: float = REST_S) -> None:
        self.store, self.rest_s = store, rest_s
        super().__init__("publisher")

    def _run(self) -> None:
        while not self._stopping.wait(LOOK_S):
            with suppress(OncopolisError):  # What is away now may be back; its lease runs out.
                self.work()

    def work(self) -> int:
        """Do the jobs that wait; how many records it were."""
        n = 0
        while not self._stopping.is_set():
            job = next(iter(self.store.jobs.take([PUBLISH], lease_ms=LEASE_MS)), None)
            if job is None:
                break
            n += self._publish(job)
        return n

    def _publish(self, job: Job) -> int:
        n = last = 0
        while page := publish_page(self.store, Act("C", PUBLISH, _HOUSE, uuid4().hex), last):
            n, last = n + page.n, page.last
            self.store.jobs.extend(job, lease_ms=LEASE_MS)
            if self._stopping.wait(self.rest_s):
                return n
        self.store.jobs.finish(job)
        return n
