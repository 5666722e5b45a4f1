"""Dates as stretches of milliseconds, against the standard library."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oncopolis.record.fhir.moments import find_stretch_ms
from oncopolis.record.fhir.rows import FAR_FUTURE_MS, FAR_PAST_MS

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def to_ms(moment: datetime) -> int:
    return (moment - EPOCH) // timedelta(milliseconds=1)


def day_ms(year: int, month: int, day: int) -> int:
    return to_ms(datetime(year, month, day, tzinfo=UTC))


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("2013", day_ms(2013, 1, 1), day_ms(2014, 1, 1) - 1),
        ("2024", day_ms(2024, 1, 1), day_ms(2025, 1, 1) - 1),
        ("2013-02", day_ms(2013, 2, 1), day_ms(2013, 3, 1) - 1),
        ("2024-02", day_ms(2024, 2, 1), day_ms(2024, 3, 1) - 1),
        ("2013-12", day_ms(2013, 12, 1), day_ms(2014, 1, 1) - 1),
        ("2024-02-29", day_ms(2024, 2, 29), day_ms(2024, 3, 1) - 1),
        ("1969-12-31", -86_400_000, -1),
        ("1970-01-01T00:00:00Z", 0, 999),
        ("1970-01-01T00:00:00.5Z", 500, 599),
        ("1970-01-01T00:00:00.50Z", 500, 509),
        ("1970-01-01T00:00:00.500Z", 500, 500),
        ("1970-01-01T00:00:00.500999Z", 500, 500),
        ("1970-01-01T05:00:00+05:00", 0, 999),
        ("1969-12-31T18:30:00-05:30", 0, 999),
        ("1970-01-01T14:00:00+14:00", 0, 999),
        ("1969-12-31T23:59:60Z", 0, 999),
        ("0001", FAR_PAST_MS, day_ms(2, 1, 1) - 1),
        ("9999", day_ms(9999, 1, 1), FAR_FUTURE_MS),
    ],
)
def test_stretches(text: str, low: int, high: int) -> None:
    assert find_stretch_ms(text) == (low, high)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "13",
        "0000",
        "20130",
        "2013-00",
        "2013-13",
        "2013-1",
        "2023-02-29",
        "1900-02-29",
        "2013-04-31",
        "2013-04-00",
        "2013-04-32",
        "2013-02-01T",
        "2013-02-01T10",
        "2013-02-01T10:00Z",
        "2013-02-01T10:00:00",
        "2013-02-01T24:00:00Z",
        "2013-02-01T10:60:00Z",
        "2013-02-01T10:00:61Z",
        "2013-02-01T10:00:00.Z",
        "2013-02-01T10:00:00z",
        "2013-02-01 10:00:00Z",
        "2013-02-01T10:00:00+5:00",
        "2013-02-01T10:00:00+14:01",
        "2013-02-01T10:00:00+15:00",
        "2013-02-01T10:00:00+10:60",
        "2013-02-01Z",
        " 2013",
        "2013\n",
        "٢٠١٣",
    ],
)
def test_what_is_no_date(text: str) -> None:
    assert find_stretch_ms(text) is None


@given(
    st.datetimes(min_value=datetime(1, 1, 2), max_value=datetime(9999, 12, 30)),  # noqa: DTZ001 - zones are drawn
    st.integers(-14 * 60, 14 * 60),
)
def test_moments_are_those_of_the_standard_library(moment: datetime, offset_min: int) -> None:
    zone = timezone(timedelta(minutes=offset_min))
    aware = moment.replace(tzinfo=zone)
    sign = "-" if offset_min < 0 else "+"
    hours, minutes = divmod(abs(offset_min), 60)
    text = f"{moment.isoformat(timespec='milliseconds')}{sign}{hours:02}:{minutes:02}"
    ms = to_ms(aware)
    assert find_stretch_ms(text) == (ms, ms)


@given(st.text("0123456789-T:.Z+ ", max_size=30))
def test_any_text_is_a_stretch_or_none(text: str) -> None:
    stretch = find_stretch_ms(text)
    assert stretch is None or stretch[0] <= stretch[1]
