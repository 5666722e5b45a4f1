"""Models in: IFC files and COBie workbooks as one `Building`."""

from oncopolis.design.reading.joining import read_models
from oncopolis.design.reading.opening import open_model
from oncopolis.design.reading.refusing import (
    MAX_PACKED_BYTES,
    check_archive,
    check_declarations,
    check_step,
)

__all__ = [
    "MAX_PACKED_BYTES",
    "check_archive",
    "check_declarations",
    "check_step",
    "open_model",
    "read_models",
]
