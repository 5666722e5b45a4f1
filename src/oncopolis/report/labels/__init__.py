"""Labels for vials and boxes that stand the cold: as PDF pages, and as ZPL for label printers."""

from oncopolis.report.labels.label import SIZES, Label, Size, make_label
from oncopolis.report.labels.pdf import write_pdf
from oncopolis.report.labels.zpl import write_zpl

__all__ = ["SIZES", "Label", "Size", "make_label", "write_pdf", "write_zpl"]
