"""`Bank`: the biobank over a store: acts are done in its transactions."""

import asyncio
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from functools import partial
from typing import Any, TypeVar

from oncopolis.biobank.acts import get_act
from oncopolis.biobank.deciding import Act, Decision, Moment
from oncopolis.foundation import Frozen
from oncopolis.record import Act as Audited
from oncopolis.record.biobank.books import Books
from oncopolis.record.biobank.rows import write
from oncopolis.record.fhir.text import parse
from oncopolis.record.store import Store, Transaction
from oncopolis.record.store.naming import make_id

T = TypeVar("T")


class Bank:
    """The biobank in an open store; from any thread."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def ask(self, question: Callable[[Books], T]) -> T:
        """Answer a question by what is kept."""
        return self.store.ask(lambda reading: question(Books(reading.session)))

    def perform(
        self,
        name: str,
        said: Mapping[str, Any],
        audited: Audited,
        *,
        key: str | None = None,
        fingerprint: str = "",
        at_ms: int | None = None,
    ) -> Future[dict[str, Any]]:
        """Do an act; the future has its answer once it is durable, or why it was refused.

        Parameters
        ----------
        said
            What the act asks; pydantic's ``ValidationError`` if it is not that.
        key, fingerprint
            Idempotency, as of `Store.submit`.
        at_ms
            When it was done if it is told later, milliseconds since 1970 (UTC).
        """
        act = get_act(name)
        command = partial(do, act, act.asked.model_validate(said), audited, at_ms)
        return self.store.submit(command, audited, key=key, fingerprint=fingerprint)

    def perform_here(
        self,
        act: Act[Any],
        asked: Frozen,
        audited: Audited,
        *,
        key: str | None = None,
        fingerprint: str = "",
        at_ms: int | None = None,
    ) -> asyncio.Future[dict[str, Any]]:
        """`perform` from within a running loop, with what was asked read already."""
        command = partial(do, act, asked, audited, at_ms)
        return self.store.submit_here(command, audited, key=key, fingerprint=fingerprint)


def do(
    act: Act[Any], asked: Frozen, audited: Audited, at_ms: int | None, transaction: Transaction
) -> dict[str, Any]:
    """Do an act in a transaction; its answer.

    As of the live centre: ``seq`` (its last custody event), ``at_ms``, ``made`` (ids of new records, in
    order), ``changes`` (how much was written) and what the act itself answers.
    """
    now_ms, made = transaction.now_ms, list[str]()

    def make() -> str:
        made.append(make_id(now_ms))
        return made[-1]

    moment = Moment(now_ms if at_ms is None else at_ms, audited.who, make, partial(_fetch, transaction))
    decision = act.decide(Books(transaction.session), asked, moment)
    seq = keep(decision, moment, transaction)
    changes = sum(map(len, (decision.rows, decision.events, decision.records)))
    return {"seq": seq, "at_ms": moment.at_ms, "made": made, "changes": changes, **decision.answer}


def _fetch(transaction: Transaction, type_: str, id_: str) -> Mapping[str, Any] | None:
    found = transaction.read(type_, id_)
    return None if found is None or found.body is None else parse(found.body)


def keep(decision: Decision, moment: Moment, transaction: Transaction) -> int:
    """Write what was decided; the number of the last custody event."""
    seq = write(transaction.session, decision.rows, decision.events, moment.at_ms, moment.name)
    for record in decision.records:
        transaction.put(record)
    for kind, payload in decision.jobs:
        transaction.send(kind, payload)
    return seq
