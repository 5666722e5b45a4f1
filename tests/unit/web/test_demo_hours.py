"""A demonstration is started at any hour of a week, and it is the late morning of a working day."""

from datetime import UTC, datetime, timedelta

import pytest
from tests.waiting import get_clinic

from oncopolis.operations import House, make_house
from oncopolis.studies.preparing import Prepared
from oncopolis.web.demo.days import find_begin
from oncopolis.web.demo.hours import OPEN_FROM, OPEN_UNTIL, find_zone, move
from oncopolis.web.demo.marking import BANNER, MOVED, add_banner

MONDAY = datetime(2027, 3, 1, tzinfo=UTC)


def to_ms(hours: float) -> int:
    """So many hours after midnight of Monday (UTC)."""
    return round((MONDAY + timedelta(hours=hours)).timestamp() * 1000)


def move_house(house: House, now_ms: int) -> House:
    project = house.equipped.project
    prepared = Prepared(project, None, house.equipped, None)  # type: ignore[arg-type]
    return make_house(move(prepared, find_zone(house, now_ms)).equipped)


@pytest.mark.parametrize("hours", range(4 * 24))
def test_at_any_hour_of_a_working_week_it_is_in_full_swing(hours: int) -> None:
    now_ms = to_ms(hours + 0.6)
    house = move_house(get_clinic(), now_ms)
    local = house.to_local(now_ms)
    assert house.is_workday(local.date())
    assert OPEN_FROM <= local.hour < OPEN_UNTIL
    assert find_begin(house, now_ms) == (local.date(), house.to_ms(local.date()))


def test_in_its_own_working_hours_the_centre_has_its_own_clock() -> None:
    house = get_clinic()
    assert find_zone(house, to_ms(5)) == house.centre.time_zone == "Asia/Tashkent"
    assert find_zone(house, to_ms(18)) != house.centre.time_zone


def test_on_a_day_on_which_nobody_works_the_day_itself_is_moved() -> None:
    now_ms = to_ms(5 * 24 + 18)  # Saturday evening in London.
    house = move_house(get_clinic(), now_ms)
    assert house.centre.time_zone == "Asia/Tashkent"
    _, begin_ms = find_begin(house, now_ms)
    assert 10 <= (now_ms - begin_ms) / 3_600_000 < 11


def test_a_page_says_that_the_clock_is_moved() -> None:
    page = b'<html lang="en"><body></body></html>'
    assert MOVED not in add_banner(page).decode()
    assert f"{BANNER} {MOVED}" in add_banner(page, (BANNER, MOVED)).decode()
