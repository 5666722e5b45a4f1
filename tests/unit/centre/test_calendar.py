"""Calendars open for so many hours a year, public holidays of the country taken off."""

from datetime import date
from typing import Any

import pytest
from pydantic import ValidationError

from oncopolis.centre.calendar import WORKING_WEEK, Calendar, list_holidays

OFFICE: dict[str, Any] = {
    "days": WORKING_WEEK,
    "opens": "08:00",
    "closes": "16:30",
    "breaks_min": 30,
    "holidays": "closed",
}


def test_hours_of_a_day_leave_out_breaks() -> None:
    """Closing less opening less breaks."""
    assert Calendar.model_validate(OFFICE).hours_per_day == 8


def test_what_is_not_stated_is_around_the_clock() -> None:
    """A calendar of no words is open 8766 hours of a mean year."""
    assert Calendar().compute_hours_per_year("UZB", 2024) == pytest.approx(8766)


@pytest.mark.parametrize(
    ("country", "known"),
    [
        ("RUS", {date(2024, 1, 1), date(2024, 5, 9), date(2024, 6, 12), date(2024, 11, 4)}),
        ("UZB", {date(2024, 3, 21), date(2024, 9, 1), date(2024, 12, 8)}),
        ("KOR", {date(2024, 3, 1), date(2024, 8, 15), date(2024, 9, 17), date(2024, 12, 25)}),
        ("GBR", {date(2024, 12, 25)}),
    ],
)
def test_holidays_of_a_country_are_known(country: str, known: set[date]) -> None:
    """The days everybody knows are among the holidays of 2024, each once, in order, and of that year."""
    found = list_holidays(country, 2024)
    assert known <= set(found)
    assert list(found) == sorted(set(found))
    assert {day.year for day in found} == {2024}


def test_a_country_that_is_not_known_has_no_holidays() -> None:
    """No holidays come back for a country the package does not know; the reader tells that."""
    assert list_holidays("XXX", 2024) == ()


@pytest.mark.parametrize("country", ["UZB", "RUS", "KOR"])
def test_only_holidays_on_open_days_are_taken_off(country: str) -> None:
    """Five days a week less the holidays that fall on Monday to Friday."""
    on_weekdays = sum(day.weekday() < 5 for day in list_holidays(country, 2024))
    assert on_weekdays > 0
    days = Calendar.model_validate(OFFICE).compute_days_per_year(country, 2024)
    assert days == pytest.approx(365.25 * 5 / 7 - on_weekdays)


def test_sundays_alone_lose_sunday_holidays() -> None:
    """A calendar of Sundays loses the holidays on Sundays and no others."""
    on_sundays = sum(day.weekday() == 6 for day in list_holidays("KOR", 2024))
    sundays = Calendar(days=("sun",), holidays="closed")
    assert sundays.compute_days_per_year("KOR", 2024) == pytest.approx(365.25 / 7 - on_sundays)


def test_open_on_holidays_takes_nothing_off() -> None:
    """Who works on holidays works 365.25 days a year, whatever the country."""
    assert Calendar(holidays="open").compute_days_per_year("RUS", 2024) == 365.25


@pytest.mark.parametrize(
    "change",
    [
        {"closes": "08:00"},
        {"closes": "07:00"},
        {"breaks_min": 510},
        {"days": []},
        {"days": ["monday"]},
        {"breaks_min": -5},
        {"opens": "25:00"},
    ],
)
def test_a_calendar_that_never_opens_is_refused(change: dict[str, Any]) -> None:
    """No days, no hours, or words that are no day or time are refused."""
    with pytest.raises(ValidationError):
        Calendar.model_validate(OFFICE | change)
