"""The statutory notification of a cancer: read from the record, checked, told as rows or a document."""

from oncopolis.record.oncology.notification.checking import check_case
from oncopolis.record.oncology.notification.document import make_document
from oncopolis.record.oncology.notification.items import ITEMS, Item
from oncopolis.record.oncology.notification.national import VARIANTS, Variant, to_national
from oncopolis.record.oncology.notification.reading import Case, read_cases
from oncopolis.record.oncology.notification.rows import to_csv, to_rows

__all__ = [
    "ITEMS",
    "VARIANTS",
    "Case",
    "Item",
    "Variant",
    "check_case",
    "make_document",
    "read_cases",
    "to_csv",
    "to_national",
    "to_rows",
]
