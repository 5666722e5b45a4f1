"""When people come: relative arrivals through the day, the week and the year, and clock times."""

from datetime import time
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field

from oncopolis.foundation.units import DAYS_PER_WEEK, MONTHS_PER_YEAR


def _check_parts(parts: tuple[float, ...]) -> tuple[float, ...]:
    if min(parts) < 0 or max(parts) <= 0:
        raise ValueError("parts of 0 or more, of which at least one is above 0")
    return parts


def _check_clock(value: object) -> object:
    """Refuse what YAML makes of a clock time without quotes: 10:30 is read as the number 630."""
    if isinstance(value, int | float):
        raise ValueError('a clock time in quotes, such as "08:30"')  # noqa: TRY004 - pydantic words it
    return value


Clock = Annotated[time, BeforeValidator(_check_clock)]
"""Clock time in quotes, ``"08:30"``."""

DayPattern = Annotated[tuple[float, ...], Field(min_length=1), AfterValidator(_check_parts)]
"""Relative arrivals through the 24 hours, in equal parts; 24 of them: by the hour."""

WeekPattern = Annotated[
    tuple[float, ...],
    Field(min_length=DAYS_PER_WEEK, max_length=DAYS_PER_WEEK),
    AfterValidator(_check_parts),
]
"""Relative arrivals Monday to Sunday."""

SeasonPattern = Annotated[
    tuple[float, ...],
    Field(min_length=MONTHS_PER_YEAR, max_length=MONTHS_PER_YEAR),
    AfterValidator(_check_parts),
]
"""Relative arrivals January to December."""
