"""The biobank: where specimens are, what they are, whose they are, and who may have them."""

from oncopolis.biobank.acts import ACTS, ASIDE
from oncopolis.biobank.deciding import Act
from oncopolis.biobank.performing import Bank

__all__ = ["ACTS", "ASIDE", "Act", "Bank"]
