"""How the packaged country figures are derived."""

from pathlib import Path

import numpy as np
import pytest

from geography_method import STARTS, WORLD_STANDARD, YEARS, age_cohorts, project, rake, tilt
from oncopolis.centre import geography

N = len(STARTS)
DATA = Path(geography.__file__).with_name("data")


def make_people(total: float = 1800.0) -> np.ndarray:
    return np.full((2, N), total / 2 / N)


def test_cohorts_keep_their_change_ratio() -> None:
    old, new = make_people(), make_people()
    new[:, 5] *= 0.5
    aged = age_cohorts(make_people() * 3, old, new)
    np.testing.assert_allclose(aged[:, 5], make_people()[:, 5] * 1.5)
    np.testing.assert_allclose(aged[:, 4], make_people()[:, 4] * 3)


def test_only_the_born_later_meet_the_total() -> None:
    shares = {year: make_people() for year in range(2025, 2051, 5)}
    low = project(make_people(), shares, dict.fromkeys(YEARS, 1800.0))
    high = project(make_people(), shares, dict.fromkeys(YEARS, 2400.0))
    for year in YEARS[1:]:
        assert high[year].sum() == pytest.approx(2400)
        alive = np.array(STARTS) >= year - YEARS[0]
        np.testing.assert_allclose(high[year][:, alive], low[year][:, alive])
    np.testing.assert_array_equal(high[YEARS[0]], make_people())


def test_fitting_keeps_both_margins() -> None:
    rng = np.random.default_rng(1)
    rates, people, cases = rng.uniform(1, 2, (3, 2, N)), make_people(), rng.uniform(1, 2, (3, 2, N))
    rates *= (cases.sum(axis=(1, 2)) / (rates * people).sum(axis=(1, 2)))[:, None, None]
    fitted = rake(rates, people, cases.sum(axis=0)) * people
    np.testing.assert_allclose(fitted.sum(axis=0), cases.sum(axis=0), rtol=1e-6)
    np.testing.assert_allclose(fitted.sum(axis=(1, 2)), cases.sum(axis=(1, 2)), rtol=1e-6)


def test_tilt_meets_the_published_rates_and_else_leaves_alone() -> None:
    people, flat = make_people(), np.ones((2, N))
    weights = np.array(WORLD_STANDARD) / sum(WORLD_STANDARD)
    tilted = tilt(flat, people, {"asr_world": "5.0", "crude_rate": "10.0", "number": "1000"})
    assert (tilted[0] * weights).sum() / tilted[0].mean() == pytest.approx(0.5, abs=0.01)
    assert tilted[0, -1] > tilted[0, 0]
    np.testing.assert_allclose(
        tilt(flat, people, {"asr_world": "10", "crude_rate": "10", "number": "1000"}), flat
    )
    few = {"asr_world": "5.0", "crude_rate": "10.0", "number": "99"}
    np.testing.assert_array_equal(tilt(flat, people, few), flat)


@pytest.mark.parametrize("path", sorted(DATA.glob("*.csv")), ids=lambda path: path.name)
def test_every_file_names_its_source(path: Path) -> None:
    first, *rest = path.read_text(encoding="utf-8").splitlines()
    assert first.startswith("# ")
    assert any("make_geography.py" in line for line in rest if line.startswith("# "))
    assert path.name in (DATA.parent / "DATA_NOTICE.md").read_text(encoding="utf-8")
