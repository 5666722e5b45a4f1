"""Full-time equivalents worked out on paper."""

import math

import pytest
from tests.clinic import build, count, get, lay, plan, plan_small, row, share, weekdays_open

PRODUCTIVE = (weekdays_open() - 27 - 8 - 5) * 37.5 / 5
YEAR = 365.25 * 24
FRACTIONS = 40_000


def test_productive_hours() -> None:
    assert get(plan_small(), "staff.hours.standard") == pytest.approx(PRODUCTIVE)


def test_a_week_spread_over_six_days_has_shorter_days() -> None:
    small = plan(lay(build(), "practices.here.hours.standard.days_per_week", 6))
    assert get(small, "staff.hours.standard") == pytest.approx(PRODUCTIVE * 5 / 6)


def test_hours_with_patients_over_the_clinical_share() -> None:
    small = plan_small()
    assert get(small, "staff.activity.radiographer") == pytest.approx(FRACTIONS / 3 / (PRODUCTIVE * 0.8))
    doctor_hours = 4000 * 0.5 + 1000 * 2
    assert get(small, "staff.doctor") == pytest.approx(doctor_hours / (PRODUCTIVE * 0.7))


def test_posts_around_the_clock_take_more_than_five_people_each() -> None:
    """Two posts day and night, and one on weekdays for every 20 beds begun."""
    posts = (2 * YEAR + math.ceil(14 / 20) * weekdays_open() * 10) / PRODUCTIVE
    small = plan_small()
    assert get(small, "staff.posts.nurse") == pytest.approx(posts)
    assert get(small, "staff.nurse") == pytest.approx(posts)
    assert YEAR / PRODUCTIVE > 5


def test_machines_take_upkeep() -> None:
    assert get(plan_small(), "staff.upkeep.physicist") == pytest.approx(6 * 300 / PRODUCTIVE)


def test_the_basis_decides_between_hours_and_norm() -> None:
    assert get(plan_small(), "staff.physicist") == pytest.approx(2000 / 250)
    small = plan(lay(build(), "resources.physicist.staffing.basis", "activity"))
    assert get(small, "staff.physicist") == pytest.approx(6 * 300 / PRODUCTIVE)


def test_a_norm_stands_beside_the_hours() -> None:
    doctor = plan_small().phases[-1].staff["doctor"]
    assert [(norm.label, float(norm.n.central[0])) for norm in doctor.norms] == [("Visits a doctor", 8.0)]


def test_posts_counted_on_floor_area_wait_for_the_rooms() -> None:
    small = plan_small()
    posts = math.ceil(get(small, "space.gross_m2") / 1000)
    assert get(small, "staff.cleaner") == pytest.approx(posts * weekdays_open() * 10 / PRODUCTIVE)


def test_a_smallest_number() -> None:
    data = lay(build(), "resources.radiographer.staffing.at_least", 50)
    assert get(plan(data), "staff.radiographer") == 50


def test_the_staff_in_all() -> None:
    small = plan_small()
    roles = ["doctor", "radiographer", "physicist", "nurse", "cleaner"]
    assert get(small, "staff.total") == pytest.approx(sum(get(small, f"staff.{role}") for role in roles))


def test_nobody_works_in_a_closed_department() -> None:
    first = plan_small().phases[0]
    assert float(first.staff["radiographer"].fte.central[0]) == 0
    assert float(first.staff["nurse"].fte.central[0]) > 0


def test_another_working_time_for_some() -> None:
    data = build()
    data["practices"]["here"]["hours"]["short"] = data["practices"]["here"]["hours"]["standard"] | {
        "weekly": row(30, "hour/week")
    }
    lay(data, "resources.radiographer.staffing.hours", "short")
    small = plan(data)
    assert get(small, "staff.radiographer") == pytest.approx(FRACTIONS / 3 / (PRODUCTIVE * 0.8 * 30 / 37.5))
    assert get(small, "staff.doctor") == pytest.approx(get(plan_small(), "staff.doctor"))


def test_a_post_for_each_of_something() -> None:
    data = build()
    data["resources"]["nurse"]["staffing"]["posts"] = [
        {"calendar": "always", "per": "resource.bed", "n": row(0.25, "ratio")},
        {"calendar": "always", "per": "resource.bed", "each": count(5)},
    ]
    small = plan(data)
    assert get(small, "staff.posts.nurse") == pytest.approx((14 / 4 + 3) * YEAR / PRODUCTIVE)


def test_less_time_for_patients_takes_more_people() -> None:
    small = plan(lay(build(), "resources.doctor.staffing.clinical_share", share(0.35)))
    assert get(small, "staff.doctor") == pytest.approx(2 * get(plan_small(), "staff.doctor"))
