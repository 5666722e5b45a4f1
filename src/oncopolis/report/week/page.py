"""`WeekPage`: what the sections of a week write days, times and people with."""

from datetime import date
from typing import Any

from oncopolis.foundation.units import MINUTES_PER_HOUR
from oncopolis.report.language import Language, mark
from oncopolis.report.sheet import Sheet

SEXES = {"female": mark("female"), "male": mark("male")}
AGES = {
    "under 40": mark("under 40"),
    "40 to 59": mark("40 to 59"),
    "60 to 74": mark("60 to 74"),
    "75 and over": mark("75 and over"),
}


class WeekPage(Sheet):
    """A week and a language.

    Parameters
    ----------
    document
        Document of a week, rounded.
    """

    def __init__(self, document: dict[str, Any], language: Language) -> None:
        super().__init__(language)
        self.document = document
        self.days = [date.fromisoformat(day) for day in document["week"]["days"]]

    def day(self, day: int) -> str:
        """Write a day of the week, short; one before or after it as what it is."""
        from babel.dates import format_date

        if 0 <= day < len(self.days):
            return format_date(self.days[day], "EEE d MMM", locale=self.language.code)
        return self.text("{n} days past", n=-day) if day < 0 else self.text("after the week")

    def span(self) -> str:
        """Write from when to when it is."""
        from babel.dates import format_date

        first, last = (
            format_date(day, "long", locale=self.language.code) for day in (self.days[0], self.days[-1])
        )
        return f"{first} – {last}"

    def clock(self, minute: float) -> str:
        """Write a time of day."""
        hours, minutes = divmod(round(minute), MINUTES_PER_HOUR)
        return f"{hours:02d}:{minutes:02d}"

    def sex(self, sex: str) -> str:
        """Write a sex."""
        return self.text(SEXES.get(sex, sex))

    def age(self, group: str) -> str:
        """Write an age group."""
        return self.text(AGES.get(group, group))

    def share(self, value: float) -> str:
        """Write a share in whole per cent."""
        return f"{self.language.numeral(100 * value, 0)}%"  # structure: per cent
