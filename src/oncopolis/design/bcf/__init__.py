"""BIM Collaboration Format: findings as topics that an architect's program opens."""

from oncopolis.design.bcf.reading import read_bcf
from oncopolis.design.bcf.topics import GUID, VERSIONS, Header, Topic
from oncopolis.design.bcf.writing import write_bcf

__all__ = ["GUID", "VERSIONS", "Header", "Topic", "read_bcf", "write_bcf"]
