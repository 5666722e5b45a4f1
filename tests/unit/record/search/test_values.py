"""What values mean: the examples of the R4 search page, and the rules of tokens, texts and references."""

from decimal import Decimal
from typing import Any

import pytest
from tests.unit.record.search.conftest import find, put_all, tag

from oncopolis.record.store import Store


def observe(id_: str, **members: Any) -> dict[str, Any]:
    return {"resourceType": "Observation", "id": id_, "status": "final", "code": {"text": "x"}, **members}


@pytest.fixture(scope="module")
def dated(shared: Store) -> Store:
    moments = {
        "y2012": "2012", "m2013-01": "2013-01", "d0114": "2013-01-14", "t0114a": "2013-01-14T00:00:00Z",
        "t0114b": "2013-01-14T10:00:00Z", "t0113": "2013-01-13T23:59:59Z",
        "zone": "2013-01-14T01:00:00+02:00",
        "d0115": "2013-01-15", "t0115": "2013-01-15T00:00:00Z", "d0314": "2013-03-14", "d0321": "2013-03-21",
    }  # fmt: skip
    periods = {
        "p21": {"start": "2013-01-21"},
        "p-15": {"end": "2013-01-15"},
        "long": {"start": "2013-01-01", "end": "2013-12-31"},
    }
    made = [observe(id_, effectiveDateTime=text) for id_, text in moments.items()]
    made += [observe(id_, effectivePeriod=period) for id_, period in periods.items()]
    put_all(shared, tag("dates", made))
    return shared


@pytest.mark.parametrize(
    ("value", "ids"),
    [
        # R4 3.1.1.4.6: eq2013-01-14 is that day, whatever the time, not the 15th at 00:00
        ("eq2013-01-14", "d0114 t0114a t0114b"),
        ("2013-01-14", "d0114 t0114a t0114b"),
        # ne: everything whose range is not within that day
        ("ne2013-01-14", "y2012 m2013-01 t0113 zone d0115 t0115 d0314 d0321 p21 p-15 long"),
        # lt2013-01-14T10:00 includes 2013-01-14, as it has a part before 10:00
        ("lt2013-01-14T10:00", "y2012 m2013-01 d0114 t0114a t0113 zone p-15 long"),
        ("gt2013-01-14T10:00", "m2013-01 d0114 d0115 t0115 d0314 d0321 p21 p-15 long"),
        ("ge2013-03-14", "d0314 d0321 p21 long"),
        ("le2013-03-14", "y2012 m2013-01 d0114 t0114a t0114b t0113 zone d0115 t0115 d0314 p21 p-15 long"),
        # sa2013-03-14: not what includes the day itself, nor what began before it
        ("sa2013-03-14", "d0321"),
        ("sa2013-01-15", "d0314 d0321 p21"),
        ("eb2013-03-14", "y2012 m2013-01 d0114 t0114a t0114b t0113 zone d0115 t0115 p-15"),
        ("2013", "m2013-01 d0114 t0114a t0114b t0113 zone d0115 t0115 d0314 d0321 long"),
        ("2013-01-14T10:00:00Z", "t0114b"),
        ("2013-01-14T12:00:00+02:00", "t0114b"),
        ("2013-01-14T12:00:00 02:00", "t0114b"),
        ("2013-01-14T10:00", "t0114b"),
        ("2013-01-13T23:00:00Z", "zone"),
        (
            "ap2013-01-14",
            "m2013-01 d0114 t0114a t0114b t0113 zone d0115 t0115 d0314 d0321 p21 p-15 long y2012",
        ),
    ],
)
def test_dates(dated: Store, value: str, ids: str) -> None:
    assert set(find(dated, "dates", "Observation", ("date", value))) == set(ids.split())


def test_both_ends_of_a_date_are_of_one_value(dated: Store) -> None:
    found = find(dated, "dates", "Observation", ("date", "ge2013-01-14"), ("date", "lt2013-01-15"))
    assert set(found) == {"m2013-01", "d0114", "t0114a", "t0114b", "p-15", "long"}


@pytest.fixture(scope="module")
def measured(shared: Store) -> Store:
    values = (
        "99.4",
        "99.5",
        "99.6",
        "100",
        "100.00",
        "100.4",
        "100.5",
        "94.9",
        "95",
        "104.9",
        "105",
        "-5",
        "5.4",
        "5.35",
        "5.45",
        "5.40",
    )
    unit = {"system": "http://u", "code": "mg", "unit": "milligram"}
    made = [observe(f"v{value}", valueQuantity={"value": Decimal(value), **unit}) for value in values]
    made += [
        observe("below5", valueQuantity={"value": 5, "comparator": "<", "unit": "mg"}),
        observe("above200", valueQuantity={"value": 200, "comparator": ">", "unit": "mg"}),
        observe("other", valueQuantity={"value": 100, "system": "http://u", "code": "g"}),
    ]
    put_all(shared, tag("numbers", made))
    return shared


