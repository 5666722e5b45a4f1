"""The operational API against its own OpenAPI document, by schemathesis."""

from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import Case, GenerationMode
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.schemas import OpenApiSchema

from oncopolis.record.store import open_store
from oncopolis.web.api import make_api
from oncopolis.web.api.application import DOCUMENT
from oncopolis.web.api.ordering import Desk


@pytest.fixture(scope="module")
def document(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenApiSchema]:
    folder = tmp_path_factory.mktemp("api")
    with open_store(f"sqlite:///{folder}/record.sqlite") as store:
        api = make_api(Desk(store, Path(folder) / "project", Path(folder) / "results"))
        yield schemathesis.openapi.from_asgi(DOCUMENT, api)


def test_every_answer_is_one_that_the_document_declares(document: OpenApiSchema) -> None:
    operations = [found.ok() for found in document.get_all_operations() if isinstance(found, Ok)]
    assert len(operations) >= 5
    for operation, mode in product(operations, GenerationMode):

        @given(case=operation.as_strategy(generation_mode=mode))
        @settings(max_examples=30, suppress_health_check=list(HealthCheck))
        def check(case: Case[Any]) -> None:
            case.call_and_validate()

        check()
