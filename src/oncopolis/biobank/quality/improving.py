"""Evidence for requirements; what does not conform, until what was done about it has worked."""

from dataclasses import replace
from typing import Any

from oncopolis.biobank.deciding import Act, Decision, Moment
from oncopolis.biobank.quality.asking import (
    CloseNonconformity,
    GiveEvidence,
    OwnNonconformity,
    TellNonconformity,
)
from oncopolis.biobank.quality.requirements import get_requirement
from oncopolis.foundation import ConflictError, ForbiddenError, InputError, NotFoundError
from oncopolis.record.biobank.books import Books
from oncopolis.record.biobank.custody import Event
from oncopolis.record.biobank.quality import Evidence, Nonconformity


def give_evidence(books: Books, asked: GiveEvidence, moment: Moment) -> Decision:
    """Keep what shows that a requirement is met; what was said before stays."""
    get_requirement(asked.requirement)
    id_ = books.make_number(Evidence.TABLE)
    made = Evidence(id_, asked.requirement, asked.state, asked.said, moment.name, moment.at_ms)
    told = {"requirement": asked.requirement, "state": asked.state}
    return Decision((made,), (Event("evidence", container=0, told=told),), (), {"evidence": id_})


def tell_nonconformity(books: Books, asked: TellNonconformity, moment: Moment) -> Decision:
    """Take in that something is not as it should be."""
    if asked.requirement:
        get_requirement(asked.requirement)
    id_ = books.make_number(Nonconformity.TABLE)
    made = Nonconformity(
        id_, asked.title, asked.said, asked.requirement, asked.severity, "open", moment.name, moment.at_ms
    )
    return Decision((made,), (_tell(id_, "nonconformity", title=asked.title),), (), {"nonconformity": id_})


def _tell(id_: int, what: str, **told: Any) -> Event:
    return Event(what, container=0, told={"nonconformity": id_, **told})


def get_nonconformity(books: Books, id_: int) -> Nonconformity:
    """One that is not closed; `NotFoundError` BIO-174, `ConflictError` BIO-175."""
    found = books.find(Nonconformity, id_)
    if found is None:
        raise NotFoundError(
            code="BIO-174", where=f"non-conformity {id_}", got="no such one", expected="one that was told",
            fix="correct the number",
        )  # fmt: skip
    if found.state == "closed":
        raise ConflictError(
            code="BIO-175", where=f"non-conformity {id_}", got="one that is closed",
            expected="one that is not", fix="tell a new one if it came again",
        )  # fmt: skip
    return found


def own_nonconformity(books: Books, asked: OwnNonconformity, moment: Moment) -> Decision:
    """Let somebody answer for it, with a cause, an action and a day."""
    found = get_nonconformity(books, asked.nonconformity)
    if asked.due_ms <= moment.at_ms:
        raise InputError(
            code="BIO-176", where=f"non-conformity {found.id}", got="a day that has passed",
            expected="one to come", fix="choose another day",
        )  # fmt: skip
    after = replace(
        found, state="owned", owner=asked.owner, cause=asked.cause, action=asked.action, due_ms=asked.due_ms
    )
    return Decision((after,), (_tell(found.id, "owned", to=asked.owner, due_ms=asked.due_ms),))


def close_nonconformity(books: Books, asked: CloseNonconformity, moment: Moment) -> Decision:
    """Close it with what shows that the action worked; its owner does not close it."""
    found = get_nonconformity(books, asked.nonconformity)
    if found.state != "owned":
        raise ConflictError(
            code="BIO-177", where=f"non-conformity {found.id}", got="one without an owner and an action",
            expected="one that somebody has done something about", fix="name owner, cause and action first",
        )  # fmt: skip
    if found.owner in (moment.name, moment.who.id, moment.who.name):
        raise ForbiddenError(
            code="BIO-178", where=f"non-conformity {found.id}", got=f"its owner {found.owner}",
            expected="somebody else who has looked", fix="have somebody else look and close it",
        )  # fmt: skip
    after = replace(
        found, state="closed", evidence=asked.evidence, closed_by=moment.name, closed_ms=moment.at_ms
    )
    return Decision((after,), (_tell(found.id, "closed", why=asked.evidence),))


ACTS = (
    Act("bank_evidence", GiveEvidence, give_evidence),
    Act("bank_nonconformity", TellNonconformity, tell_nonconformity),
    Act("bank_own_nonconformity", OwnNonconformity, own_nonconformity),
    Act("bank_close_nonconformity", CloseNonconformity, close_nonconformity),
)
