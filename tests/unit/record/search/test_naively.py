"""Drawn questions over drawn records find what a search finds that reads every record, page by page."""

import random
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.record.search.conftest import ask, get_ids, put_all
from tests.unit.record.search.naive import search_naively

from oncopolis.record.search import finding
from oncopolis.record.store import Store

SYSTEMS, CODES = ("http://a", "http://b", None), ("X", "Y", "x")
DATES = (
    "2020",
    "2020-02",
    "2020-02-29",
    "2020-02-29T10:00:00Z",
    "2020-03-01",
    "2021-01",
    "2021-01-01T00:00:00Z",
)
NAMES = ("Kim", "Kimova", "kim", "Ünal", "Unal", "Ólafsson", "Li")
NUMBERS = ("1", "1.5", "2", "2.0", "10", "100", "-3")
N_PATIENTS, N_OBSERVATIONS = 12, 60
SEED = 7


def make_records(rng: random.Random) -> list[dict[str, Any]]:
    """Records in which everything may be missing, and values repeat."""
    records: list[dict[str, Any]] = [{"resourceType": "Practitioner", "id": "d1"}]
    for n in range(N_PATIENTS):
        one: dict[str, Any] = {"resourceType": "Patient", "id": f"p{n}"}
        if rng.random() < 0.8:
            one["name"] = [
                {"family": rng.choice(NAMES), "given": rng.sample(NAMES, rng.randrange(1, 3))}
                for _ in range(rng.randrange(1, 3))
            ]
        if rng.random() < 0.6:
            one["birthDate"] = rng.choice(("1970", "1970-05", "1970-05-06", "1980-01-01"))
        if rng.random() < 0.6:
            one["identifier"] = [_leave({"system": rng.choice(SYSTEMS), "value": str(rng.randrange(4))})]
        if rng.random() < 0.4:
            one["generalPractitioner"] = [{"reference": "Practitioner/d1"}]
        records.append(one)
    records += [make_observation(rng, n) for n in range(N_OBSERVATIONS)]
    rng.shuffle(records)
    return records


def _leave(value: dict[str, Any]) -> dict[str, Any]:
    return {name: one for name, one in value.items() if one is not None}


def make_observation(rng: random.Random, n: int) -> dict[str, Any]:
    codings = [
        _leave({"system": rng.choice(SYSTEMS), "code": rng.choice(CODES)}) for _ in range(rng.randrange(3))
    ]
    one: dict[str, Any] = {
        "resourceType": "Observation",
        "id": f"o{n}",
        "status": rng.choice(("final", "final", "amended")),
        "code": {"coding": codings} if codings else {"extension": [{"url": "u", "valueCode": "x"}]},
    }
    if rng.random() < 0.8:
        one["subject"] = {"reference": f"Patient/p{rng.randrange(N_PATIENTS + 2)}"}
    if rng.random() < 0.6:
        one["effectiveDateTime"] = rng.choice(DATES)
    elif rng.random() < 0.7:
        ends = sorted(rng.sample(("2019-12-31", "2020-02-29", "2020-03-15", "2021-06-01"), 2))
        one["effectivePeriod"] = _leave(
            {"start": rng.choice((ends[0], None)), "end": ends[1]}
            if rng.random() < 0.7
            else {"start": ends[0]}
        )
    if rng.random() < 0.6:
        unit = rng.choice(
            ({}, {"code": "mg", "system": "http://u"}, {"unit": "mg"}, {"code": "g", "unit": "gram"})
        )
        one["valueQuantity"] = {"value": Decimal(rng.choice(NUMBERS)), **unit}
    elif rng.random() < 0.5:
        one["valueString"] = rng.choice(NAMES)
    return one


