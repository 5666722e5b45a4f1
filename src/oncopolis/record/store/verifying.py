"""Verification: the chain of the audit, versions, bodies, index and claims, against each other."""

import json
from collections.abc import Callable, Iterator
from typing import Any

from oncopolis.foundation.errors import OncopolisError
from oncopolis.foundation.findings import Finding
from oncopolis.record.fhir.text import parse
from oncopolis.record.store.auditing import START, compute_digest, compute_hash, make_agent
from oncopolis.record.store.claims import list_claims
from oncopolis.record.store.indexing import find_rows, make_rows, to_stored
from oncopolis.record.store.reading import Reading, make_place
from oncopolis.record.store.session import Row, Session
from oncopolis.record.store.store import Store
from oncopolis.record.types import Version

_PAGE = 1_000  # structure: rows read at once

Digests = dict[str, tuple[int, str]]
"""What the audit says was stored, as form and digest, by `make_place`."""


def verify(store: Store) -> list[Finding]:
    """Check everything, as it is at one moment, while the store goes on; nothing found is what should be."""

    def check_at_one_moment(reading: Reading) -> list[Finding]:
        reading.session.query(reading.session.snapshot)
        try:
            return list(check(reading))
        finally:
            reading.session.rollback()

    return store.ask(check_at_one_moment)


def check(reading: Reading) -> Iterator[Finding]:
    """Check everything, within a transaction that sees one moment."""
    session, digests = reading.session, Digests()
    yield from _check_chains(session, digests)
    yield from _check_numbers(session)
    yield from _check_stored(session, digests)
    yield from _check_current(reading)
    yield from _check_claims(session)
    yield from _check_journal(session)


def _find(rule: str, where: str, message: str, actual: str = "", expected: str = "") -> Finding:
    return Finding(
        rule=rule,
        severity="error",
        where=where,
        message=message,
        actual=actual,
        expected=expected,
        fix="keep this database as it is, and compare it with the last backup",
    )


def _page(fetch: Callable[[int], list[Row]], key: int) -> Iterator[Row]:
    """All rows of a table in the order of a number, which is at place ``key`` of a row."""
    last = 0
    while rows := fetch(last):
        yield from rows
        last = rows[-1][key]


def _check_chains(session: Session, digests: Digests) -> Iterator[Finding]:
    for (chain,) in session.query("SELECT DISTINCT chain FROM audit ORDER BY chain"):
        hash_, next_, n_patients, tells_all = START, 1, 0, True
        sql = (
            "SELECT seq, at_ms, entry, prev, hash, agent FROM audit "
            "WHERE chain = ? AND seq > ? ORDER BY seq LIMIT ?"
        )
        for seq, at_ms, entry, prev, found, agent in _page(
            lambda last, chain=chain, sql=sql: session.query(sql, (chain, last, _PAGE)),  # type: ignore[misc]
            0,
        ):
            where = f"audit chain {chain}, entry {seq}"
            if seq != next_:
                tells_all = False
                yield _find("audit-gapless", where, "Entries are missing before it.", str(seq), str(next_))
            elif bytes(prev) != hash_:
                yield _find("audit-linked", where, "It does not carry the digest of the entry before.")
            if compute_hash(bytes(prev), chain, seq, at_ms, entry) != bytes(found):
                yield _find("audit-unchanged", where, "It is not what was written.")
            hash_, next_ = bytes(found), seq + 1
            content = _read_entry(entry)
            if content is None:
                continue
            yield from _check_findable(session, chain, seq, content, agent)
            tells_all = tells_all and "patients" in content
            n_patients += len(content.get("patients", ()))
            for type_, id_, version, digest in content["versions"]:
                if digest is not None:
                    digests[make_place(type_, id_, version)] = content.get("form", 1), digest
        if tells_all:
            yield from _check_surplus(session, chain, n_patients)


def _check_findable(
    session: Session, chain: int, seq: int, content: dict[str, Any], agent: str | None
) -> Iterator[Finding]:
    """Whether an entry is found by who acted, and by every patient it tells of."""
    where = f"audit chain {chain}, entry {seq}"
    expected = make_agent(*content["who"][:2])
    if agent != expected:
        yield _find("audit-findable", where, "It is not found by who acted.", agent or "", expected)
    sql = "SELECT 1 FROM audit_patient WHERE patient = ? AND chain = ? AND seq = ?"
    for patient in content.get("patients", ()):
        if not session.query(sql, (patient, chain, seq)):
            yield _find("audit-findable", where, "It is not found by a patient it tells of.", "", patient)


def _check_surplus(session: Session, chain: int, n_expected: int) -> Iterator[Finding]:
    """Whether anything is found by a patient that tells nothing of them."""
    ((n_found,),) = session.query("SELECT count(*) FROM audit_patient WHERE chain = ?", (chain,))
    if n_found > n_expected:
        yield _find(
            "audit-findable",
            f"audit chain {chain}",
            "Entries are found by patients they do not tell of.",
            f"{n_found} rows",
            f"{n_expected} rows",
        )


