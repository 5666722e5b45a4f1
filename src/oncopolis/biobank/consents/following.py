"""A consent that ends in the hospital's record ends in the biobank, in the same transaction."""

from functools import partial

from oncopolis.biobank.consents.agreeing import end_consents
from oncopolis.biobank.deciding import Moment
from oncopolis.record import Act as Audited
from oncopolis.record.biobank.books import Books
from oncopolis.record.biobank.rows import write
from oncopolis.record.fhir.text import parse
from oncopolis.record.store import Transaction
from oncopolis.record.store.naming import make_id


def follow_consents(transaction: Transaction, audited: Audited) -> None:
    """End every consent whose FHIR Consent was made inactive, or deleted; for `Store.follow`.

    One that was replaced by a newer one ends nothing: the last one of a donor counts.
    """
    house = transaction.as_house()
    for touched in tuple(transaction.touched):
        if touched.type != "Consent":
            continue
        books = Books(house.session)
        consent = books.find_consent_recorded(touched.id)
        if consent is None or books.list_consents(consent.donor)[0] != consent or consent.withdrawn_ms:
            continue
        found = house.read("Consent", touched.id)
        record = None if found is None or found.body is None else parse(found.body)
        if record is not None and record.get("status") == "active":
            continue
        moment = Moment(house.now_ms, audited.who, partial(make_id, house.now_ms), lambda _type, _id: None)
        decision = end_consents(books, [consent], "ended in the record", moment)
        write(house.session, decision.rows, decision.events, moment.at_ms, moment.name)
