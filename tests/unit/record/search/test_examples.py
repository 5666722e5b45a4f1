"""The official examples, and those of mCODE: each is found by every search parameter that it carries."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

import pytest
from tests.records import ACT
from tests.unit.record.fhir.examples import COUNT, iterate_examples
from tests.unit.record.fhir.validating import mcode
from tests.unit.record.search.conftest import ask, get_ids

from oncopolis.record.fhir import extract, parse
from oncopolis.record.fhir.definitions import get_definitions
from oncopolis.record.fhir.extracting import LIKENESS, REPLACED_BY
from oncopolis.record.search.parameters import Parameter, find_parameter
from oncopolis.record.store import Store
from oncopolis.record.store.indexing import fit

EACH = 40
EACH_OF_MCODE = 5
"""Of so many examples one is in the ordinary run."""
LONGEST_ID = 64
PER_COMMAND = 200


def escape(text: str) -> str:
    for sign in "\\,|$":
        text = text.replace(sign, f"\\{sign}")
    return text


def list_questions(resource: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """A question for every row of a record: parameter and value as somebody would ask for it."""
    type_ = resource["resourceType"]
    by_number = {one.number: one.code for one in get_definitions().list_search_parameters(type_)}
    for kind, (number, *values) in extract(resource):
        if number in (LIKENESS, REPLACED_BY):
            continue
        parameter = find_parameter((type_,), by_number[number])
        assert parameter is not None
        question = _ask_for(parameter, kind, values)
        if question is not None:
            yield question


def _ask_for(parameter: Parameter, kind: str, values: list[Any]) -> tuple[str, str] | None:
    code = parameter.code
    if kind == "token":
        system = "" if values[0] is None else escape(values[0])
        return code if parameter.kind == "token" else f"{code}:identifier", f"{system}|{escape(values[1])}"
    if kind == "string":
        names = {"string": code, "token": f"{code}:text"}
        return (names[parameter.kind], escape(values[1])) if parameter.kind in names else None
    if kind == "reference":
        type_, id_, url = values
        return code, escape(url or (f"{type_}/{id_}" if type_ else id_))
    if kind == "uri":
        return code, escape(values[0])
    if kind == "date":
        return code, "ge0001"
    if kind in ("number", "quantity"):
        return code, "ge-1e300" if values[-1] == float("inf") else f"le{values[-1]:.17g}"
    if parameter.kind == "composite" and parameter.components[1].kind == "quantity":
        return code, f"{values[0] or ''}|{escape(values[1])}$lt1e300"
    return None


def list_official(step: int) -> Iterator[dict[str, Any]]:
    return (parse(data) for _, data in islice(iterate_examples(), 0, None, step))


def list_of_mcode(step: int) -> Iterator[dict[str, Any]]:
    return (resource for _, resource in islice(mcode.iterate_examples(), 0, None, step))


def check_all(store: Store, examples: Iterable[dict[str, Any]]) -> int:
    resources = [one for one in examples if 0 < len(one.get("id", "")) <= LONGEST_ID]
    for start in range(0, len(resources), PER_COMMAND):
        part = resources[start : start + PER_COMMAND]
        store.submit(lambda tx, part=part: [tx.put(one) for one in part] and None, ACT).result()  # type: ignore[misc]
    n = 0
    latest = {(one["resourceType"], one["id"]): one for one in resources}
    for (type_, id_), resource in latest.items():
        for question in dict.fromkeys(list_questions(resource)):
            if any(len(part) != len(fit(part)) for part in question):
                continue
            found = ask(store, type_, question, ("_id", id_), ("_total", "none"))
            assert get_ids(found) == [id_], (type_, id_, question)
            n += 1
    return n


def test_examples_are_found_by_what_they_carry(store: Store) -> None:
    assert check_all(store, list_official(EACH)) > 10 * COUNT // EACH


def test_examples_of_mcode_are_found_by_what_they_carry(store: Store) -> None:
    assert check_all(store, list_of_mcode(EACH_OF_MCODE)) > 10 * mcode.COUNT // EACH_OF_MCODE


@pytest.mark.soak
def test_all_examples_of_mcode_are_found_by_what_they_carry(store: Store) -> None:
    assert check_all(store, list_of_mcode(1)) > 10 * mcode.COUNT


@pytest.mark.soak
def test_all_examples_are_found_by_what_they_carry(store: Store) -> None:
    assert check_all(store, list_official(1)) > 10 * COUNT
