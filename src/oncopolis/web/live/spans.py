"""How long something is, in words that fit its length."""

from typing import Final

from oncopolis.foundation.marking import mark
from oncopolis.foundation.units import MS_PER_DAY, MS_PER_HOUR, MS_PER_MINUTE
from oncopolis.web.pages.languages import Words

_IN_HOURS: Final = 48  # structure: hours after which days are told
_MINUTES: Final = 60  # structure: minutes of an hour


def tell_span(words: Words, span_ms: int) -> str:
    """Return a length of time: minutes, hours and minutes, or days."""
    length_ms = abs(span_ms)
    if length_ms < MS_PER_HOUR:
        return words.text(mark("{n} min"), n=length_ms // MS_PER_MINUTE)
    if length_ms < _IN_HOURS * MS_PER_HOUR:
        minutes = length_ms // MS_PER_MINUTE
        return words.text(mark("{h} h {m} min"), h=minutes // _MINUTES, m=minutes % _MINUTES)
    return words.text(mark("{n} days"), n=length_ms // MS_PER_DAY)
