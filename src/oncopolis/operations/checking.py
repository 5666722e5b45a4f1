"""Whether what may never be is not: claims are those of the open records, and what is over is over."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from oncopolis.foundation import Finding
from oncopolis.operations.acts import VIEWS
from oncopolis.operations.arrivals.views import Contact, Visit
from oncopolis.operations.views import Claim, Record, View
from oncopolis.record.care.holding import list_claims
from oncopolis.record.fhir.bodies import find_resource
from oncopolis.record.fhir.text import parse
from oncopolis.record.store.reading import MANY, Reading


def check_invariants(reading: Reading, since_ms: int, kinds: Sequence[type[View]] = VIEWS) -> list[Finding]:
    """Check the record of a live centre against itself.

    Parameters
    ----------
    since_ms
        Visits and contacts that were written from then on are looked at, open or over.

    Returns
    -------
    list[Finding]
        ``held-twice``, ``claim-missing``, ``claim-surplus``, ``ended-once``, ``contact-after-visit``; empty
        if all is well.
    """
    wanted: dict[Claim, list[str]] = defaultdict(list)
    open_: list[View] = []
    for kind in kinds:
        for version in reading.list_with_code(kind.TYPE, *kind.OPEN):
            record = find_resource(version)
            if record is None or not kind.is_mine(record):
                continue
            view = kind.from_record(record)
            if view.is_open:
                open_.append(view)
                for claim in view.list_claims():
                    wanted[claim].append(f"{view.TYPE}/{view.id}")
    types = frozenset(kind.TYPE for kind in kinds)
    return [
        *_check_claims(reading, wanted, types),
        *_check_contacts(open_),
        *_check_ends(reading, since_ms),
    ]


def _check_claims(
    reading: Reading, wanted: dict[Claim, list[str]], types: frozenset[str]
) -> Iterator[Finding]:
    held: dict[Claim, str] = {}
    for kind, key, holder in list_claims(reading):
        if holder.partition("/")[0] in types:
            held[kind, key] = holder
    for claim, holders in wanted.items():
        if len(holders) > 1:
            yield _find("held-twice", claim, "Two open records say they hold it.", ", ".join(holders), "one")
        if held.get(claim) not in holders:
            actual = held.get(claim, "nobody")
            yield _find("claim-missing", claim, "Who holds it has no claim of it.", actual, holders[0])
    for claim in held.keys() - wanted.keys():
        yield _find("claim-surplus", claim, "Its holder does not say so.", held[claim], "nobody")


def _check_contacts(views: Sequence[View]) -> Iterator[Finding]:
    """Whoever is waiting or served is inside."""
    visits = {view.id for view in views if view.TYPE == "Encounter" and not isinstance(view, Contact)}
    for view in views:
        if isinstance(view, Contact) and view.visit not in visits:
            where = ("Encounter", view.id)
            yield _find("contact-after-visit", where, "Its visit is over.", view.visit, "an open visit")


def _check_ends(reading: Reading, since_ms: int) -> Iterator[Finding]:
    """Every visit and contact is here still, or has ended in one way at one time."""
    for record in _list_encounters(reading, since_ms):
        where = ("Encounter", record["id"])
        if Visit.is_mine(record):
            visit = Visit.from_record(record)
            ends = (visit.end, visit.left_ms)
        elif Contact.is_mine(record):
            contact = Contact.from_record(record)
            ends = (contact.end, contact.end_ms)
        else:
            continue
        n_ends = sum(one["url"].endswith(":outcome") for one in record.get("extension", ()))
        if (ends[0] is None) != (ends[1] is None) or n_ends > 1:
            yield _find("ended-once", where, "It has no one end.", f"{n_ends} ends, {ends}", "none, or one")


def _list_encounters(reading: Reading, since_ms: int) -> Iterator[Record]:
    last = 0
    while True:
        page = reading.list_where(
            "r.type = 'Encounter' AND r.deleted = 0 AND v.at_ms >= ? AND v.seq > ?",
            (since_ms, last, MANY),
            order="ORDER BY v.seq LIMIT ?",
            is_current=True,
        )
        yield from (parse(version.body) for version in page if version.body is not None)
        if len(page) < MANY:
            return
        last = page[-1].seq


def _find(rule: str, where: tuple[str, str], message: str, actual: str, expected: str) -> Finding:
    return Finding(
        rule=rule, severity="error", where=" ".join(where), message=message, actual=actual, expected=expected
    )