HUNDRED = {"v99.5", "v99.6", "v100", "v100.00", "v100.4", "other"}
NEAR = {"v99.4", "v100.5", "v95", "v104.9"}
FIVES = {"v5.4", "v5.35", "v5.45", "v5.40"}


@pytest.mark.parametrize(
    ("value", "ids"),
    [
        # R4 3.1.1.4.7: 100 is [99.5, 100.5), 100.00 is [99.995, 100.005), 1e2 is [95, 105)
        ("100", HUNDRED),
        ("100.00", {"v100", "v100.00", "other"}),
        ("1e2", HUNDRED | NEAR),
        ("lt100", FIVES | {"v99.4", "v99.5", "v99.6", "v94.9", "v95", "v-5", "below5"}),
        ("le95", FIVES | {"v94.9", "v95", "v-5", "below5"}),
        ("gt104.9", {"v105", "above200"}),
        ("ge104.9", {"v104.9", "v105", "above200"}),
        ("sa104.9", {"v105", "above200"}),
        ("eb-4", {"v-5"}),
        ("ap100", HUNDRED | NEAR | {"v94.9", "v105"}),
        ("ne100", FIVES | NEAR | {"v94.9", "v105", "v-5", "below5", "above200"}),
        ("5.4", {"v5.4", "v5.35", "v5.40"}),
        ("5.40", {"v5.4", "v5.40"}),
        ("100|http://u|mg", HUNDRED - {"other"}),
        ("100||mg", HUNDRED - {"other"}),
        ("100||milligram", HUNDRED - {"other"}),
        ("100|http://u|", HUNDRED),
        ("100|http://v|mg", set()),
        ("lt5||mg", {"v-5", "below5"}),
        ("100,5.4", HUNDRED | {"v5.4", "v5.35", "v5.40"}),
    ],
)  # fmt: skip
def test_numbers_and_units(measured: Store, value: str, ids: set[str]) -> None:
    assert set(find(measured, "numbers", "Observation", ("value-quantity", value))) == ids


CODES = {
    "a": {
        "coding": [{"system": "http://s", "code": "X", "display": "Blood count"}],
        "text": "Complete count",
    },
    "b": {"coding": [{"code": "X"}]},
    "c": {"coding": [{"system": "http://s", "code": "x"}]},
    "d": {"coding": [{"system": "http://t", "code": "X"}, {"system": "http://s", "code": "Y|Z,$\\"}]},
    "e": {"text": "Nothing coded"},
}


@pytest.fixture(scope="module")
def named(shared: Store) -> Store:
    urls = {"a": "http://a.org/x", "b": "http://a.org/x/y", "c": "http://a.org/xy", "d": "http://a.orgs"}
    sets = [
        {"resourceType": "ValueSet", "id": id_, "status": "draft", "url": url} for id_, url in urls.items()
    ]
    put_all(shared, tag("tokens", [observe(id_, code=code) for id_, code in CODES.items()]))
    people = [{"resourceType": "Patient", "id": id_, "name": [one]} for id_, one in PEOPLE.items()]
    put_all(shared, tag("texts", people))
    put_all(shared, tag("references", [observe(id_, subject=one) for id_, one in REFERENCES.items()]))
    put_all(shared, tag("addresses", sets))
    return shared


@pytest.mark.parametrize(
    ("name", "value", "ids"),
    [
        ("code", "X", "a b d"),
        ("code", "http://s|X", "a"),
        ("code", "|X", "b"),
        ("code", "http://s|", "acd"),
        ("code", "X,x", "abcd"),
        ("code", r"Y\|Z\,\$\\", "d"),
        ("code", r"http://s|Y\|Z\,\$\\", "d"),
        ("code:not", "http://s|X", "bcde"),
        ("code:not", "X,x", "e"),
        ("code:text", "blood", "a"),
        ("code:text", "COUNT", "a"),
        ("code:text", "ount", ""),
        ("code:text", "nothing,complete", "ae"),
        ("code:missing", "true", ""),
        ("method:missing", "true", "abcde"),
        ("method:missing", "false", ""),
        ("_id", "a,b", "ab"),
        ("_id:not", "a,b", "cde"),
        ("code", "' OR 1=1 --", ""),
        ("code", "%", ""),
    ],
)
def test_tokens(named: Store, name: str, value: str, ids: str) -> None:
    if name.startswith("_id"):
        value = ",".join(f"tokens.{one}" for one in value.split(","))
    assert find(named, "tokens", "Observation", (name, value)) == list(ids.replace(" ", ""))


