"""The inventory is audited by a random sample, and what that says of all of it."""

from collections.abc import Sequence
from dataclasses import replace
from random import Random

from oncopolis.biobank.deciding import Act, Decision, Moment
from oncopolis.biobank.quality.asking import CheckAudited, DrawAudit
from oncopolis.biobank.quality.confidence import compute_most_wrong, compute_sample
from oncopolis.biobank.requests.asked import get_around
from oncopolis.biobank.requests.walking import order_boxes
from oncopolis.biobank.storage.geometry import name_place
from oncopolis.foundation import ConflictError, NotFoundError
from oncopolis.foundation.units import PERCENT
from oncopolis.record.biobank.books import Books
from oncopolis.record.biobank.custody import Event
from oncopolis.record.biobank.quality import (
    Audit,
    Audited,
    Nonconformity,
    count_stored,
    find_stored,
    list_audited,
    list_stored_ids,
)
from oncopolis.record.biobank.rows import BankRow
from oncopolis.record.biobank.specimens import Specimen
from oncopolis.record.store.session import Session

_ROUNDS = 20  # structure: tries to meet stored specimens by their numbers before all are listed
REQUIREMENT = "iso-20387-7.5"
"""What a specimen that is not where it should be breaks: traceability."""


def draw_audit(books: Books, asked: DrawAudit, moment: Moment) -> Decision:
    """Draw a sample, in the order of the shortest walk."""
    n_all, last = count_stored(books.session)
    if n_all == 0:
        raise ConflictError(
            code="BIO-179", where="audit", got="an inventory with nothing in it",
            expected="stored specimens", fix="nothing has to be done",
        )  # fmt: skip
    confidence, share = asked.confidence_percent / PERCENT, asked.share_percent / PERCENT
    n = compute_sample(n_all, share, confidence)
    seed = moment.make_id()
    chosen = draw(books.session, n, n_all, last, seed)
    around = get_around(books, {one.box for one in chosen if one.box is not None})
    order = {box: turn for turn, box in enumerate(order_boxes({one.box or 0 for one in chosen}, around))}
    walk = sorted(chosen, key=lambda one: (order[one.box or 0], one.place or 0))
    id_ = books.make_number(Audit.TABLE)
    made = Audit(id_, seed, n_all, n, confidence, share, "drawn", moment.name, moment.at_ms)
    rows: list[BankRow] = [
        Audited(
            id_,
            turn,
            one.id,
            f"{around[one.box or 0].name} {name_place(around[one.box or 0], one.place or 0)}",
        )
        for turn, one in enumerate(walk, 1)
    ]
    event = Event("audit drawn", container=0, told={"audit": id_, "n": n, "of": n_all, "seed": seed})
    return Decision((made, *rows), (event,), (), {"audit": id_, "n": n, "of": n_all})


def draw(session: Session, n: int, n_all: int, last: int, seed: str) -> list[Specimen]:
    """Draw stored specimens, each as likely as any other; the same for the same seed and books."""
    chance = Random(seed)  # noqa: S311 - an audit, no secret; who is audited does not know the seed before
    if n_all <= n:
        return find_stored(session, list_stored_ids(session))
    found: dict[int, Specimen] = {}
    for _ in range(_ROUNDS):
        tried = list(dict.fromkeys(chance.randrange(1, last + 1) for _ in range(2 * (n - len(found)))))
        there = {one.id: one for one in find_stored(session, [id_ for id_ in tried if id_ not in found])}
        for id_ in tried:
            if id_ in there and len(found) < n:
                found[id_] = there[id_]
        if len(found) == n:
            return list(found.values())
    return find_stored(session, chance.sample(list_stored_ids(session), n))


def check_audited(books: Books, asked: CheckAudited, moment: Moment) -> Decision:
    """Keep what was found in a place; the last one ends the audit, and says what it says of all."""
    audit = books.find(Audit, asked.audit)
    rows = [] if audit is None else list_audited(books.session, audit.id)
    line = next((one for one in rows if one.n == asked.n), None)
    if audit is None or line is None:
        raise NotFoundError(
            code="BIO-180", where=f"audit {asked.audit}, {asked.n}", got="nothing of that number",
            expected="one of its sample", fix="correct the number",
        )  # fmt: skip
    if audit.state == "done":
        raise ConflictError(
            code="BIO-181", where=f"audit {audit.id}", got="one that is over", expected="one that goes on",
            fix="draw a new one",
        )  # fmt: skip
    after = replace(line, found=asked.found, said=asked.said, found_by=moment.name, at_ms=moment.at_ms)
    told = {"audit": audit.id, "found": asked.found, "at": line.place}
    event = Event("audited", line.specimen, told=told)
    now = [after if one.n == line.n else one for one in rows]
    if any(one.found == "" for one in now):
        return Decision((after,), (event,), (), {"left": sum(one.found == "" for one in now)})
    return _end(books, audit, after, now, event, moment)


def _end(
    books: Books, audit: Audit, last: Audited, rows: Sequence[Audited], event: Event, moment: Moment
) -> Decision:
    """End an audit: what is wrong becomes something that does not conform."""
    wrong = [one for one in rows if one.found != "here"]
    most = compute_most_wrong(audit.n_population, audit.n_sample, len(wrong), audit.confidence)
    done = replace(audit, state="done", n_wrong=len(wrong), most_wrong=most, done_ms=moment.at_ms)
    barcodes = {one.id: one.barcode for one in books.get_specimens([one.specimen for one in wrong]).values()}
    numbers = books.make_numbers(Nonconformity)
    opened = [
        Nonconformity(
            next(numbers), f"{barcodes[one.specimen]}: {one.found}", f"{one.place}. {one.said}".strip(),
            REQUIREMENT, "major", "open", one.found_by, moment.at_ms,
        )
        for one in wrong
    ]  # fmt: skip
    told = {"audit": audit.id, "wrong": len(wrong), "of": audit.n_sample, "most": most}
    answer = {"left": 0, "wrong": len(wrong), "most_wrong": most, "of": audit.n_population}
    return Decision((done, last, *opened), (event, Event("audit done", container=0, told=told)), (), answer)


ACTS = (Act("bank_draw_audit", DrawAudit, draw_audit), Act("bank_check_audit", CheckAudited, check_audited))
