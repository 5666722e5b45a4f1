"""Bulk Data: everything of a kind out of the record at one moment, as files of one record a line."""

from oncopolis.record.bulk.exporting import Manifest, count_so_far, export, find_manifest
from oncopolis.record.bulk.files import Part, read_part
from oncopolis.record.bulk.wanted import Level, Wanted

__all__ = [
    "Level",
    "Manifest",
    "Part",
    "Wanted",
    "count_so_far",
    "export",
    "find_manifest",
    "read_part",
]
