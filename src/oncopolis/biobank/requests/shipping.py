"""What was given out goes by courier, and its logger says how it fared."""

from dataclasses import replace

from oncopolis.biobank.deciding import Act, Decision, Moment
from oncopolis.biobank.requests.asked import get_request
from oncopolis.biobank.requests.asking import Receive, Ship
from oncopolis.biobank.requests.exporting import check_permit
from oncopolis.biobank.requests.loggers import compute_digest, judge, read_logger
from oncopolis.foundation import ConflictError, InputError, NotFoundError
from oncopolis.record.biobank.books import Books
from oncopolis.record.biobank.custody import Event
from oncopolis.record.biobank.requests import Shipment
from oncopolis.record.biobank.rows import BankRow


def ship(books: Books, asked: Ship, moment: Moment) -> Decision:
    """Hand what was given out to a courier."""
    request = get_request(books, asked.request, "issued")
    if asked.lowest_c >= asked.highest_c:
        raise InputError(
            code="BIO-075", where=f"request {request.id}", got=f"{asked.lowest_c:g} to {asked.highest_c:g}",
            expected="the lower limit first", fix="correct the limits",
        )  # fmt: skip
    lines = [one for one in books.list_picks(request.id) if one.state == "issued" and one.shipment is None]
    if not lines:
        raise ConflictError(
            code="BIO-076", where=f"request {request.id}", got="nothing that waits for a courier",
            expected="specimens that were given out", fix="nothing has to be done",
        )  # fmt: skip
    permit = check_permit(books, request, asked, len(lines), moment)
    made = Shipment(
        books.make_number(Shipment.TABLE), request.id, asked.courier, request.mta, asked.recipient, "sent",
        asked.lowest_c, asked.highest_c, moment.at_ms, country=asked.country,
        permit=None if permit is None else permit.id,
    )  # fmt: skip
    told = {"shipment": made.id, "from": moment.name, "to": asked.courier, "mta": request.mta}
    told |= {} if permit is None else {"country": asked.country, "permit": permit.number}
    events = [Event("shipped", one.specimen, told=told) for one in lines]
    rows: tuple[BankRow, ...] = (made, *(replace(one, shipment=made.id) for one in lines))
    if permit is not None:
        rows = (*rows, replace(permit, n_used=permit.n_used + len(lines)))
    return Decision(rows, tuple(events), (), {"shipment": made.id, "n": len(lines)})


def receive(books: Books, asked: Receive, moment: Moment) -> Decision:
    """Confirm that a shipment has arrived, and judge its journey by the logger."""
    found = books.find(Shipment, asked.shipment)
    if found is None or found.state != "sent":
        raise NotFoundError(
            code="BIO-077", where=f"shipment {asked.shipment}",
            got="no such shipment" if found is None else f"one that is {found.state}",
            expected="one that is on the road", fix="correct the number",
        )  # fmt: skip
    verdict = judge(
        read_logger(asked.logger, f"logger of shipment {found.id}"), found.lowest_c, found.highest_c
    )
    after = replace(
        found, state="received", received_ms=moment.at_ms, logger=compute_digest(asked.logger),
        verdict=str(verdict),
    )  # fmt: skip
    lines = [one for one in books.list_picks(found.request) if one.shipment == found.id]
    told = {"shipment": found.id, "to": found.recipient, "logger": after.logger, "verdict": after.verdict}
    events = tuple(Event("received", one.specimen, told=told) for one in lines)
    answer = {"verdict": after.verdict, "outside_min": verdict.outside_min}
    return Decision((after,), events, (), answer)


ACTS = (
    Act("bank_ship", Ship, ship),
    Act("bank_receive", Receive, receive),
)