TOKENS = (
    st.tuples(
        st.sampled_from(("", "http://a|", "http://b|", "|")), st.sampled_from((*CODES, "0", "final", ""))
    )
    .map("".join)
    .filter(lambda text: text.strip("|"))
)
STARTS = st.sampled_from(("k", "Kim", "kimo", "u", "ü", "OL", "li", "zz"))
PREFIXES = st.sampled_from(("", "eq", "ne", "gt", "lt", "ge", "le", "sa", "eb"))
MOMENTS = st.tuples(PREFIXES, st.sampled_from((*DATES, "2019", "1970-05"))).map("".join)
AMOUNTS = st.tuples(
    PREFIXES, st.sampled_from((*NUMBERS, "1.0")), st.sampled_from(("", "||mg", "|http://u|mg", "||gram"))
).map("".join)
BOOLEANS = st.sampled_from(("true", "false"))


def some(values: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.lists(values, min_size=1, max_size=2).map(",".join)


OF_PATIENT = st.one_of(
    st.tuples(st.sampled_from(("family", "given", "family:contains", "given:contains")), some(STARTS)),
    st.tuples(st.just("family:exact"), some(st.sampled_from(NAMES))),
    st.tuples(st.sampled_from(("identifier", "identifier:not")), some(TOKENS)),
    st.tuples(st.just("birthdate"), some(MOMENTS)),
    st.tuples(st.sampled_from(("birthdate:missing", "identifier:missing", "given:missing")), BOOLEANS),
)
OF_OBSERVATION = st.one_of(
    st.tuples(st.sampled_from(("code", "code:not", "status")), some(TOKENS)),
    st.tuples(st.just("date"), some(MOMENTS)),
    st.tuples(st.just("date"), MOMENTS),
    st.tuples(st.just("value-quantity"), some(AMOUNTS)),
    st.tuples(st.just("value-string"), some(STARTS)),
    st.tuples(
        st.sampled_from(("subject", "subject:Patient")),
        some(st.sampled_from(("p1", "p2", "p99", "Patient/p3"))),
    ),
    st.tuples(
        st.sampled_from(("subject:missing", "date:missing", "value-quantity:missing", "code:missing")),
        BOOLEANS,
    ),
)
QUESTIONS = {
    "Observation": st.lists(
        OF_OBSERVATION | OF_PATIENT.map(lambda pair: (f"subject:Patient.{pair[0]}", pair[1])), max_size=3
    ),
    "Patient": st.lists(
        OF_PATIENT | OF_OBSERVATION.map(lambda pair: (f"_has:Observation:subject:{pair[0]}", pair[1])),
        max_size=3,
    ),
}
SORTS = {
    "Observation": (
        "",
        "date",
        "-date",
        "code",
        "-value-quantity",
        "value-string,-date",
        "-_id",
        "-status,-date,code",
    ),
    "Patient": ("", "family", "-given", "birthdate", "identifier,-family", "_id"),
}


@pytest.fixture(scope="module")
def drawn(shared: Store) -> tuple[Store, list[dict[str, Any]]]:
    records = make_records(random.Random(SEED))
    put_all(shared, records)
    return shared, records


@pytest.mark.slow
@pytest.mark.parametrize(
    ("most", "gathered", "checked"),
    [(0, 20_000, 100), (0, 0, 100), (10, 40, 100), (5_000, 20_000, 100), (5_000, 0, 0)],
)
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_a_question_finds_what_reading_everything_finds(
    drawn: tuple[Store, list[dict[str, Any]]], most: int, gathered: int, checked: int, data: st.DataObject
) -> None:
    store, records = drawn
    type_ = data.draw(st.sampled_from(("Observation", "Patient")))
    pairs = data.draw(QUESTIONS[type_])
    sort = data.draw(st.sampled_from(SORTS[type_]))
    count = data.draw(st.sampled_from((1, 7, 50)))
    expected = search_naively(records, type_, pairs, sort)
    asked = [*pairs, ("_count", str(count)), ("_total", "accurate"), *([("_sort", sort)] if sort else [])]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(finding, "MOST_CANDIDATES", most)
        patch.setattr(finding, "MOST_GATHERED", gathered)
        patch.setattr(finding, "MOST_CHECKED", checked)
        page = ask(store, type_, *asked)
        found = get_ids(page)
        while page.next is not None:
            assert page.total == len(expected), asked
            page = ask(store, type_, *asked, ("_cursor", page.next))
            found += get_ids(page)
    assert found == expected, asked
