"""A real clinic's hand-over (buildingSMART's Medical-Dental Test Files): each of its known traps is found."""

from datetime import date
from pathlib import Path

import pytest

from oncopolis.design.matching import NOT_FLOOR
from oncopolis.design.reading import read_models
from oncopolis.design.review import Group, Review, Ruling, make_case, make_review
from oncopolis.design.rules import find_pack

CLINIC = Path(__file__).resolve().parents[3] / "shared" / "data" / "clinic"
FILES = ("clinic_from_cobie.ifc", "2013-10-09-Clinic-Design-v14-WORKING-01.xlsx")
FLOOR_M2 = 4314.2
"""What a third party published for the 259 rooms that remain, m2."""

pytestmark = pytest.mark.skipif(not CLINIC.is_dir(), reason="../shared/data/clinic is not here")


@pytest.fixture(scope="module", params=FILES)
def review(request: pytest.FixtureRequest) -> Review:
    case = make_case(read_models([CLINIC / request.param]), None, {}, None)
    return make_review(case, [find_pack("model"), find_pack("ways")], Ruling(date(2026, 1, 1)))


def find(review: Review, rule: str) -> Group:
    [group] = [group for group in review.groups if group.rule.id == rule and group.state == "failed"]
    return group


def list_names(group: Group) -> list[str]:
    return sorted(outcome.things[0].words for outcome in group.outcomes)


def test_it_is_read_whole(review: Review) -> None:
    building = review.case.building
    assert (len(building.spaces), len(building.doors), len(building.storeys)) == (269, 254, 5)
    assert sum(len(door.joins) == 2 for door in building.doors) in {226, 230}
    assert sum(space.area.value for space in building.spaces if space.area) == pytest.approx(
        6872.65, abs=0.01
    )


def test_roofs_the_yard_and_the_site_are_no_floor(review: Review) -> None:
    names = list_names(find(review, "model.floor"))
    assert len(names) == 9
    assert sum("ROOF" in name for name in names) == 7
    assert {"1F01 MECH. YARD", "Site Site"} <= set(names)


def test_an_area_was_copied(review: Review) -> None:
    [outcome] = find(review, "model.copied-area").outcomes
    assert outcome.actual == "80.065 m²: 1F01 MECH. YARD, 1F02 LOADING DOCK"


def test_thirty_three_heights_are_missing(review: Review) -> None:
    assert len(find(review, "model.height").outcomes) == 33


def test_gross_equals_net_everywhere(review: Review) -> None:
    assert find(review, "model.gross-is-net").tell_actual() == "equal in all 269 spaces"


def test_two_hundred_and_fifty_nine_rooms_remain(review: Review) -> None:
    case = review.case
    copied = {thing.id for outcome in find(review, "model.copied-area").outcomes for thing in outcome.things}
    rest = [
        space
        for space in case.building.spaces
        if case.role_of.get(space.id) not in NOT_FLOOR and space.id not in copied
    ]
    assert len(rest) == 259
    assert sum(space.area.value for space in rest if space.area) == pytest.approx(FLOOR_M2, abs=0.05)


def test_heights_in_millimetres_are_told_of_the_workbook(review: Review) -> None:
    told = [group for group in review.groups if group.rule.id == "model.length-unit"]
    is_workbook = review.case.building.files[0].format == "COBie"
    assert sum(len(group.outcomes) for group in told) == (236 + 254 if is_workbook else 0)
