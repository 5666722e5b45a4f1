"""Moments as a page writes them: the clocks of the centre, the forms of the reader's language."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from zoneinfo import ZoneInfo

from oncopolis.web.fhir.headers import MS_PER_S
from oncopolis.web.pages.languages import LOCALES

NONE = "–"


@dataclass(frozen=True, slots=True)
class Moments:
    """Writes moments (milliseconds since 1970, UTC) for a reader.

    Parameters
    ----------
    zone
        Of the centre.
    code
        Language of the reader.
    """

    zone: ZoneInfo
    code: str

    def to_local(self, at_ms: int) -> datetime:
        """Return a moment by the clocks of the centre."""
        return datetime.fromtimestamp(at_ms / MS_PER_S, self.zone)

    def clock(self, at_ms: int | None) -> str:
        """Hours and minutes."""
        return NONE if at_ms is None else f"{self.to_local(at_ms):%H:%M}"

    def day(self, day: date) -> str:
        """Day of the week and date, in words."""
        return _write_day(day, "MMMMEEEEd", self.code)

    def moment(self, at_ms: int | None) -> str:
        """Date and time."""
        if not at_ms:
            return NONE
        local = self.to_local(at_ms)
        return f"{_write_day(local.date(), 'yMMMd', self.code)}, {local:%H:%M}"


@cache
def _write_day(day: date, skeleton: str, code: str) -> str:
    from babel.dates import format_skeleton

    return str(format_skeleton(skeleton, day, locale=LOCALES[code]))
