"""A scheduled week in a few lines of a terminal."""

from oncopolis.report.canonical import Plan, round_numbers
from oncopolis.report.language import find_language
from oncopolis.report.week.page import WeekPage


def summarise_week(document: Plan, *, language: str = "en") -> str:
    """Return the figures that come first, one a line, and the days that have no plan."""
    from oncopolis.report.week.html import list_cards

    page = WeekPage(round_numbers(document), find_language(language))
    lines = [document["project"]["name"], page.span(), ""]
    lines += [
        f"{card['label']}: {card['value']}" + (f" ({card['remark']})" if card["remark"] else "")
        for card in list_cards(page)
    ]
    lines += [
        f"{page.day(day['day'])}: {day['refused']['got']}; {day['refused']['fix']}"
        for day in document["chairs"]
        if day["refused"]
    ]
    return "\n".join(lines)
