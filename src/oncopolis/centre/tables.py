"""`Tables`: the figures of a project's own CSV files, read once with the project."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from oncopolis.centre.catchment import Catchment, CsvFile, Population
from oncopolis.centre.importers import load_globocan, load_registry, load_wpp
from oncopolis.centre.importers.wpp import PopulationTable


@dataclass(frozen=True)
class Tables:
    """Figures by population of the catchment; those that rest on packaged figures are left out."""

    site_totals: Mapping[str, NDArray[np.float64]]
    """Population -> new cases of the base year, shape (site,)."""
    people: Mapping[str, PopulationTable]
    """Population -> inhabitants by year, sex and age."""


def read_tables(catchment: Catchment | None, folder: Path) -> Tables:
    """Read every CSV the catchment names.

    Raises
    ------
    InputError, InputErrors
        With the faults of the first file that cannot be used, each with its line.
    """
    populations = {} if catchment is None else catchment.populations
    return Tables(
        site_totals={
            key: _read_site_totals(population.incidence, population, folder)
            for key, population in populations.items()
            if population.incidence is not None
        },
        people={
            key: _read_people(population.population, population, folder)
            for key, population in populations.items()
            if population.population is not None
        },
    )


def _read_site_totals(given: CsvFile, population: Population, folder: Path) -> NDArray[np.float64]:
    """Return new cases by site: of a GLOBOCAN table, or of a registry as a mean over its years."""
    path = folder / given.file
    if given.format == "globocan":
        return load_globocan(path).get_population(population.country).site_cases
    registry = load_registry(path)
    return registry.site_cases / max(len(registry.years), 1)


def _read_people(given: CsvFile, population: Population, folder: Path) -> PopulationTable:
    files = [folder / name for name in (given.file, given.projection) if name is not None]
    return load_wpp(*files, iso3=population.country, year=given.year)
