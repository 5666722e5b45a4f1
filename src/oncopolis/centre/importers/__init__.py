"""Files that users download or keep themselves: GLOBOCAN, UN population, cancer registries."""

from oncopolis.centre.importers.globocan import GlobocanTable, Population, load_globocan
from oncopolis.centre.importers.registry import STAGES, Registry, load_registry
from oncopolis.centre.importers.wpp import PopulationTable, load_wpp

__all__ = [
    "STAGES",
    "GlobocanTable",
    "Population",
    "PopulationTable",
    "Registry",
    "load_globocan",
    "load_registry",
    "load_wpp",
]
