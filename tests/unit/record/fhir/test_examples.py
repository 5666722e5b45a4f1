"""All official examples: read, written, checked, extracted."""

from collections import Counter
from itertools import islice

import pytest
from tests.unit.record.fhir.examples import COUNT, iterate_examples

from oncopolis.record.fhir import check_resource, extract, parse, to_text
from oncopolis.record.store.tables import INDEXES

PARTS = 4
NO_BASE = "SearchParameter.base is required and missing"
UNSOUND = {
    "ImplementationGuide-fhir.json": "name and status are required and missing",
    "ig-r4.json": "name and status are required and missing",
    "Questionnaire-qs1.json": "linkId of items is required and missing",
    "SearchParameter-questionnaireresponse-extensions-QuestionnaireResponse-item-subject.json": (
        "an id of more than 64 characters"
    ),
    **{
        f"SearchParameter-{kind}-extensions-{name}-{code}.json": NO_BASE
        for kind, name in (("codesystem", "CodeSystem"), ("valueset", "ValueSet"))
        for code in ("author", "effective", "end", "keyword", "workflow")
    },
}
"""Examples that break the base specification, and how."""


@pytest.mark.slow
@pytest.mark.parametrize("part", range(PARTS))
def test_every_official_example_is_read_written_checked_and_extracted(part: int) -> None:
    names, unsound, kinds = [], set(), Counter[str]()
    for name, data in islice(iterate_examples(), part, None, PARTS):
        resource = parse(data)
        text = to_text(resource)
        again = parse(text)
        assert again == resource, name
        assert repr(again) == repr(resource), f"{name}: digits or order"
        assert to_text(again) == text, name
        if check_resource(resource):
            unsound.add(name)
        kinds.update(kind for kind, _ in extract(resource))
        names.append(name)
    assert len(names) == len(range(part, COUNT, PARTS))
    assert unsound == set(UNSOUND) & set(names)
    assert set(kinds) | {"tie"} == set(INDEXES)  # Ties follow from rows, not from the resource alone.
