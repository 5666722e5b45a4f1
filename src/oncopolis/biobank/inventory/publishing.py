"""FHIR records for specimens that have none yet, a page at a time beside the day's work."""

from functools import partial

from oncopolis.biobank.deciding import Moment
from oncopolis.biobank.performing import keep
from oncopolis.biobank.specimens.changing import change
from oncopolis.record import Act as Audited
from oncopolis.record.biobank.books import Books
from oncopolis.record.store import Store, Transaction
from oncopolis.record.store.naming import make_id

_PAGE = 500  # structure: records of a transaction; others wait no longer than that


def publish(store: Store, audited: Audited) -> int:
    """Write the FHIR Specimen of all that have none, parents before children; how many."""
    n = 0
    while written := store.submit(partial(_publish_page, audited), audited).result():
        n += written
    return n


def _publish_page(audited: Audited, transaction: Transaction) -> int:
    books = Books(transaction.session)
    waiting = books.list_unpublished(_PAGE)
    if waiting:
        now_ms = transaction.now_ms
        moment = Moment(now_ms, audited.who, partial(make_id, now_ms), lambda _type, _id: None)
        keep(change(books, moment, waiting, ()), moment, transaction)
    return len(waiting)
