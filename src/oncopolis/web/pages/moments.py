"""Moments as a page writes them: the clocks of the centre, the forms of the reader's language."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from zoneinfo import ZoneInfo

from oncopolis.web.fhir.headers import MS_PER_S
from oncopolis.web.pages.languages import LOCALES

NONE = "–"
_DAYS = {
    "en": "EEEE d MMMM",
    "ko": "M월 d일 EEEE",
    "ru": "EEEE, d MMMM",
    "uz": "EEEE, d-MMMM",
    "uz-Cyrl": "EEEE, d MMMM",
}


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
        return _write_day(day, _DAYS[self.code], self.code)

    def date(self, day: date) -> str:
        """Date with its year, short."""
        return _write_day(day, "medium", self.code)

    def moment(self, at_ms: int | None) -> str:
        """Date and time."""
        if not at_ms:
            return NONE
        local = self.to_local(at_ms)
        return f"{self.date(local.date())}, {local:%H:%M}"


@cache
def _write_day(day: date, form: str, code: str) -> str:
    from babel.dates import format_date

    return format_date(day, form, locale=LOCALES[code])
