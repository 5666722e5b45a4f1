"""Everything that may be told of the biobank, record by record, what others refer to first."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from oncopolis.biobank.consents.scopes import to_bits, to_scopes
from oncopolis.biobank.requests.catalogue import FEWEST_DONORS
from oncopolis.interop.miabis.codes import find_collection_type, find_temperature, get_codes
from oncopolis.interop.miabis.describing import Content, to_biobank, to_collection
from oncopolis.interop.miabis.description import Biobank
from oncopolis.interop.miabis.telling import make_id, to_diagnosis, to_donor, to_event, to_sample
from oncopolis.record.biobank.books import Books
from oncopolis.record.biobank.custody import list_of_specimen
from oncopolis.record.biobank.specimens import Donor, Specimen

_PAGE = 1_000  # structure: specimens whose donors and consents are looked up together
_RESEARCH = to_bits(("research",))
_MS = 1000  # structure: milliseconds of a second


@dataclass(frozen=True, slots=True)
class Sample:
    """A specimen that may be told, with what is told beside it."""

    one: Specimen
    donor: Donor
    scopes: int
    parent: str | None
    celsius: float | None


def list_samples(books: Books, after: int = 0) -> Iterator[Sample]:
    """Yield what may be told: research material in the house whose donors agree to research now.

    Parameters
    ----------
    after
        Number of the specimen after which to begin.
    """
    kept = _list_temperatures(books)
    page: list[Specimen] = []
    for one in books.walk_specimens(after):
        if one.inventory == "research" and one.state in ("stored", "out"):
            page.append(one)
        if len(page) == _PAGE:
            yield from _look_up(books, page, kept)
            page = []
    yield from _look_up(books, page, kept)


def _look_up(books: Books, page: list[Specimen], kept: dict[int, float | None]) -> Iterator[Sample]:
    scopes = books.find_scopes({one.donor for one in page})
    agreed = [one for one in page if scopes.get(one.donor, 0) & _RESEARCH]
    donors = {one.id: one for one in books.get_donors({one.donor for one in agreed})}
    parents = books.get_specimens({one.parent for one in agreed if one.parent is not None})
    told = {one.id for one in agreed} | {
        one.id for one in parents.values() if one.inventory == "research" and one.state in ("stored", "out")
    }
    for one in agreed:
        parent = parents[one.parent].barcode if one.parent is not None and one.parent in told else None
        celsius = None if one.box is None else kept.get(one.box)
        yield Sample(one, donors[one.donor], scopes[one.donor], parent, celsius)


def _list_temperatures(books: Books) -> dict[int, float | None]:
    """What each container is kept at: its own temperature, or that of what it is in."""
    containers = {one.id: one for one in books.list_all_containers()}
    found: dict[int, float | None] = {}

    def find(id_: int) -> float | None:
        if id_ not in found:
            one = containers[id_]
            own = one.temperature_c
            found[id_] = own if own is not None or one.parent is None else find(one.parent)
        return found[id_]

    for id_ in containers:
        find(id_)
    return found


def list_records(
    books: Books,
    bank: Biobank,
    *,
    with_samples: bool,
    with_events: bool,
    add: Callable[[dict[str, Any]], None],
) -> int:
    """Give every record to ``add``: the biobank, donors, samples with their diagnoses, collections; how many.

    Parameters
    ----------
    with_samples, with_events
        Whether single samples and donors are told, and what happened to them; else counts only.
    """
    n = 0

    def give(records: Iterable[dict[str, Any]]) -> None:
        nonlocal n
        for record in records:
            add(record)
            n += 1

    give(to_biobank(bank))
    contents = {one.id: Content() for one in bank.collections}
    by_purpose = {purpose: one.id for one in bank.collections for purpose in one.gathers}
    seen: set[int] = set()
    for sample in list_samples(books):
        collection = by_purpose.get(sample.one.collection)
        if collection is None:
            continue
        _count(contents[collection], sample, with_samples=with_samples)
        if with_samples:
            if sample.donor.id not in seen:
                give([to_donor(sample.donor)])
            give(list_of_sample(books, sample, collection, with_events=with_events))
        seen.add(sample.donor.id)
    for one in bank.collections:
        content = contents[one.id]
        n_donors = len(content.donors) if len(content.donors) >= FEWEST_DONORS else None
        give(to_collection(bank, one, content, n_donors))
    return n


def list_of_sample(
    books: Books, sample: Sample, collection: str | None, *, with_events: bool
) -> Iterator[dict[str, Any]]:
    """Yield the records of a sample."""
    yield to_sample(sample.one, sample.donor, sample.parent, collection, sample.celsius)
    yield from to_diagnosis(sample.one, sample.donor)
    if with_events:
        for event in list_of_specimen(books.session, sample.one.id):
            yield to_event(event, sample.one, sample.donor)


def _count(content: Content, sample: Sample, *, with_samples: bool) -> None:
    one, donor = sample.one, sample.donor
    content.donors.add(donor.id)
    content.sexes.add(donor.sex)
    content.types.add(find_collection_type(one.kind))
    temperature = find_temperature(sample.celsius)
    content.temperatures |= {temperature} if temperature else set()
    content.diagnoses |= {one.diagnosis} if one.diagnosis else set()
    conditions = get_codes()["conditions"]
    content.conditions |= {conditions[scope] for scope in to_scopes(sample.scopes) if scope in conditions}
    if donor.birth_year is not None:
        content.add_age(datetime.fromtimestamp(one.collected_ms / _MS, UTC).year - donor.birth_year)
    if with_samples:
        content.samples.append(make_id("sample", one.barcode))
