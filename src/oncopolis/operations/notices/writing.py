"""The sentences of notices, in the words of the one list, by the clocks of the centre."""

from datetime import date
from functools import lru_cache

from oncopolis.operations.house import House
from oncopolis.operations.notices.naming import Place, Stop, get_words, word_place, word_stop

_N_DAYS = 4_096  # structure: days in a language that are remembered


def write_notice(
    house: House,
    kind: str,
    language: str,
    *,
    stop: Stop | None,
    place: Place,
    start_ms: int | None,
    before_ms: int | None,
) -> str:
    """Return what somebody is told.

    Parameters
    ----------
    start_ms, before_ms
        When the stop is, and when it was before, milliseconds since 1970 (UTC).
    """
    where = word_place(place, language)
    if kind == "moved" and start_ms == before_ms:
        kind = "moved_at_same_time"
    sentence = get_words("notices", kind, language).format(
        stop=word_stop(stop, language) if stop else "",
        when=write_moment(house, start_ms, language),
        before=write_moment(house, before_ms, language),
        place=f"{where}." if where else "",
    )
    return sentence.strip()


def write_moment(house: House, at_ms: int | None, language: str) -> str:
    """Return a day and a time, '' for none."""
    if at_ms is None:
        return ""
    local = house.to_local(at_ms)
    return f"{write_day(local.date(), language)}, {local:%H:%M}"


@lru_cache(_N_DAYS)
def write_day(day: date, language: str) -> str:
    """Return a day of the week with its date."""
    from babel.dates import format_date

    locale = get_words("days", "locale", language)
    return str(format_date(day, get_words("days", "pattern", language), locale=locale))
