"""What was picked is given out by two people, and comes back."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from oncopolis.biobank.consents.scopes import to_scopes
from oncopolis.biobank.deciding import Act, Decision, Moment
from oncopolis.biobank.requests.asked import get_request, tell
from oncopolis.biobank.requests.asking import DropOne, PickOne, Return, SignRelease
from oncopolis.biobank.specimens.changing import change
from oncopolis.biobank.storage.finding import get_present, get_specimen
from oncopolis.biobank.storage.placing import lift
from oncopolis.foundation import ConflictError, ForbiddenError, InputError, NotFoundError, OncopolisError
from oncopolis.foundation.errors import Collector
from oncopolis.record.biobank.books import Books
from oncopolis.record.biobank.custody import Event
from oncopolis.record.biobank.requests import Pick, Request
from oncopolis.record.biobank.rows import BankRow
from oncopolis.record.biobank.specimens import Specimen


def pick(books: Books, asked: PickOne, moment: Moment) -> Decision:
    """Take something on a pick list from its position; consent is looked at again."""
    request = get_request(books, asked.request, "selected")
    specimen = get_present(books, asked.barcode)
    line = _get_line(books, request, specimen, "listed")
    faults = Collector()
    check_release(books, request, [specimen], faults)
    faults.raise_if_any()
    after = lift(specimen, moment.name)
    told = {"box": None, "to": moment.name, "request": request.id}
    return Decision((after, replace(line, state="picked")), (Event("picked", specimen.id, told=told),))


def _get_line(books: Books, request: Request, specimen: Specimen, state: str) -> Pick:
    found = next((one for one in books.list_picks_of([specimen.id]) if one.request == request.id), None)
    if found is None or found.state != state:
        raise NotFoundError(
            code="BIO-064", where=f"request {request.id}, specimen {specimen.barcode}",
            got="not on its list" if found is None else f"one that is {found.state} there",
            expected=f"one that is {state}",
            fix="scan again: a vial beside the right one may have been taken",
        )  # fmt: skip
    return found


def check_release(books: Books, request: Request, specimens: Sequence[Specimen], faults: Collector) -> None:
    """Add what forbids to give specimens out: diagnosis comes first, then consent."""
    scopes = books.find_scopes(one.donor for one in specimens)
    for one in specimens:
        where = f"request {request.id}, specimen {one.barcode}"
        for fault in _list_faults(one, request.scopes & ~scopes.get(one.donor, 0), where):
            faults.add(fault)


def _list_faults(one: Specimen, missing: int, where: str) -> Iterator[OncopolisError]:
    if one.inventory != "research":
        yield ForbiddenError(
            code="BIO-065", where=where, got=f"{one.inventory} material", expected="research material",
            fix="take it off the list",
        )  # fmt: skip
    if one.review != "surplus":
        yield ForbiddenError(
            code="BIO-066", where=where, got=f"a tissue whose review is {one.review}",
            expected="one that pathology has marked surplus to diagnosis",
            fix="ask pathology; nothing leaves before",
        )  # fmt: skip
    if missing:
        yield ForbiddenError(
            code="BIO-067", where=where, got=f"no consent to {', '.join(to_scopes(missing))}",
            expected="consent to all that the request needs",
            fix="take it off the list; ask the donor anew",
        )  # fmt: skip


def sign_release(books: Books, asked: SignRelease, moment: Moment) -> Decision:
    """Sign; the second of two people gives out what was picked."""
    request = get_request(books, asked.request, "selected", "signed")
    if not request.mta:
        raise InputError(
            code="BIO-068", where=f"request {request.id}", got="no material transfer agreement",
            expected="one that was named", fix="have the committee record it",
        )  # fmt: skip
    lines = [one for one in books.list_picks(request.id) if one.state in ("listed", "picked")]
    specimens = books.get_specimens(one.specimen for one in lines)
    faults = Collector()
    if waiting := [one for one in lines if one.state == "listed"]:
        fault = ConflictError(
            code="BIO-069", where=f"request {request.id}",
            got=f"{len(waiting)} still to be picked, first {specimens[waiting[0].specimen].barcode}",
            expected="everything on its list in hand", fix="pick them, or drop them from the list",
        )  # fmt: skip
        faults.add(fault)
    check_release(books, request, list(specimens.values()), faults)
    faults.raise_if_any()
    if not lines:
        raise ConflictError(
            code="BIO-070", where=f"request {request.id}", got="nothing to give out",
            expected="picked specimens", fix="select anew",
        )  # fmt: skip
    if request.state == "selected":
        signed = replace(request, state="signed", first_by=moment.name)
        return Decision((signed,), (tell(request.id, "signed", n=len(lines)),), (), {"signatures": 1})
    if request.first_by == moment.name:
        raise ForbiddenError(
            code="BIO-071", where=f"request {request.id}", got=f"the second signature of {moment.name}",
            expected="another person's", fix="have somebody else look and sign",
        )  # fmt: skip
    gone = [
        replace(one, state="away", holder=request.organisation, box=None, place=None, request=None)
        for one in specimens.values()
    ]
    told = {"request": request.id, "to": request.organisation, "signed": [request.first_by, moment.name]}
    events = [tell(request.id, "issued", n=len(gone)), *(Event("issued", one.id, told=told) for one in gone)]
    rows: list[BankRow] = [
        replace(request, state="issued"),
        *(replace(one, state="issued", issued_ms=moment.at_ms) for one in lines),
    ]
    return change(books, moment, gone, events, rows=rows, answer={"signatures": 2, "n": len(gone)})


def bring_back(books: Books, asked: Return, moment: Moment) -> Decision:
    """Take back what was given out, into the hands of whoever receives it."""
    request = get_request(books, asked.request, "issued", "closed")
    specimen = get_specimen(books, asked.barcode)
    line = _get_line(books, request, specimen, "issued")
    after = replace(specimen, state="out", holder=moment.name)
    told = {"request": request.id, "from": specimen.holder, "to": moment.name}
    rows = [replace(line, state="returned")]
    return change(books, moment, [after], [Event("returned", specimen.id, told=told)], rows=rows)


def drop(books: Books, asked: DropOne, moment: Moment) -> Decision:  # noqa: ARG001
    """Take something off a list that cannot be found or given."""
    request = get_request(books, asked.request, "selected", "signed")
    specimen = get_specimen(books, asked.barcode)
    line = next((one for one in books.list_picks_of([specimen.id]) if one.request == request.id), None)
    if line is None or line.state not in ("listed", "picked"):
        raise NotFoundError(
            code="BIO-078", where=f"request {request.id}, specimen {specimen.barcode}", got="not on its list",
            expected="one that is listed or picked", fix="scan again",
        )  # fmt: skip
    told = {"request": request.id, "why": asked.reason}
    rows = (replace(specimen, request=None), replace(line, state="dropped"))
    return Decision(rows, (Event("dropped", specimen.id, told=told),))


ACTS = (
    Act("bank_drop", DropOne, drop),
    Act("bank_pick", PickOne, pick),
    Act("bank_sign_release", SignRelease, sign_release),
    Act("bank_return", Return, bring_back),
)
