"""Specimens as they become, with their FHIR records."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from oncopolis.biobank.deciding import Decision, Moment
from oncopolis.biobank.specimens.telling import to_record
from oncopolis.record.biobank.books import Books
from oncopolis.record.biobank.custody import Event
from oncopolis.record.biobank.rows import BankRow
from oncopolis.record.biobank.specimens import Donor, Specimen


def change(
    books: Books,
    moment: Moment,
    changed: Iterable[Specimen],
    events: Iterable[Event],
    *,
    rows: Iterable[BankRow] = (),
    donors: Iterable[Donor] = (),
    answer: Mapping[str, Any] | None = None,
) -> Decision:
    """Let specimens be what they are from now on, and write it to their FHIR records.

    Parameters
    ----------
    rows
        What changes beside them.
    donors
        Donors who are new; the others are looked up.
    """
    specimens = [one if one.record else replace(one, record=moment.make_id()) for one in changed]
    known = {one.id: one for one in donors}
    missing = {one.donor for one in specimens} - known.keys()
    known |= {one.id: one for one in books.get_donors(missing)}
    parents = {one.id: one for one in specimens}
    wanted = {one.parent for one in specimens if one.parent is not None} - parents.keys()
    parents |= books.get_specimens(wanted)
    records = [
        to_record(one, known[one.donor], None if one.parent is None else parents[one.parent])
        for one in specimens
    ]
    return Decision((*donors, *specimens, *rows), tuple(events), tuple(records), answer or {})
