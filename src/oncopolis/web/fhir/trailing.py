"""AuditEvents: the house's own entries as such, beside those that programs have stored.

A search that asks for nothing but `PARAMETERS` finds the house's entries first, newest first, then leads to
the stored ones; any other search finds stored ones only.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final
from urllib.parse import urlencode

from oncopolis.record.access.events import to_audit_event
from oncopolis.record.access.trail import Entry, Wish, find_entry, is_of_house
from oncopolis.record.access.watching import find_watch
from oncopolis.record.store import Store
from oncopolis.record.store.reading import Reading
from oncopolis.web.fhir import looking, searching
from oncopolis.web.fhir.bundles import Out, make_bundle
from oncopolis.web.fhir.commands import not_there
from oncopolis.web.fhir.exchange import Answer, Asked, answer_bundle, answer_resource, to_text
from oncopolis.web.fhir.queries import Pairs, check_parameters, read_count, read_pairs
from oncopolis.web.fhir.wishing import BEFORE, PARAMETERS, read_before, read_wish

_STORED: Final = "_stored"
OF_LOG: Final = frozenset({"agent", "date", "action", "_count", BEFORE})


@dataclass(frozen=True, slots=True)
class _Page:
    entries: Sequence[Entry]
    events: Sequence[dict[str, Any]]
    has_more: bool


async def search_events(store: Store, asked: Asked) -> Answer:
    """GET of AuditEvents."""
    pairs = read_pairs(asked.query)
    names = {name for name, _ in pairs}
    if _STORED in names:
        rest = urlencode([pair for pair in pairs if pair[0] != _STORED])
        return await searching.search_type(store, asked._replace(query=rest))
    if not names <= PARAMETERS:
        return await searching.search_type(store, asked)
    return await _answer_page(store, asked, pairs, read_wish(pairs))


async def show_log(store: Store, asked: Asked) -> Answer:
    """GET of who has looked at a patient's record, and who has written it."""
    pairs = read_pairs(asked.query)
    check_parameters(dict(pairs), OF_LOG)
    patient = asked.segments[1]
    watch = store.ask(lambda reading: find_watch(reading.session.query, asked.allowed))
    if watch is None or not watch.covers(patient):
        raise not_there("Patient", patient)
    return await _answer_page(store, asked, pairs, replace(read_wish(pairs), patient=patient))


async def read_event(store: Store, asked: Asked) -> Answer:
    """GET of one AuditEvent."""
    id_ = asked.segments[1]
    if not is_of_house(id_):
        return await looking.read(store, asked)
    page = await asyncio.to_thread(store.ask, lambda reading: _list(reading, asked, Wish(), 1, id_))
    if not page.events:
        raise not_there("AuditEvent", id_)
    await _note(store, asked, "read")
    return answer_resource(page.events[0])


async def _answer_page(store: Store, asked: Asked, pairs: Pairs, wish: Wish) -> Answer:
    given = dict(pairs)
    count = read_count(given)
    page = await asyncio.to_thread(
        store.ask, lambda reading: _list(reading, asked, wish, count, given.get("_id"), given.get(BEFORE))
    )
    rest = [pair for pair in pairs if pair[0] != BEFORE]
    is_search = len(asked.segments) == 1
    if is_search and not page.events:
        return await searching.search_type(store, asked._replace(query=urlencode(rest)))
    links = [("self", _link(asked, pairs))]
    if page.has_more and page.entries:
        links.append(("next", _link(asked, [*rest, (BEFORE, str(page.entries[-1].place))])))
    elif is_search and store.count("AuditEvent", asked.allowed):
        links.append(("next", _link(asked, [*rest, (_STORED, "true")])))
    await _note(store, asked, "search")
    base = f"{asked.base}/AuditEvent"
    out = (
        Out(to_text(one), {"fullUrl": f"{base}/{one['id']}", "search": {"mode": "match"}})
        for one in page.events
    )
    return answer_bundle(make_bundle("searchset", out, links=links))


def _list(
    reading: Reading, asked: Asked, wish: Wish, count: int, id_: str | None = None, before: str | None = None
) -> _Page:
    ask = reading.session.query
    watch = find_watch(ask, asked.allowed)
    if watch is None:
        return _Page((), (), has_more=False)
    if id_ is not None:
        one = find_entry(ask, id_, watch.patients)
        found = [one] if one is not None else []
    else:
        found = watch.list_entries(ask, wish, count + 1, read_before(before))
    page, shows = found[:count], watch.make_shows(ask)
    return _Page(page, [to_audit_event(one, asked.base, shows) for one in page], len(found) > count)


async def _note(store: Store, asked: Asked, what: str) -> None:
    await store.note_here(asked.act("R", what), ())


def _link(asked: Asked, pairs: Pairs) -> str:
    path = "/".join((asked.base, *asked.segments))
    return f"{path}?{urlencode(pairs)}" if pairs else path
