"""Index rows made anew, after the program has learned to make others."""

from oncopolis.record.fhir.text import parse
from oncopolis.record.store import indexing
from oncopolis.record.store.aftermath import Aftermath
from oncopolis.record.store.pending import Pending
from oncopolis.record.store.reading import Reading
from oncopolis.record.types import Version

_AT_ONCE = 500  # structure: records whose rows are written together


def reindex(reading: Reading) -> None:
    """Make the rows of every record anew, in the transaction that is open.

    Raises
    ------
    InputError
        The keys that the records are sealed with were not given.
    """
    session, last = reading.session, 0
    sql = "SELECT rk, type, id FROM resource WHERE rk > ? ORDER BY rk LIMIT ?"
    while records := session.query(sql, (last, _AT_ONCE)):
        pending = Pending(session, Aftermath())
        for rk, type_, id_ in records:
            _renew(pending, rk, reading.read(type_, id_))
        pending.flush()
        last = records[-1][0]


def _renew(pending: Pending, rk: int, version: Version | None) -> None:
    indexing.remove_rows(pending, rk)
    if version is not None and version.body is not None:
        indexing.write_rows(pending, rk, indexing.make_rows(parse(version.body))[0])
