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
from schemathesis.specs.openapi.checks import positive_data_acceptance
from schemathesis.specs.openapi.schemas import OpenApiSchema
from starlette.types import Scope
from tests.live import get_house

from oncopolis.operations import ACTS, Live
from oncopolis.record import Who
from oncopolis.record.access import Caller
from oncopolis.record.store import open_store
from oncopolis.web.api import make_api
from oncopolis.web.api.acting import ActEndpoint
from oncopolis.web.api.application import DOCUMENT
from oncopolis.web.api.ordering import Desk
from oncopolis.web.mode import Mode

PROGRAM = Caller(Who("Device", "fuzz"), frozenset({"program"}), scopes=("system/*.cruds",))
BELOW = "/acts/"


async def know(_scope: Scope) -> Caller:
    return PROGRAM


@pytest.fixture(scope="module")
def document(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenApiSchema]:
    folder = tmp_path_factory.mktemp("api")
    with open_store(f"sqlite:///{folder}/record.sqlite") as store:
        live = Live(store, get_house())
        live.open()
        acts = ActEndpoint(live, know, Mode(store))
        api = make_api(Desk(store, Path(folder) / "project", Path(folder) / "results"))
        api.mount(BELOW.rstrip("/"), acts)
        yield schemathesis.openapi.from_asgi(DOCUMENT, api)


@pytest.mark.parametrize(("is_act", "n_examples", "at_least"), [(False, 30, 5), (True, 5, len(ACTS))])
def test_every_answer_is_one_that_the_document_declares(
    document: OpenApiSchema, is_act: bool, n_examples: int, at_least: int
) -> None:
    found = [one.ok() for one in document.get_all_operations() if isinstance(one, Ok)]
    operations = [one for one in found if one.path.startswith(BELOW) == is_act]
    assert len(operations) >= at_least
    # An act has rules beyond its form: a person needs a name, or a reason why there is none.
    refusing: list[Any] = [positive_data_acceptance] if is_act else []
    for operation, mode in product(operations, GenerationMode):

        @given(case=operation.as_strategy(generation_mode=mode))
        @settings(max_examples=n_examples, suppress_health_check=list(HealthCheck))
        def check(case: Case[Any]) -> None:
            case.call_and_validate(excluded_checks=refusing)

        check()
