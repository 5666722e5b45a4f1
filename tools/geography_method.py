"""How the derived country figures are made: pure functions on arrays of (sex, age).

`make_geography.py` reads the tables and writes the files; ``DATA_NOTICE.md`` tells the method.
"""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from oncopolis.centre.geography.sites import SEXES

Floats = NDArray[np.float64]

BASE_YEAR = 2022
BAND = 5
STARTS = tuple(range(0, 90, BAND))
YEARS = (2022, 2025, 2030, 2035, 2040, 2045, 2050)
WORLD_STANDARD = (12, 10, 9, 9, 8, 8, 6, 6, 6, 6, 5, 4, 4, 3, 2, 1, 0.5, 0.5)
"""Segi 1960, modified by Doll 1966; thousands."""


def age_cohorts(people: Floats, old: Floats, new: Floats) -> Floats:
    """Age a population by five years with the cohort change ratios from `old` to `new` (Hamilton, Perry)."""
    aged = np.zeros_like(people)
    aged[:, 1:-1] = people[:, :-2] * new[:, 1:-1] / old[:, :-2]
    aged[:, -1] = people[:, -2:].sum(axis=1) * new[:, -1] / old[:, -2:].sum(axis=1)
    mothers = slice(15 // BAND, 50 // BAND)
    aged[:, 0] = new[:, 0] / new[0, mothers].sum() * aged[0, mothers].sum()
    return aged


def project(base: Floats, shares: Mapping[int, Floats], totals: Mapping[int, float]) -> dict[int, Floats]:
    """Project the base population: cohorts alive age as revised in 2019, births fill 2024's total."""
    grid = {BASE_YEAR: base}
    known = sorted(shares)
    for step in range(len(known)):
        old, new = known[min(step, len(known) - 2)], known[min(step, len(known) - 2) + 1]
        before = BASE_YEAR + BAND * step
        grid[before + BAND] = age_cohorts(grid[before], shares[old], shares[new])
    table = {BASE_YEAR: base}
    for year in YEARS[1:]:
        left = BASE_YEAR + BAND * ((year - BASE_YEAR) // BAND)
        weight = (year - left) / BAND
        people = grid[left] * (1 - weight) + grid[left + BAND] * weight
        born = np.array(STARTS) < year - BASE_YEAR
        young = people[:, born]
        missing = totals[year] - people.sum()
        people[:, born] = young * (1 + missing / young.sum())
        if people.min() < 0:
            raise SystemExit(f"negative population in {year}")
        table[year] = people
    return table


def mask_sex(rates: Floats, sex: str) -> Floats:
    """Leave only the sexes that can have the site."""
    return rates if sex == "both" else rates * np.array([[name == sex] for name in SEXES])


def tilt(rates: Floats, people: Floats, row: Mapping[str, str]) -> Floats:
    """Tilt a borrowed profile by the least log-linear slope in age that meets the published rates.

    They are rounded, so any slope within the rounding is as good as another: the least is taken.
    """
    if not row["asr_world"] or int(row["number"]) < 100:
        return rates
    asr, crude = row["asr_world"], row["crude_rate"]
    half_asr, half_crude = half_unit(asr), half_unit(crude)
    low = (float(asr) - half_asr) / (float(crude) + half_crude)
    high = (float(asr) + half_asr) / (float(crude) - half_crude)
    at_risk = people * (rates.sum(axis=1, keepdims=True) > 0)
    slopes = np.linspace(-0.3, 0.3, 1201)
    bands = np.arange(len(STARTS)) - len(STARTS) / 2
    cases = (rates * at_risk).sum(axis=0) * np.exp(slopes[:, None] * bands)
    weights = np.array(WORLD_STANDARD) / sum(WORLD_STANDARD)
    standardised = (cases / at_risk.sum(axis=0) * weights).sum(axis=1)
    ratio = standardised / (cases.sum(axis=1) / at_risk.sum())
    miss = np.maximum(0, np.maximum(low - ratio, ratio - high))
    slope = slopes[np.lexsort((np.abs(slopes), miss))[0]]
    tilted: Floats = rates * np.exp(slope * bands)
    return tilted


def half_unit(text: str) -> float:
    """Return half a unit of the last digit written."""
    decimals = len(text.partition(".")[2])
    return 0.5 * 10.0**-decimals


def rake(rates: Floats, people: Floats, target: Floats) -> Floats:
    """Fit sites, shape (site, sex, age), to cases by sex and age while each keeps its own total."""
    table = rates * people
    totals = table.sum(axis=(1, 2))
    for _ in range(200):
        sums = table.sum(axis=0)
        table *= np.divide(target, sums, out=np.zeros_like(sums), where=sums > 0)
        table *= (totals / table.sum(axis=(1, 2)))[:, None, None]
    fitted: Floats = table / people
    return fitted
