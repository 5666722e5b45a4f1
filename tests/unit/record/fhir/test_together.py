"""What is checked and found sound can be written and extracted, whatever it is."""

import copy
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from tests.unit.record.fhir.examples import list_some

from oncopolis.record.fhir import check_resource, extract, parse, to_text

LARGEST = 20_000
BARE = [
    None,
    True,
    0,
    -1,
    10**20,
    Decimal("1E-300"),
    Decimal("9.9E+308"),
    "",
    "x",
    " ",
    "#",
    "#x",
    "Patient/1",
]
DATES = ["2020", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:60-14:00"]
OBJECTS = [{}, {"id": "x"}, {"value": 1}, {"reference": "#"}, {"resourceType": "Patient"}]
ADDED = {"extension": [{"url": "x", "valueString": "y"}]}
VALUES = st.sampled_from([*BARE, *DATES, *OBJECTS, ADDED, [], [None], [{"id": "x"}]])


def list_places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every object with its members, every array with its indices."""
    keys: Any = (
        value.keys() if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    )
    for key in keys:
        yield value, key
        yield from list_places(value[key])


def change(resource: dict[str, Any], data: st.DataObject) -> None:
    """Put something else somewhere, take something away, or give it the name of its extensions."""
    places = [(owner, key) for owner, key in list_places(resource) if key != "resourceType"]
    if not places:
        return
    owner, key = data.draw(st.sampled_from(places))
    how = data.draw(st.sampled_from(["put", "drop", "rename"]))
    if how == "put":
        owner[key] = copy.deepcopy(data.draw(VALUES))
    elif how == "drop" or isinstance(owner, list):
        del owner[key]
    else:
        owner[f"_{key}"] = owner.pop(key)


@given(st.data())
def test_changed_examples_are_refused_or_go_all_the_way(data: st.DataObject) -> None:
    examples = [text for _, text in list_some(1) if len(text) < LARGEST]
    resource = parse(data.draw(st.sampled_from(examples)))
    for _ in range(data.draw(st.integers(1, 3))):
        change(resource, data)
    text = to_text(resource)
    assert to_text(parse(text)) == text
    if not check_resource(resource):
        assert extract(parse(text)) == extract(resource)
