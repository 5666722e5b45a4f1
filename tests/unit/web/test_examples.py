"""The official examples over REST: put, and returned equal in value, down to the digits of decimals."""

from itertools import islice
from typing import Any

import pytest
from tests.unit.record.fhir.examples import COUNT, iterate_examples
from tests.unit.web.calling import Client, check_refused

from oncopolis.record.fhir.text import parse
from oncopolis.record.store.verifying import verify

EACH = 40
"""Of so many examples one is in the ordinary run."""
TOO_LONG = "SearchParameter-questionnaireresponse-extensions-QuestionnaireResponse-item-subject.json"
"""Has an id of 67 characters, which FHIR does not allow; the only one that is refused."""


def leave_out_stamps(resource: dict[str, Any]) -> str:
    """Return a resource without what a server sets; `repr` tells 72.5 from 72.50."""
    meta = {k: v for k, v in resource.get("meta", {}).items() if k not in ("versionId", "lastUpdated")}
    rest = {k: v for k, v in resource.items() if k != "meta"}
    return repr(sorted((rest | ({"meta": meta} if meta else {})).items()))


def put_and_get(client: Client, first: int, step: int) -> int:
    n = 0
    for name, data in islice(iterate_examples(), first, None, step):
        resource = parse(data)
        path = f"/{resource['resourceType']}/{resource['id']}"
        put = client.call("PUT", path, data)
        if name == TOO_LONG:
            check_refused(put, 400, says="1 to 64 letters")
            continue
        assert put.status_code in (200, 201), f"{name}: {put.text[:300]}"
        got = client.call("GET", path)
        assert leave_out_stamps(parse(got.content)) == leave_out_stamps(resource), name
        n += 1
    return n


def test_official_examples_come_back_as_they_were(client: Client) -> None:
    assert put_and_get(client, 0, EACH) >= COUNT // EACH


@pytest.mark.soak
def test_all_official_examples_come_back_as_they_were(client: Client) -> None:
    assert put_and_get(client, 0, 1) == COUNT - 1
    assert verify(client.store) == []
