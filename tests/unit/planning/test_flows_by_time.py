"""Flows by the time between arrivals, by clock times and by members are counted in people a year."""

from typing import Any

import pytest
from tests.clinic import Data, build, count, get, minutes, plan, row, share, weekdays_open

from oncopolis.planning.ancestry import Ancestry

KEY = "demand.flows.patients"
MINUTES_A_YEAR = 365.25 * 24 * 60


def with_flow(**fields: Any) -> Data:
    """The clinic with its flow counted in another way."""
    flow = {"label": "Patients", "pathway": "care", **fields}
    return build(flows={"patients": flow})


def test_a_time_between_arrivals_makes_so_many_a_year() -> None:
    """One every two hours: 4383 in a mean year, every year."""
    planned = plan(with_flow(between=row(2, "hour")))
    assert get(planned, KEY, 2026) == pytest.approx(MINUTES_A_YEAR / 120)
    assert get(planned, KEY, 2037) == pytest.approx(4383)


@pytest.mark.parametrize(("batch", "people"), [(3, 3.0), (count(2.5), 2.5)])
def test_people_who_come_together_are_counted_each(batch: Any, people: float) -> None:
    planned = plan(with_flow(between=row(1, "day"), batch=batch))
    assert get(planned, KEY) == pytest.approx(people * 365.25)


def test_a_volume_counts_people_whether_they_come_together_or_not() -> None:
    planned = plan(with_flow(volume=row(4000, "patient/year"), batch=4))
    assert get(planned, KEY) == pytest.approx(4000)


def test_a_time_between_arrivals_may_grow() -> None:
    """Growth is that of the people, from the first year of the plan."""
    planned = plan(with_flow(between=row(1, "day"), growth=row(0.1, "1/year")))
    assert get(planned, KEY, 2026) == pytest.approx(365.25)
    assert get(planned, KEY, 2028) == pytest.approx(365.25 * 1.21)


def test_members_are_counted_as_if_gone_at_once() -> None:
    """Ten members, each again after 30 days: an upper bound, since the time of their care is left out."""
    planned = plan(with_flow(between=row(30, "day"), members=10))
    assert get(planned, KEY) == pytest.approx(10 * 365.25 / 30)


def test_clock_times_on_every_day() -> None:
    planned = plan(with_flow(times=["08:00", "08:15", "12:00"]))
    assert get(planned, KEY) == pytest.approx(3 * 365.25)


def test_clock_times_on_the_open_days_of_a_calendar() -> None:
    """Weekends and public holidays are left out, and those who never come."""
    planned = plan(with_flow(times=["08:00", "08:15"], calendar="day", no_show=share(0.1), batch=2))
    assert get(planned, KEY) == pytest.approx(2 * 2 * weekdays_open() * 0.9)


@pytest.mark.slow
def test_work_is_the_same_for_the_same_number_of_people() -> None:
    """However they are counted, as many people are as much work."""
    by_time = plan(with_flow(between=row(2, "hour")))
    by_volume = plan(with_flow(volume=row(4383, "patient/year")))
    for key in ("activity.consult", "hours.linac", "workload.bed_days"):
        assert get(by_time, key) == pytest.approx(get(by_volume, key))


def test_the_time_between_is_among_what_the_work_rests_on() -> None:
    """Whoever asks what a figure rests on is told of the time between and of those who never come."""
    booked = plan(with_flow(times=["08:00"], no_show=share(0.1, 0.05, 0.2)))
    between = plan(with_flow(between=minutes(120, 100, 140), batch=count(2, 1, 3)))
    for planned, keys in (
        (booked, {"flows.patients.no_show"}),
        (between, {"flows.patients.between", "flows.patients.batch"}),
    ):
        rows = Ancestry(planned.asking.project).list_rows(planned.ledger.get("hours.linac"))
        assert keys <= rows
