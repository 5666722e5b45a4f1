"""Intervals and tornado out of the draws."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from oncopolis.planning.ancestry import Ancestry
from oncopolis.planning.coefficients import Array, Coefficients
from oncopolis.planning.quantity import Ledger

INTERVAL = (0.05, 0.95)  # structure: the interval shown holds nine draws of ten
QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)  # structure: quantiles listed for headlines
LONGEST = 10  # structure: bars of a tornado
CANDIDATES = 40  # structure: bars kept until it is known which coefficients a headline rests on
STANDARD_ERRORS = 4  # structure: a bar must stand out of the noise of the draws by this many


@dataclass(frozen=True)
class Bar:
    """What one coefficient does to a headline between the ends of its range."""

    evidence: str
    low_value: float
    high_value: float
    at_low: float
    at_high: float


@dataclass(frozen=True)
class Uncertainty:
    """What the draws say."""

    intervals: Mapping[str, tuple[float, float]]
    quantiles: Mapping[str, Mapping[str, float]]
    tornado: Mapping[str, tuple[Bar, ...]]


def compute_uncertainty(
    ledger: Ledger, coefficients: Coefficients, headlines: Sequence[str], year: int
) -> Uncertainty:
    """Summarise the draws of a ledger in one year.

    Parameters
    ----------
    ledger
        Figures computed on draws.
    coefficients
        The draws themselves.
    headlines
        Figures to take apart.
    year
        Calendar year looked at.
    """
    column = ledger.find_year(year)
    drawn = {
        key: _pick(figure.values, column)
        for key, figure in ledger.figures.items()
        if figure.values.shape[0] > 1
    }
    table = np.array([values[1:] for values in drawn.values()])
    low, high = np.quantile(table, INTERVAL, axis=1) if drawn else (np.zeros(0), np.zeros(0))
    shown = [key for key in headlines if key in drawn]
    return Uncertainty(
        intervals={key: (float(low[i]), float(high[i])) for i, key in enumerate(drawn)},
        quantiles={key: _list_quantiles(drawn[key][1:]) for key in shown},
        tornado=_compute_tornado({key: drawn[key] for key in shown}, coefficients),
    )


def _pick(values: Array, column: int) -> Array:
    return values[:, 0] if values.shape[1] == 1 else values[:, column]


def _list_quantiles(values: Array) -> dict[str, float]:
    return {
        f"{level:g}": float(value)
        for level, value in zip(QUANTILES, np.quantile(values, QUANTILES), strict=True)
    }


def _compute_tornado(
    headlines: Mapping[str, Array], coefficients: Coefficients
) -> dict[str, tuple[Bar, ...]]:
    """Regress each headline on each coefficient: columns are independent, so that slopes stand alone."""
    keys = [key for key, row in coefficients.used.items() if row.is_ranged]
    if not keys or not headlines:
        return {}
    drawn = np.array([coefficients.get(key)[1:] for key in keys])
    spread = drawn - drawn.mean(axis=1, keepdims=True)
    variance = (spread**2).mean(axis=1)
    bars: dict[str, tuple[Bar, ...]] = {}
    for headline, values in headlines.items():
        centred = values[1:] - values[1:].mean()
        deviation = float(np.sqrt((centred**2).mean()))
        if deviation <= 0:
            continue
        slopes = spread @ centred / len(centred) / variance
        pull = np.abs(slopes) * np.sqrt(variance) / deviation
        order = [
            int(i)
            for i in np.argsort(-pull)[:CANDIDATES]
            if pull[i] > STANDARD_ERRORS / np.sqrt(len(centred))
        ]
        bars[headline] = tuple(
            _make_bar(keys[i], float(slopes[i]), float(values[0]), coefficients) for i in order
        )
    return bars


def keep_ancestors(uncertainty: Uncertainty, ancestry: Ancestry, ledger: Ledger) -> Uncertainty:
    """Drop bars of coefficients a headline does not rest on: what is left of chance among many columns."""
    tornado = {}
    for headline, bars in uncertainty.tornado.items():
        rows = ancestry.list_rows(ledger.figures[headline])
        tornado[headline] = tuple(bar for bar in bars if bar.evidence in rows)[:LONGEST]
    return replace(uncertainty, tornado=tornado)


def _make_bar(key: str, slope: float, central: float, coefficients: Coefficients) -> Bar:
    row = coefficients.used[key]
    return Bar(
        evidence=key,
        low_value=row.lowest,
        high_value=row.highest,
        at_low=central + slope * (row.lowest - row.value),
        at_high=central + slope * (row.highest - row.value),
    )
