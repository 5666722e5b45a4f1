"""Every address of the server says who may call it."""

from pathlib import Path

import pytest
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route
from tests.doors import make_desk
from tests.unit.web.ward import believe

from oncopolis.foundation.errors import ConflictError
from oncopolis.record.access import EVERYTHING, Allowed
from oncopolis.record.access.practice import read_practice
from oncopolis.record.accounts.keyring import Keyring
from oncopolis.record.store import Store
from oncopolis.record.types import Who
from oncopolis.web import bulk, events
from oncopolis.web.api import make_api
from oncopolis.web.api.ordering import Desk
from oncopolis.web.app import make_app
from oncopolis.web.declaring import find_policies
from oncopolis.web.fhir.gate import RIGHTS
from oncopolis.web.fhir.interactions import INTERACTIONS, SYSTEM_CODES
from oncopolis.web.login import PAGES, House, make_routes

OPEN_PAGES = {page.path for page in PAGES if page.policy == "anybody"}


async def admit_all(_request: Request) -> Allowed:
    return EVERYTHING


async def know(_request: Request) -> Who:
    return Who("Person", "x")


@pytest.fixture
def routes(store: Store, tmp_path: Path) -> list[BaseRoute]:
    desk, _ = make_desk(store)
    house = House(desk, Keyring(desk), "http://centre.test")
    shelf = bulk.Shelf(tmp_path, f"sqlite:///{tmp_path}/x.db", None, read_practice())
    beside = [*events.make_routes(store, admit_all), *bulk.make_routes(store, shelf, know)]
    pages = [*make_routes(house, PAGES), *beside]
    return make_app(store, api=make_api(Desk(store, tmp_path, tmp_path)), pages=pages, gate=believe).routes


def test_every_address_declares_its_policy(routes: list[BaseRoute]) -> None:
    found = dict(find_policies(routes))
    assert {"/fhir", "/fhir/*", "/events", "/login", "/accounts", "/oauth/token"} <= found.keys()
    assert any(path.startswith("/api/jobs") for path in found)
    assert all(found.values()), [path for path, policies in found.items() if not policies]
    assert {path for path, policies in found.items() if "anybody" in policies} == OPEN_PAGES


def test_every_interaction_needs_a_right() -> None:
    codes = {one.code for one in INTERACTIONS} | set(SYSTEM_CODES)
    assert codes <= RIGHTS.keys()


def test_an_address_that_says_nothing_is_refused(store: Store) -> None:
    async def answer(_request: Request) -> Response:
        return Response("everything")

    with pytest.raises(ConflictError, match="REC-251"):
        make_app(store, pages=[Route("/open", answer)])
