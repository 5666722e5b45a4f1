"""From a decision to the record: its views, claims, lines and messages in one transaction."""

from collections.abc import Iterable, Mapping

from oncopolis.operations.deciding import Decision
from oncopolis.operations.floor import Floor
from oncopolis.operations.views import Claim, Record, View
from oncopolis.record.errors import ClaimHeld
from oncopolis.record.store import Transaction


def write(
    transaction: Transaction, floor: Floor, decision: Decision, tag: Mapping[str, str] | None = None
) -> int:
    """Write what follows from a decision on a floor that does not know it yet.

    Parameters
    ----------
    tag
        Put on every record (``meta.tag``), if there is one.

    Returns
    -------
    int
        Changes: record versions, claims taken and given back, lines of the journal, messages.

    Raises
    ------
    ClaimHeld
        Somebody else holds what one of its views claims (REC-057); nothing is written then.
    """
    changes = claim(transaction, floor, decision.puts)
    for record in (*(view.to_record() for view in decision.puts), *decision.records):
        transaction.put(record if tag is None else _add_tag(record, tag))
    for message in decision.sends:
        transaction.send(message.kind, dict(message.payload), key=message.key, due_ms=message.due_ms)
    if decision.lines:
        transaction.write_lines(decision.lines)
    return changes + sum(map(len, (decision.puts, decision.records, decision.sends, decision.lines)))


def _add_tag(record: Record, tag: Mapping[str, str]) -> Record:
    meta = record.get("meta", {})
    others = [one for one in meta.get("tag", ()) if one != tag]
    return record | {"meta": meta | {"tag": [*others, dict(tag)]}}


def claim(transaction: Transaction, floor: Floor, views: Iterable[View]) -> int:
    """Take and give back what views claim now and claimed before; how many claims changed."""
    taken: list[tuple[str, str, str]] = []
    given: list[tuple[str, str, str]] = []
    for view in views:
        before = floor.find(type(view), view.id)
        held = _list_claims(before) if before is not None else set()
        wanted = _list_claims(view)
        holder = f"{view.TYPE}/{view.id}"
        given += [(kind, key, holder) for kind, key in sorted(held - wanted)]
        taken += [(kind, key, holder) for kind, key in sorted(wanted - held)]
    # What one view of an act gives back another may take.
    if given:
        transaction.release_all(given)
    if taken:
        try:
            transaction.claim_all(taken)
        except ClaimHeld:
            transaction.claim_all(given)
            raise
    return len(given) + len(taken)


def _list_claims(view: View) -> set[Claim]:
    return set(view.list_claims()) if view.is_open else set()