def _read_entry(entry: str) -> dict[str, Any] | None:
    """What an entry says, None for what cannot have been written as one."""
    try:
        content = json.loads(entry)
        _ = [(type_, id_, version, digest) for type_, id_, version, digest in content["versions"]]
        _ = content["who"][1]
    except (ValueError, KeyError, TypeError, IndexError):
        return None
    return dict(content)


def _check_numbers(session: Session) -> Iterator[Finding]:
    rows = session.query(
        "SELECT r.type, r.id, r.version, count(v.seq), min(v.version), max(v.version) FROM resource r "
        "LEFT JOIN version v ON v.rk = r.rk GROUP BY r.rk, r.type, r.id, r.version "
        "HAVING count(v.seq) <> r.version OR min(v.version) <> 1 OR max(v.version) <> r.version"
    )
    for type_, id_, current, n, lowest, highest in rows:
        yield _find(
            "versions-gapless",
            f"{type_}/{id_}",
            "Its versions are not 1 to the current one.",
            f"{n} versions, {lowest} to {highest}",
            f"1 to {current}",
        )


def _check_stored(session: Session, digests: Digests) -> Iterator[Finding]:
    sql = (
        "SELECT v.seq, r.type, r.id, v.version, v.at_ms, v.method, v.body FROM version v "
        "JOIN resource r ON r.rk = v.rk "
        "WHERE v.seq > ? ORDER BY v.seq LIMIT ?"
    )
    for _, *row, stored in _page(lambda last: session.query(sql, (last, _PAGE)), 0):
        type_, id_, version, at_ms, method = row
        where = make_place(type_, id_, version)
        form, digest = digests.pop(where, (0, ""))
        body = None if stored is None else bytes(stored)
        actual = compute_digest(type_, id_, version, at_ms, method, body, form)
        if not form:
            yield _find("version-audited", where, "No audit entry tells of it.")
        elif digest != actual:
            yield _find("version-unchanged", where, "It is not what was stored.", actual, digest)
    for where in digests:
        yield _find("version-there", where, "The audit tells of it, but it is not there.")


def _check_current(reading: Reading) -> Iterator[Finding]:
    sql = "SELECT rk, type, id FROM resource WHERE rk > ? ORDER BY rk LIMIT ?"
    for rk, type_, id_ in _page(lambda last: reading.session.query(sql, (last, _PAGE)), 0):
        try:
            current = reading.read(type_, id_)
            yield from _check_record(reading.session, rk, current) if current else ()
        except OncopolisError as error:
            yield _find("body-readable", f"{type_}/{id_}", "Its body cannot be read.", str(error))


def _check_record(session: Session, rk: int, current: Version) -> Iterator[Finding]:
    where, body = f"{current.type}/{current.id}", current.body
    resource = parse(body) if body is not None else None
    found = list(find_rows(session, rk).values())
    extracted, patient = make_rows(resource) if resource is not None else ([], None)
    if resource is not None and patient != current.patient:
        yield _find(
            "patient-current", where, "It is kept as another patient's.", str(current.patient), str(patient)
        )
    rows = to_stored(extracted)
    if found != rows:
        surplus, missing = set(found) - set(rows), set(rows) - set(found)
        yield _find(
            "index-current",
            where,
            "Its index rows are not those of its current version.",
            f"{len(surplus)} too many",
            f"{len(missing)} more",
        )
    if resource is not None:
        told = [resource.get("resourceType"), resource.get("id"), resource.get("meta", {}).get("versionId")]
        expected = [current.type, current.id, str(current.version)]
        if told != expected:
            yield _find("body-itself", where, "Its body is another record's.", str(told), str(expected))


def _check_claims(session: Session) -> Iterator[Finding]:
    sql = "SELECT 1 FROM resource WHERE type = ? AND id = ? AND deleted = 0"
    for (holder,) in session.query("SELECT DISTINCT holder FROM claim ORDER BY holder"):
        type_, _, id_ = holder.partition("/")
        if not session.query(sql, (type_, id_)):
            held = ", ".join(f"{kind} {key}" for kind, key in list_claims(session, holder))
            yield _find("claim-held", holder, "It holds claims, but is not there.", held, "a record")


def _check_journal(session: Session) -> Iterator[Finding]:
    """Whether lines are left of the erased, or cannot have happened so."""
    left = session.query(
        "SELECT k.patient, count(*) FROM patient_key k JOIN journal j ON j.case_id = k.patient "
        "WHERE k.destroyed_ms IS NOT NULL GROUP BY k.patient ORDER BY k.patient"
    )
    for patient, n in left:
        yield _find(
            "line-erased", f"Patient/{patient}", "Lines are left of one who was erased.", f"{n} lines"
        )
    for seq, start_ms, end_ms in session.query(
        "SELECT seq, start_ms, end_ms FROM journal WHERE start_ms > end_ms ORDER BY seq"
    ):
        yield _find(
            "line-times", f"journal line {seq}", "It ends before it begins.", str(end_ms), str(start_ms)
        )
