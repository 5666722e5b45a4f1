"""New cases carried forward on an island whose people, cases and ages never change."""

from pathlib import Path

import pytest
from tests.clinic import (
    PEOPLE,
    Data,
    build_island,
    get,
    lay,
    plan,
    plan_island,
    row,
    share,
    write,
    write_people,
)

from oncopolis.centre import read_project
from oncopolis.planning import Calculation, Coefficients, calculate

POPULATION = "catchment.populations.island"


def plan_folder(folder: Path) -> Calculation:
    project = read_project(folder)
    return calculate(project, Coefficients(project.evidence))


def rate(value: float) -> Data:
    return row(value, "1/year")


def test_nothing_changes_where_nothing_changes() -> None:
    island = plan_island()
    for year in (2026, 2030, 2037):
        assert get(island, "demand.new_cases", year) == pytest.approx(1500)  # the 300 skin cancers left out
        assert get(island, "demand.new_cases.nmsc", year) == pytest.approx(300)
        assert get(island, "demand.new_cases.breast", year) == pytest.approx(1000)
        assert get(island, "demand.population", year) == pytest.approx(PEOPLE)
        assert get(island, "demand.cases", year) == pytest.approx(0.8 * 1500)


def test_the_trend_of_rates_is_compounded() -> None:
    island = plan(lay(build_island(), "catchment.trend", rate(0.02)))
    assert get(island, "demand.new_cases", 2033) == pytest.approx(1500 * 1.02**7)
    assert get(island, "demand.population", 2033) == pytest.approx(PEOPLE)


def test_growth_of_a_region_moves_people_and_cases() -> None:
    island = plan(lay(build_island(), f"{POPULATION}.growth", rate(0.01)))
    assert get(island, "demand.new_cases", 2036) == pytest.approx(1500 * 1.01**10)
    assert get(island, "demand.population", 2036) == pytest.approx(PEOPLE * 1.01**10)


def test_cases_grow_with_the_people_of_their_age(tmp_path: Path) -> None:
    folder = write(tmp_path, build_island())
    write_people(folder, growth=0.4)  # 40 % in 20 years, straight
    island = plan_folder(folder)
    assert get(island, "demand.new_cases", 2036) == pytest.approx(1500 * 1.2)
    assert get(island, "demand.population", 2036) == pytest.approx(PEOPLE * 1.2)


def test_a_region_by_its_people() -> None:
    data = lay(build_island(), f"{POPULATION}.people", row(360_000, "count", per="person"))
    island = plan(data)
    assert get(island, "demand.population") == pytest.approx(360_000)
    assert get(island, "demand.new_cases") == pytest.approx(150)


@pytest.mark.parametrize(("counts", "cases"), [("without_nmsc", 3600), ("with_nmsc", 3600 * 1500 / 1800)])
def test_a_region_by_its_crude_rate(counts: str, cases: float) -> None:
    """100 per 100,000 on 3.6 million people are 3,600 cases of whatever the rate counts."""
    data = lay(
        build_island(), f"{POPULATION}.crude_rate", row(100, "case/year", per="hundred_thousand_persons")
    )
    lay(data, f"{POPULATION}.crude_rate_counts", counts)
    island = plan(data)
    assert get(island, "demand.new_cases") == pytest.approx(cases)
    assert get(island, "demand.new_cases.nmsc") == pytest.approx(cases * 300 / 1500)


@pytest.mark.parametrize(("basis", "cases"), [("estimate", 1500), ("registry", 1200)])
def test_registry_beside_estimate(basis: str, cases: float) -> None:
    data = lay(build_island(), f"{POPULATION}.registered", {"cases": row(1200, "case/year")})
    island = plan(lay(data, f"{POPULATION}.basis", basis))
    assert get(island, "demand.estimated.island") == pytest.approx(1500)
    assert get(island, "demand.registered.island") == 1200
    assert get(island, "demand.registry_ratio.island") == pytest.approx(0.8)
    assert get(island, "demand.new_cases") == pytest.approx(cases)