PEOPLE = {
    "a": {"family": "O'Brien", "given": ["Zoë", "Mary Ann"]},
    "b": {"family": "Obrador", "given": ["zoe"]},
    "c": {"family": "Van der Berg", "text": "50% of_all"},
    "d": {"family": "x" * 400},
}


@pytest.mark.parametrize(
    ("name", "value", "ids"),
    [
        ("family", "o", "ab"),
        ("family", "O’BRIEN", "a"),
        ("given", "zoe", "ab"),
        ("given:exact", "zoe", "b"),
        ("given:exact", "Zoë", "a"),
        ("given:contains", "ary a", "a"),
        ("family:contains", "BR", "ab"),
        ("name:text", "ann", "a"),
        ("name:text", "berg", "c"),
        ("name:contains", "%", "c"),
        ("name:contains", "f_a", "c"),
        ("name:contains", "f%a", ""),
        ("family", "x" * 400, "d"),
        ("family", "x" * 100, "d"),
        ("family:exact", "x" * 400, "d"),
        ("family", "x" * 401, ""),
        ("name", "zoe,van", "abc"),
        ("family:missing", "false", "abcd"),
    ],
)
def test_texts(named: Store, name: str, value: str, ids: str) -> None:
    assert "".join(find(named, "texts", "Patient", (name, value))) == ids


REFERENCES = {
    "a": {"reference": "Patient/p1"},
    "b": {"reference": "Group/p1"},
    "c": {"reference": "https://other.example/fhir/Patient/p1"},
    "d": {"identifier": {"system": "urn:mrn", "value": "7"}},
    "e": {"reference": "Patient/p2/_history/3"},
}


@pytest.mark.parametrize(
    ("name", "value", "ids"),
    [
        ("subject", "Patient/p1", "a"),
        ("subject", "p1", "ab"),
        ("subject:Patient", "p1", "a"),
        ("subject:Group", "Group/p1", "b"),
        ("subject", "https://other.example/fhir/Patient/p1", "c"),
        ("subject", "https://our.example/fhir/Patient/p1", "a"),
        ("subject:identifier", "urn:mrn|7", "d"),
        ("subject", "Patient/p2", "e"),
        ("subject", "Patient/p1,Group/p1", "ab"),
        ("patient", "p1", "a"),
        ("subject:missing", "true", ""),
        ("encounter:missing", "true", "abcde"),
    ],
)
def test_references(named: Store, name: str, value: str, ids: str) -> None:
    base = "https://our.example/fhir"
    assert "".join(find(named, "references", "Observation", (name, value), base=base)) == ids


@pytest.mark.parametrize(
    ("name", "value", "ids"),
    [
        ("url", "http://a.org/x", "a"),
        ("url", "http://a.org", ""),
        ("url:below", "http://a.org", "abc"),
        ("url:below", "http://a.org/x/", "b"),
        ("url:above", "http://a.org/x/y/z", "ab"),
    ],
)
def test_addresses(named: Store, name: str, value: str, ids: str) -> None:
    assert "".join(find(named, "addresses", "ValueSet", (name, value))) == ids


def test_identifiers_of_a_type(shared: Store) -> None:
    kind = {"coding": [{"system": "http://t", "code": "MR"}], "text": "Record number"}
    for id_, identifier in (
        ("a", {"type": kind, "value": "1"}),
        ("b", {"value": "1"}),
        ("c", {"type": kind, "value": "2"}),
    ):
        put_all(shared, tag("types", [{"resourceType": "Patient", "id": id_, "identifier": [identifier]}]))
    assert find(shared, "types", "Patient", ("identifier:of-type", "http://t|MR|1")) == ["a"]
    assert find(shared, "types", "Patient", ("identifier:text", "record")) == ["a", "c"]


def test_composites_are_of_one_element(shared: Store) -> None:
    def part(code: str, value: float) -> dict[str, Any]:
        return {"code": {"coding": [{"code": code}]}, "valueQuantity": {"value": value}}

    made = [
        observe("a", component=[part("sys", 120), part("dia", 80)]),
        observe("b", component=[part("sys", 80), part("dia", 120)]),
        observe("c", **part("sys", 130)),
        observe("d", code={"coding": [{"code": "s"}]}, valueString="Über"),
    ]
    put_all(shared, tag("composites", made))
    for name, value, ids in (
        ("component-code-value-quantity", "sys$gt100", "a"),
        ("component-code-value-quantity", "sys$120", "a"),
        ("component-code-value-quantity", "dia$gt100", "b"),
        ("component-code-value-quantity", "sys$gt200", ""),
        ("component-code-value-quantity", "sys$lt100,dia$80", "ab"),
        ("combo-code-value-quantity", "sys$gt100", "ac"),
        ("code-value-quantity", "sys$gt100", "c"),
        ("code-value-string", "s$uber", "d"),
    ):
        assert "".join(find(shared, "composites", "Observation", (name, value))) == ids
