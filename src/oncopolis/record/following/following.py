"""Following: with each record that is written, and in its transaction, those who asked get their message.

The table of followers has a row for every Subscription that is active: what the records say, found faster.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from oncopolis.record.access import Allowed, Caller
from oncopolis.record.fhir.text import parse
from oncopolis.record.following.subscribing import read_subscription
from oncopolis.record.search.demand import read_demand
from oncopolis.record.store.auditing import Touched
from oncopolis.record.store.transaction import Transaction
from oncopolis.record.types import Act

NOTICE = "notice"
"""Kind of job that tells a follower."""
SUBSCRIPTION = "Subscription"
_ACTIVE = frozenset({"active", "requested"})


@dataclass(frozen=True, slots=True)
class _Follower:
    id: str
    criteria: str
    until_ms: int | None
    caller: Caller | None


class Following:
    """What follows each command in its transaction; hand `follow` to the store.

    Parameters
    ----------
    find_allowed
        What somebody may see: nobody is told of a record they may not read.
    """

    def __init__(self, find_allowed: Callable[[Caller | None], Allowed]) -> None:
        self._find_allowed = find_allowed

    def follow(self, transaction: Transaction, _act: Act) -> None:
        """Put a message into the outbox for each follower of what a command has written."""
        last = {(one.type, one.id): one for one in transaction.touched}
        there = [one for one in last.values() if one.digest]
        types = sorted({one.type for one in there})
        followers = _list_followers(transaction, types) if types else {}
        for one in there:
            for follower in followers.get(one.type, ()):
                if self._is_met(transaction, follower, one):
                    _tell(transaction, follower, one)
        for one in last.values():
            if one.type == SUBSCRIPTION:
                self._register(transaction, one)

    def _is_met(self, transaction: Transaction, follower: _Follower, written: Touched) -> bool:
        if follower.until_ms is not None and follower.until_ms < transaction.now_ms:
            return False
        demand = read_demand(follower.criteria, "Subscription.criteria")
        sql, values = demand.restrict("r", self._find_allowed(follower.caller))
        question = f"SELECT 1 FROM resource r WHERE r.type = ? AND r.id = ? AND r.deleted = 0 AND {sql}"  # noqa: S608
        given = (written.type, written.id, *values)
        return bool(transaction.ask(lambda reading: reading.session.query(question, given)))

    def _register(self, transaction: Transaction, written: Touched) -> None:
        """Keep the table of followers with a Subscription that was written."""
        session, house = transaction.session, transaction.as_house()
        session.query("DELETE FROM follower WHERE id = ?", (written.id,))
        version = house.read(written.type, written.id)
        resource = parse(version.body) if version is not None and version.body is not None else {}
        if resource.get("status") not in _ACTIVE:
            return
        subscribed = read_subscription(resource)
        if resource["status"] == "requested":
            house.put({**resource, "status": "active"}, method="update")
        caller = transaction.caller
        session.query(
            "INSERT INTO follower (id, type, criteria, until_ms, caller) VALUES (?, ?, ?, ?, ?)",
            (
                written.id,
                subscribed.demand.type,
                resource["criteria"],
                subscribed.until_ms,
                None if caller is None else json.dumps(caller.to_json()),
            ),
        )


def _list_followers(transaction: Transaction, types: Sequence[str]) -> dict[str, list[_Follower]]:
    found: dict[str, list[_Follower]] = {}
    question = (
        "SELECT id, type, criteria, until_ms, caller FROM follower "  # noqa: S608 - places only
        f"WHERE type IN ({', '.join('?' * len(types))}) ORDER BY id"
    )
    rows = transaction.ask_beside(lambda session: session.query(question, types))
    for id_, type_, criteria, until_ms, caller in rows:
        made = None if caller is None else Caller.from_json(json.loads(caller))
        found.setdefault(type_, []).append(_Follower(id_, criteria, until_ms, made))
    return found


def _tell(transaction: Transaction, follower: _Follower, written: Touched) -> None:
    payload = {
        "subscription": follower.id,
        "type": written.type,
        "id": written.id,
        "version": written.version,
    }
    key = "/".join((NOTICE, follower.id, written.type, written.id, str(written.version)))
    transaction.send(NOTICE, payload, key=key)