def test_two_populations_add_up() -> None:
    data = build_island()
    other = dict(data["catchment"]["populations"]["island"]) | {"people": row(900_000, "count", per="person")}
    data["catchment"]["populations"]["shore"] = other | {"label": "Shore"}
    island = plan(data)
    assert get(island, "demand.population") == pytest.approx(PEOPLE + 900_000)
    assert get(island, "demand.new_cases") == pytest.approx(1500 * 1.25)


def stage_share(island: Calculation, stage: str, year: int) -> float:
    assert island.demand is not None
    central = island.demand.stage_shares["breast", stage].central
    return float(central[0] if len(central) == 1 else central[year - 2026])


def test_stages_as_the_cohort_has_them() -> None:
    island = plan_island()
    assert stage_share(island, "i", 2033) == pytest.approx(0.6)
    assert stage_share(island, "iii", 2033) == pytest.approx(0.4)


def test_earlier_diagnosis_moves_on_a_straight_line() -> None:
    shift = {"early_share": share(0.8), "by_year": 2036}
    island = plan(lay(build_island(), "catchment.earlier_diagnosis", shift))
    assert get(island, "demand.late_share") == pytest.approx(0.4)
    for year, late in ((2026, 0.4), (2031, 0.3), (2036, 0.2), (2037, 0.2)):
        assert stage_share(island, "iii", year) == pytest.approx(late), year
        assert stage_share(island, "i", year) == pytest.approx(1 - late), year
    assert get(island, "demand.new_cases", 2036) == pytest.approx(1500)


def test_earlier_diagnosis_from_a_stated_share_of_today() -> None:
    shift = {"start_share": share(0.5), "early_share": share(0.8), "by_year": 2036}
    island = plan(lay(build_island(), "catchment.earlier_diagnosis", shift))
    for year, late in ((2026, 0.5), (2031, 0.35), (2036, 0.2)):
        assert stage_share(island, "iii", year) == pytest.approx(late), year


def test_unstaged_sites_do_not_shift() -> None:
    shift = {"early_share": share(0.8), "by_year": 2036}
    island = plan(lay(build_island(), "catchment.earlier_diagnosis", shift))
    assert island.demand is not None
    assert set(island.demand.stage_shares["lung", "x"].central) == {1.0}


def test_referral_by_site_and_modality() -> None:
    data = lay(build_island(), "catchment.referral.sites", {"lung": {"default": share(0.4)}})
    island = plan(data)
    assert get(island, "demand.cases.lung") == pytest.approx(200)
    assert get(island, "demand.cases") == pytest.approx(800 + 200)


def test_uptake_rises_on_a_straight_line() -> None:
    data = build_island()
    data["flows"] = {}
    full = plan(data)
    data["catchment"]["uptake"] = {
        "radiotherapy": {"start": share(0.4), "full": share(0.9), "full_year": 2036}
    }
    partly = plan(data)
    for year, part in ((2031, 0.65), (2036, 0.9), (2037, 0.9)):
        expected = part * get(full, "measure.fractions", year)
        assert get(partly, "measure.fractions", year) == pytest.approx(expected), year
    assert get(partly, "measure.operations") == pytest.approx(get(full, "measure.operations"))


def test_an_inherited_stock_sets_the_patients_alive_at_opening() -> None:
    without = plan_island()
    stock = {"patients": row(12_000, "count", per="person")}
    island = plan(lay(build_island(), "catchment.inherited_stock", stock))
    assert get(island, "demand.stock_ratio") == pytest.approx(12_000 / get(island, "demand.stock_modelled"))
    assert get(island, "demand.prevalent", 2026) == pytest.approx(12_000, rel=0.02)
    assert get(island, "demand.new_cases", 2026) == get(without, "demand.new_cases", 2026)


def test_growth_of_a_flow_counts_from_the_first_year() -> None:
    data = build_island()
    data["flows"]["patients"]["growth"] = rate(0.05)
    island = plan(data)
    assert get(island, "demand.flows.patients", 2026) == pytest.approx(4000)
    assert get(island, "demand.flows.patients", 2030) == pytest.approx(4000 * 1.05**4)
