"""Telling followers: each message of the outbox is sent until its receiver has taken it, or is given up."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError
from urllib.request import HTTPRedirectHandler, Request, build_opener
from uuid import uuid4

from oncopolis.foundation import ConflictError, OncopolisError
from oncopolis.record import Act, Version, Who
from oncopolis.record.fhir.text import parse
from oncopolis.record.following import NOTICE, Channel, read_subscription
from oncopolis.record.store import Store, Transaction
from oncopolis.record.store.outbox import Job, Retry
from oncopolis.web.chore import Chore

RETRY = Retry(n_attempts=12)  # structure: about half an hour from the first try to the last
LEASE_MS = 120_000  # structure: longer than a receiver may take
TIMEOUT_S = 30  # structure: how long a receiver may take
LOOK_S = 0.25  # structure: how often the outbox is looked at
TOGETHER = 8  # structure: receivers that are told at the same time
_LONGEST = 500  # structure: characters of an error that are kept
_HOUSE = Who("system", "notifier", "Oncopolis")

Say = Callable[[str], None]


class Notifier(Chore):
    """Sends the messages of followers while it is entered.

    Parameters
    ----------
    say
        Told what somebody should see: a receiver that is given up.
    """

    def __init__(self, store: Store, *, retry: Retry = RETRY, say: Say = print) -> None:
        self.store, self.retry, self.say = store, retry, say
        super().__init__("notifier")

    def _run(self) -> None:
        under_way: set[Future[None]] = set()
        with ThreadPoolExecutor(TOGETHER, "notifier") as pool:
            while not self._stopping.is_set():
                under_way = {one for one in under_way if not one.done()}
                jobs = self._take(TOGETHER - len(under_way))
                under_way |= {pool.submit(self._do, job) for job in jobs}
                if not jobs:
                    self._stopping.wait(LOOK_S)

    def _take(self, n: int) -> list[Job]:
        with suppress(OncopolisError):  # A database that is away now may be back at the next look.
            return self.store.jobs.take([NOTICE], lease_ms=LEASE_MS, limit=n, retry=self.retry)
        return []

    def _do(self, job: Job) -> None:
        with suppress(OncopolisError):  # Its lease runs out, and it is done again.
            try:
                tell(self.store, job.payload)
            except (OSError, HTTPException, ValueError) as error:
                self._fail(job, f"{type(error).__name__}: {error}"[:_LONGEST])
            else:
                self.store.jobs.finish(job)

    def _fail(self, job: Job, error: str) -> None:
        if self.store.jobs.fail(job, error, retry=self.retry) != "dead":
            return
        subscription = str(job.payload["subscription"])
        self.say(f"Subscription/{subscription} is given up after {job.attempts} attempts: {error}")
        act = Act("U", "subscription error", _HOUSE, uuid4().hex)
        with suppress(ConflictError):
            self.store.submit(lambda transaction: _mark(transaction, subscription, error), act).result()


def tell(store: Store, payload: dict[str, Any]) -> None:
    """Send one message; nothing is sent for a subscription that ended or a record that was erased.

    Raises
    ------
    OSError, HTTPException
        The receiver is away, or did not take it.
    """
    subscription = store.read("Subscription", payload["subscription"])
    version = store.read_version(payload["type"], payload["id"], payload["version"])
    if subscription is None or subscription.body is None or version is None or version.body is None:
        return
    resource = parse(subscription.body)
    if resource["status"] == "active":
        _send(read_subscription(resource).channel, version, f"{payload['subscription']}/{version.seq}")


def _send(channel: Channel, version: Version, key: str) -> None:
    """PUT the record below the endpoint, or POST nothing to it, as FHIR R4 has it."""
    headers = dict(channel.headers) | {"Idempotency-Key": key}
    if channel.payload is None:
        request = Request(channel.endpoint, b"", headers, method="POST")  # noqa: S310 - checked on writing
    else:
        url = f"{channel.endpoint}/{version.type}/{version.id}"
        headers |= {"Content-Type": f"{channel.payload}; charset=utf-8"}
        request = Request(url, version.body, headers, method="PUT")  # noqa: S310 - checked on writing
    with OPENER.open(request, timeout=TIMEOUT_S) as answer:
        answer.read(_LONGEST)


class _Straight(HTTPRedirectHandler):
    """Follows no redirect: a receiver must not lead us to an address nobody asked for."""

    def redirect_request(self, req: Any, fp: Any, code: int, msg: str, headers: Any, newurl: str) -> None:
        raise HTTPError(req.full_url, code, f"{msg}: {newurl[:_LONGEST]}", headers, fp)


OPENER = build_opener(_Straight)
"""Follows no redirect."""


def _mark(transaction: Transaction, id_: str, error: str) -> None:
    """Say in the Subscription that its receiver was given up."""
    current = transaction.read("Subscription", id_)
    if current is None or current.body is None:
        return
    resource = parse(current.body)
    if resource["status"] == "active":
        transaction.put({**resource, "status": "error", "error": error}, expected=current.version)
