"""Practitioners: what they are called, and who may be named as the one who decided."""

from collections import Counter
from collections.abc import Iterable
from typing import Final

from oncopolis.operations.courses.posts import Post
from oncopolis.operations.floor import Floor
from oncopolis.operations.people import Person, write_name
from oncopolis.record.fhir.bodies import find_resource
from oncopolis.web.live.naming import sort_by_name
from oncopolis.web.live.station import Station
from oncopolis.web.login.visits import Visit

_MOST: Final = 5_000  # structure: practitioners that are offered, more than a centre has


def name_practitioners(station: Station, ids: Iterable[str], language: str) -> list[tuple[str, str]]:
    """Return practitioners with what they are called, by name; the id of one whose record has no name."""
    return sort_by_name((id_, _find_name(station, id_, language)) for id_ in dict.fromkeys(ids))


def _find_name(station: Station, id_: str, language: str) -> str:
    found = find_resource(station.live.store.read("Practitioner", id_))
    return id_ if found is None else write_name(Person.from_record(found), language)


def list_practitioners(station: Station, own: str, language: str) -> list[tuple[str, str]]:
    """Return all practitioners by name, with one who has no record yet; some people have the same name."""
    versions = station.live.store.list_current("Practitioner", limit=_MOST)
    named = {
        version.id: write_name(Person.from_record(record), language) or version.id
        for version in versions
        if (record := find_resource(version)) is not None
    }
    if own:
        named.setdefault(own, own)
    n_of = Counter(named.values())
    return sort_by_name((id_, name if n_of[name] == 1 else f"{name} ({id_})") for id_, name in named.items())


def list_deciders(station: Station, visit: Visit) -> list[tuple[str, str]]:
    """Return whom somebody who treats nobody may name as the one who decided; nobody for those who treat."""
    if visit.account.practitioner:
        return []

    def look(floor: Floor) -> list[str]:
        return [post.practitioner for post in floor.list(Post)]

    return name_practitioners(station, station.live.ask(look), visit.language)
