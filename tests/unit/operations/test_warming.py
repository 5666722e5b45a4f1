from typing import Any

import pytest
from tests.live import make_floor

from oncopolis.operations.courses import ways
from oncopolis.operations.courses.ways import lay_way
from oncopolis.operations.warming import warm


def test_no_way_is_laid_once_all_is_warm(monkeypatch: pytest.MonkeyPatch) -> None:
    floor = make_floor()
    warm(floor)
    calls: list[Any] = []
    monkeypatch.setattr(ways, "lay", lambda *said: calls.append(said))
    for route in floor.house.network.routes.values():
        lay_way(floor, route)
    assert floor.house.network.routes
    assert not calls
