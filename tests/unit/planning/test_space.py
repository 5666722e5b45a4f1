"""The space programme added up on paper."""

import math

import pytest
from tests.clinic import build, get, lay, plan, plan_small, read

from oncopolis.planning.document import to_document
from oncopolis.planning.plan import make_plan


def test_rooms_are_counted_by_their_rule() -> None:
    small = plan_small()
    rooms = get(small, "resource.consult_room")
    assert rooms == math.ceil(get(small, "need.consult_room"))
    assert get(small, "room.consulting") == rooms
    assert get(small, "room.waiting") == max(math.ceil(rooms / 3), 1)
    assert get(small, "room.bedroom") == 14 / 2
    assert get(small, "room.bunker") == 6


def test_net_to_department_to_building() -> None:
    small = plan_small()
    net = {
        "outpatient": get(small, "room.consulting") * 14 + get(small, "room.waiting") * 40,
        "wards": 7 * 25,
        "radiotherapy": 6 * 90,
        "surgery": get(small, "resource.theatre") * 50,
    }
    factor = {"outpatient": 1.5, "wards": 1.6, "radiotherapy": 1.7, "surgery": 2.0}
    for department, area in net.items():
        assert get(small, f"space.net.{department}") == pytest.approx(area)
        assert get(small, f"space.department_gross.{department}") == pytest.approx(area * factor[department])
        assert get(small, f"space.building.{department}") == pytest.approx(area * factor[department] * 1.3)
    gross = sum(net[key] * factor[key] for key in net)
    assert get(small, "space.net_m2") == pytest.approx(sum(net.values()))
    assert get(small, "space.department_gross_m2") == pytest.approx(gross)
    assert get(small, "space.gross_m2") == pytest.approx(gross * 1.3)


def test_the_largest_of_several_rules_decides() -> None:
    data = build()
    data["rooms"]["bunker"]["count"].append({"per": "centre", "times": 9})
    assert get(plan(data), "room.bunker") == 9
    lay(data, "rooms.bunker.at_least", 11)
    assert get(plan(data), "room.bunker") == 11


def test_the_first_phase_has_no_bunkers() -> None:
    small = plan_small()
    assert "room.bunker" not in {f"room.{part.id}" for part in small.phases[0].space.rooms}
    first = float(small.phases[0].space.building.central[0])
    assert first == pytest.approx(get(small, "space.gross_m2") - 6 * 90 * 1.7 * 1.3)


def test_the_rooms_of_the_document_add_up() -> None:
    rooms = to_document(make_plan(read(build()), n_draws=0, seed=1))["rooms"]
    assert sum(room["net_m2"] for room in rooms["rooms"]) == pytest.approx(rooms["net_m2"])
    gross = sum(part["net_m2"] * part["gross_factor"] for part in rooms["departments"])
    assert gross * rooms["building_factor"] == pytest.approx(rooms["building_gross_m2"])
