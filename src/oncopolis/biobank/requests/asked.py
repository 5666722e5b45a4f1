"""Requests: asked, decided, selected, and what came of them."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from oncopolis.biobank.consents.scopes import to_bits, to_scopes
from oncopolis.biobank.deciding import Act, Decision, Moment
from oncopolis.biobank.requests.asking import AskFor, DecideRequest, Publish, SelectFor
from oncopolis.biobank.requests.choosing import Candidate, choose
from oncopolis.biobank.requests.walking import order_boxes
from oncopolis.foundation import ConflictError, ForbiddenError, InfeasibleError, NotFoundError
from oncopolis.record.biobank.books import Books
from oncopolis.record.biobank.criteria import Criteria
from oncopolis.record.biobank.custody import Event
from oncopolis.record.biobank.places import Container
from oncopolis.record.biobank.requests import Pick, Request
from oncopolis.record.biobank.rows import BankRow


def ask_for(books: Books, asked: AskFor, moment: Moment) -> Decision:
    """Take in a request."""
    id_ = books.make_number(Request.TABLE)
    made = Request(
        id_, asked.title, asked.applicant, asked.organisation, to_bits(asked.scopes),
        asked.criteria.model_dump_json(), asked.n_wanted, "asked", moment.at_ms, asked_by=moment.name,
    )  # fmt: skip
    return Decision((made,), (tell(id_, "requested", title=asked.title),), (), {"request": id_})


def tell(request: int, what: str, **told: Any) -> Event:
    """What custody is told of a request as a whole."""
    return Event(what, container=0, told={"request": request, **told})


def get_request(books: Books, id_: int, *states: str) -> Request:
    """A request in one of these states; `NotFoundError` BIO-061, `ConflictError` BIO-062."""
    found = books.find(Request, id_)
    if found is None:
        raise NotFoundError(
            code="BIO-061", where=f"request {id_}", got="no such request", expected="one that was asked",
            fix="correct the number",
        )  # fmt: skip
    if found.state not in states:
        raise ConflictError(
            code="BIO-062", where=f"request {id_}", got=f"one that is {found.state}",
            expected=" or ".join(states),
            fix="do what comes before, or nothing: it may have been done already",
        )  # fmt: skip
    return found


def decide_request(books: Books, asked: DecideRequest, moment: Moment) -> Decision:
    """Let the committee approve or refuse; `ForbiddenError` BIO-219 for who asks."""
    found = get_request(books, asked.request, "asked", "approved")
    if found.asked_by == moment.name:
        raise ForbiddenError(
            code="BIO-219", where=f"request {found.id}", got=f"a decision by {moment.name}, who asks",
            expected="another member's", fix="have somebody else of the committee decide",
        )  # fmt: skip
    after = replace(
        found, state=asked.verdict, decision=asked.reason, decided_by=moment.name, mta=asked.mta or found.mta
    )
    return Decision((after,), (tell(found.id, asked.verdict, why=asked.reason, mta=asked.mta),))


def list_candidates(books: Books, request: Request) -> list[Candidate]:
    """What may be given out for a request now."""
    criteria = Criteria.model_validate_json(request.criteria)
    return [Candidate(*row) for row in books.list_candidates(criteria, request.scopes)]


def assess(books: Books, request: Request) -> dict[str, int]:
    """Whether a request can be fulfilled: how many specimens there are, of how many donors and boxes."""
    found = list_candidates(books, request)
    criteria = Criteria.model_validate_json(request.criteria)
    chosen = choose(found, request.n_wanted, criteria.per_donor, criteria.reserve)
    return {
        "wanted": request.n_wanted,
        "there": len(found),
        "donors": len({one.donor for one in found}),
        "given": sum(map(len, chosen.values())),
        "boxes": len(chosen),
    }


def select_for(books: Books, asked: SelectFor, moment: Moment) -> Decision:  # noqa: ARG001
    """Make the pick list, and reserve what is on it."""
    request = get_request(books, asked.request, "approved")
    criteria = Criteria.model_validate_json(request.criteria)
    chosen = choose(list_candidates(books, request), request.n_wanted, criteria.per_donor, criteria.reserve)
    n = sum(map(len, chosen.values()))
    if n < request.n_wanted:
        raise InfeasibleError(
            code="BIO-063", where=f"request {request.id}", got=f"{request.n_wanted} specimens wanted",
            expected=f"at most {n}, with consent to {', '.join(to_scopes(request.scopes))} and "
            f"{criteria.reserve} of each donor left",
            fix="have the request changed to fewer, or to wider criteria",
        )  # fmt: skip
    ids = [one.id for own in chosen.values() for one in own]
    specimens = books.get_specimens(ids)
    order = {box: n for n, box in enumerate(order_boxes(chosen, get_around(books, chosen)))}
    walk = sorted(specimens.values(), key=lambda one: (order[one.box or 0], one.place or 0))
    known = {one.specimen for one in books.list_picks(request.id)}
    picks = [Pick(request.id, one.id, n, "listed") for n, one in enumerate(walk, 1)]
    reserved = (replace(one, request=request.id) for one in walk)
    rows: tuple[BankRow, ...] = (replace(request, state="selected"), *picks, *reserved)
    told = tell(request.id, "selected", n=n, boxes=len(chosen), again=len(known))
    events = (told, *(Event("reserved", one.id, told={"request": request.id}) for one in walk))
    return Decision(rows, events, (), {"n": n, "boxes": len(chosen)})


def get_around(books: Books, boxes: Iterable[int]) -> dict[int, Container]:
    """Containers and all that they are in."""
    found = books.get_containers(boxes)
    missing = {one.parent for one in found.values() if one.parent is not None} - found.keys()
    while missing:
        found |= books.get_containers(missing)
        missing = {one.parent for one in found.values() if one.parent is not None} - found.keys()
    return found


def publish(books: Books, asked: Publish, moment: Moment) -> Decision:  # noqa: ARG001
    """Record a publication, and close the request."""
    found = get_request(books, asked.request, "issued", "closed")
    text = "\n".join(one for one in (found.publication, asked.publication) if one)
    after = replace(found, publication=text, state="closed")
    return Decision((after,), (tell(found.id, "published", publication=asked.publication),))


def publish_own(books: Books, asked: Publish, moment: Moment) -> Decision:
    """Record a publication for who asked; `ForbiddenError` BIO-220 for others."""
    found = get_request(books, asked.request, "issued", "closed")
    if found.asked_by != moment.name:
        raise ForbiddenError(
            code="BIO-220", where=f"request {found.id}", got=f"a publication told by {moment.name}",
            expected="who asked, or the biobank", fix="tell the biobank of it",
        )  # fmt: skip
    return publish(books, asked, moment)


ACTS = (
    Act("bank_request", AskFor, ask_for),
    Act("bank_decide_request", DecideRequest, decide_request),
    Act("bank_select", SelectFor, select_for),
    Act("bank_publish", Publish, publish),
    Act("bank_publish_own", Publish, publish_own),
)
