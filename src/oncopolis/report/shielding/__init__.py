"""Documents of a shielding check: data, page, drawing. Reads only its document."""

from oncopolis.report.shielding.terminal import summarise_shielding
from oncopolis.report.shielding.writing import SHIELDING_FILES, write_shielding

__all__ = ["SHIELDING_FILES", "summarise_shielding", "write_shielding"]
