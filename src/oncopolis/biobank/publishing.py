"""FHIR records for specimens that have none yet, a page at a time beside the day's work."""

from functools import partial
from typing import NamedTuple

from oncopolis.biobank.deciding import Moment
from oncopolis.biobank.performing import keep
from oncopolis.biobank.specimens.changing import change
from oncopolis.record import Act as Audited
from oncopolis.record.biobank.books import Books
from oncopolis.record.store import Store, Transaction
from oncopolis.record.store.naming import make_id

PAGE = 100  # structure: records of a transaction; others wait no longer than that


class Page(NamedTuple):
    """What was written at once: how many records, and the number of the last specimen."""

    n: int
    last: int


def publish(store: Store, audited: Audited) -> int:
    """Write the FHIR Specimen of all that have none, parents before children; how many."""
    n = last = 0
    while page := publish_page(store, audited, last):
        n, last = n + page.n, page.last
    return n


def publish_page(store: Store, audited: Audited, after: int) -> Page | None:
    """Write the records of the first that have none, by number from ``after``; None if there is nothing."""
    return store.submit(partial(_publish_page, audited, after), audited).result()


def _publish_page(audited: Audited, after: int, transaction: Transaction) -> Page | None:
    books = Books(transaction.session)
    waiting = books.list_unpublished(after, PAGE)
    if not waiting:
        return None
    now_ms = transaction.now_ms
    moment = Moment(now_ms, audited.who, partial(make_id, now_ms), lambda _type, _id: None)
    keep(change(books, moment, waiting, ()), moment, transaction)
    return Page(len(waiting), waiting[-1].id)
