"""Who looked at a patient's record: the audit as its patient sees it, each day folded into few lines."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby, islice
from typing import Final, Literal, TypeAlias
from uuid import uuid4

from starlette.responses import Response

from oncopolis.foundation import ForbiddenError
from oncopolis.operations.notices import word_role
from oncopolis.record.access import Caller
from oncopolis.record.access.deciding import EMERGENCY, Rights
from oncopolis.record.access.relating import Ask
from oncopolis.record.access.trail import Entry, Place, Wish
from oncopolis.record.access.watching import Watch, find_watch
from oncopolis.record.accounts.journeys.seeing import find_record
from oncopolis.record.accounts.rows import find_account, find_practitioner
from oncopolis.record.accounts.types import CARER, Account
from oncopolis.record.store.session import Session
from oncopolis.record.types import Act
from oncopolis.web import pages
from oncopolis.web.fhir.wishing import read_before
from oncopolis.web.journey.door import Guest, wait

Did: TypeAlias = Literal["looked", "wrote", "refused"]

N_LINES: Final = 50  # structure: lines of a page; a day that has more stays whole
N_ENTRIES: Final = 5_000  # structure: most entries that are read for a page
_N_READ: Final = 200  # structure: entries that are read at once
_GLASS: Final = "break-glass"
_PATIENT: Final = "patient"
_PURPOSE: Final = "PATRQT"
_PEOPLE: Final = frozenset({"Practitioner", "PractitionerRole", "Person"})
"""Whose names tell nothing; those of programs, screens and organisations may."""


@dataclass(frozen=True, slots=True)
class Group:
    """What one person did on one day; times in milliseconds since 1970 (UTC)."""

    day: date
    kind: str
    id: str
    name: str
    did: Did
    is_emergency: bool
    first_ms: int
    last_ms: int
    n: int


@dataclass(frozen=True, slots=True)
class Line:
    """A group in the reader's words; `name` and `place` are empty where they are not shown."""

    group: Group
    role: str
    name: str
    place: str


def may_see_log(guest: Guest) -> bool:
    """Tell whether the access policy lets whose page it is see who looked: their own record's patient."""
    return bool(_get_rights(guest).list_rules("search", "AuditEvent"))


def show_log(guest: Guest) -> Response:
    """Who looked at the record of the page's patient, newest first; the look is in the audit."""
    patient, before = guest.get_journey().patient, read_before(guest.visit.query.get("before"))
    groups, older, is_told = guest.door.desk.ask(lambda session: _read(session.query, guest, before))
    act = Act(
        "R", "search", guest.who, str(uuid4()), _PURPOSE, query=f"Patient/{patient}/$access-log",
        address=guest.visit.address,
    )  # fmt: skip
    wait(guest.door.desk.store.note(act, ()))
    people = {(one.kind, one.id) for one in groups}
    accounts = guest.door.desk.ask(lambda session: {one: _find_account(session, *one) for one in people})
    lines = [_put_in_words(guest, group, accounts[group.kind, group.id], is_told=is_told) for group in groups]
    days = [(day, list(found)) for day, found in groupby(lines, lambda line: line.group.day)]
    return pages.show(
        "journey", "log.html", guest.make_frame(), days=days, link=guest.get_journey(),
        older="" if older is None else str(older), is_first=before is None,
    )  # fmt: skip


def _get_rights(guest: Guest) -> Rights:
    one, door = guest.get_journey(), guest.door
    roles = frozenset({CARER if one.carer else _PATIENT})
    caller = Caller(guest.who, roles, patients=frozenset({one.patient}), purpose=_PURPOSE)
    return Rights(caller, "search", door.now_ms, door.disclosure)


def _read(ask: Ask, guest: Guest, before: Place | None) -> tuple[list[Group], Place | None, bool]:
    patient, watch = guest.get_journey().patient, find_watch(ask, _get_rights(guest))
    if watch is None or not watch.covers(patient):
        raise ForbiddenError(
            code="WEB-333", where="log", got="a page that is not the patient's own",
            expected="the page of the patient", fix="look at it on the patient's phone",
        )  # fmt: skip
    groups: list[Group] = []
    end, n_read = before, 0
    entries = islice(_list_entries(ask, watch, patient, before), N_ENTRIES)
    for day, of_day in groupby(entries, lambda one: guest.door.house.to_local(one.place.at_ms).date()):
        found = list(of_day)
        new = fold(day, found)
        if groups and len(groups) + len(new) > N_LINES:
            return groups, end, patient in watch.told
        groups, end, n_read = groups + new, found[-1].place, n_read + len(found)
    return groups, end if n_read == N_ENTRIES else None, patient in watch.told


def _list_entries(ask: Ask, watch: Watch, patient: str, before: Place | None) -> Iterator[Entry]:
    while found := watch.list_entries(ask, Wish(patient=patient), _N_READ, before):
        yield from found
        if len(found) < _N_READ:
            break
        before = found[-1].place


def fold(day: date, entries: Sequence[Entry]) -> list[Group]:
    """Return what each did on a day, the last first; what was done in an emergency stands by itself.

    Parameters
    ----------
    entries
        Of that day, newest first.
    """
    found: dict[tuple[str, str, Did, bool], list[Entry]] = {}
    for one in entries:
        kind, id_, _ = one.content["who"]
        is_emergency = one.content["purpose"] == EMERGENCY
        found.setdefault((kind, id_, _tell_what(one), is_emergency), []).append(one)
    return [
        Group(
            day, kind, id_, alike[0].content["who"][2], did, is_emergency,
            first_ms=alike[-1].place.at_ms, last_ms=alike[0].place.at_ms, n=_count(alike),
        )
        for (kind, id_, did, is_emergency), alike in found.items()
    ]  # fmt: skip


def _tell_what(one: Entry) -> Did:
    if one.content.get("outcome") == "4":
        return "refused"
    return "looked" if one.content["action"] == "R" or one.content["what"] == _GLASS else "wrote"


def _count(alike: Sequence[Entry]) -> int:
    """Breaking the glass is no look: the look comes after it."""
    by_glass = Counter(one.content["what"] == _GLASS for one in alike)
    return by_glass[False] or 1


def _find_account(session: Session, kind: str, id_: str) -> Account | None:
    if kind == "Practitioner":
        return find_practitioner(session, id_)
    return find_account(session, id_) if kind == "Person" else None


def _put_in_words(guest: Guest, group: Group, account: Account | None, *, is_told: bool) -> Line:
    is_named = is_told or group.kind in _PEOPLE
    return Line(
        group, _word_role(guest, group, account), group.name if is_named else "",
        _name_clinics(guest, account) if is_told and account else "",
    )  # fmt: skip


def _word_role(guest: Guest, group: Group, account: Account | None) -> str:
    """Return what somebody is: what they work as by now, since the audit does not keep what it was then."""
    is_self = (group.kind, group.id) == ("Patient", guest.get_journey().patient)
    roles = {"self"} if is_self else account.roles if account else {group.kind}
    return word_role(roles, guest.language)


def _name_clinics(guest: Guest, account: Account) -> str:
    records = (find_record(guest.door.desk, "Organization", id_) for id_ in sorted(account.clinics))
    return ", ".join(str(record["name"]) for record in records if record is not None and "name" in record)
