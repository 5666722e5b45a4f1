"""A review as a page, a workbook, BCF files, data and a mapping to correct. Reads only its document."""

from oncopolis.report.review.summary import summarise_review
from oncopolis.report.review.writing import REVIEW_FILES, write_review

__all__ = ["REVIEW_FILES", "summarise_review", "write_review"]
