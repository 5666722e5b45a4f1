"""A building reviewed: rules applied, answers grouped, waived, counted and written down."""

from oncopolis.design.review.document import to_document
from oncopolis.design.review.review import Group, Review, Ruling, make_case, make_review
from oncopolis.design.review.waiving import Waiver, read_baseline, read_waivers

__all__ = [
    "Group",
    "Review",
    "Ruling",
    "Waiver",
    "make_case",
    "make_review",
    "read_baseline",
    "read_waivers",
    "to_document",
]
