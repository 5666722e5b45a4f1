"""Cases as flat rows for a registry."""

import csv
from collections.abc import Iterable
from io import StringIO

from oncopolis.record.oncology.notification.items import ITEMS
from oncopolis.record.oncology.notification.reading import Case

__all__ = ["to_csv", "to_rows"]

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def to_rows(cases: Iterable[Case]) -> list[dict[str, str]]:
    """Return one row a case with every item, empty where the record has nothing."""
    return [{item.key: case.values.get(item.key, "") for item in ITEMS} for case in cases]


def to_csv(cases: Iterable[Case]) -> str:
    """Return rows as CSV with a heading; what a spreadsheet would take for a formula begins with a quote."""
    text = StringIO()
    writer = csv.DictWriter(text, [item.key for item in ITEMS], lineterminator="\r\n")
    writer.writeheader()
    for row in to_rows(cases):
        writer.writerow(
            {key: f"'{value}" if value.startswith(_FORMULA) else value for key, value in row.items()}
        )
    return text.getvalue()
