"""Who comes, and the hazards of every route, are those of the plan."""

from functools import cache
from math import exp, log
from pathlib import Path

import pytest
from tests.clinic import build, build_island, count, lay, read, row, share
from tests.shared import plan_example, read_example

from oncopolis.centre import Project, read_project
from oncopolis.centre.intake import Inflow, Intake
from oncopolis.foundation import OncopolisError
from oncopolis.planning import Coefficients, calculate
from oncopolis.planning.calculation import BACK_YEARS
from oncopolis.studies import make_intake

GENERAL = Path(__file__).parents[1] / "centre" / "general"


@cache
def read_island() -> Project:
    return read(build_island())


@cache
def take_island() -> Intake:
    return make_intake(read_island())


def find(intake: Intake, name: str) -> Inflow:
    return next(inflow for inflow in intake.inflows if inflow.name == name)


def test_cases_of_the_catchment_come_by_site_and_stage_before_referral() -> None:
    early, late = find(take_island(), "cohort.breast.i"), find(take_island(), "cohort.breast.iii")
    lung = find(take_island(), "cohort.lung.x")
    for year in (2026, 2031, 2037):
        assert early.per_year[year] == pytest.approx(600)
        assert late.per_year[year] == pytest.approx(400)
        assert lung.per_year[year] == pytest.approx(500)
    assert early.route == ("early", "breast", "i")
    assert early.flow is None


def test_years_reach_from_those_still_followed_to_the_end_of_the_plan() -> None:
    for inflow in take_island().inflows:
        assert list(inflow.per_year) == list(range(2026 - BACK_YEARS, 2038))


def test_flows_keep_their_name_and_entrance() -> None:
    data = lay(build(), "flows.patients.at", "radiotherapy")
    (flow,) = make_intake(read(data)).inflows
    assert (flow.name, flow.flow, flow.at) == ("flow.patients", "patients", "radiotherapy")
    assert flow.per_year[2030] == pytest.approx(4000)


def test_a_flow_grows_from_the_first_year_on() -> None:
    data = lay(build(), "flows.patients.growth", row(0.1, "1/year"))
    (flow,) = make_intake(read(data)).inflows
    assert flow.per_year[2020] == pytest.approx(4000)
    assert flow.per_year[2028] == pytest.approx(4000 * 1.1**2)


def test_hazards_leave_the_stated_survival() -> None:
    fates = take_island().fates
    lung, advanced = fates["late", "lung", ""], fates["late", "breast", ""].death
    ratio = lung.death / (-log(0.1) / 5)  # deaths in this country over those survival is stated for
    assert 0.5 < ratio < 2
    assert advanced == pytest.approx(-ratio * log(0.3) / 5)
    assert (lung.relapse, lung.relapse_years) == (0, 0)
    early = fates["early", "breast", "i"]
    r = early.relapse
    left = exp(-5 * r) + r / (advanced - r) * (exp(-5 * r) - exp(-5 * advanced))
    assert left == pytest.approx(0.9**ratio)
    assert early.relapse_years > 5
    assert early.other > 0
    assert early.ageing > 0
    assert early.death == 0


def test_routes_nothing_competes_with_have_no_fate() -> None:
    assert ("care", "", "") not in take_island().fates
    assert make_intake(read(build())).fates == {}


def test_a_hazard_of_a_pathway_needs_no_catchment() -> None:
    data = lay(build(), "pathways.care.survival", {"hazard": row(0.2, "1/year")})
    (fate,) = make_intake(read(data)).fates.values()
    assert fate.death == pytest.approx(0.2)
    assert (fate.relapse, fate.other) == (0, 0)


def test_the_share_treated_here_is_known_for_every_modality_on_a_route() -> None:
    here = take_island().here
    assert set(here) == {
        (site, modality)
        for site, modalities in (
            ("breast", (None, "surgery", "radiotherapy")),
            ("lung", (None, "radiotherapy")),
        )
        for modality in modalities
    }
    assert here["breast", "surgery"][2030] == pytest.approx(0.8)
    assert here["lung", "radiotherapy"][2030] == pytest.approx(0.5)
    assert make_intake(read(build())).here == {}


def test_uptake_changes_the_share_year_by_year() -> None:
    uptake = {"radiotherapy": {"start": share(0.5), "full": share(1.0), "full_year": 2030}}
    here = make_intake(read(lay(build_island(), "catchment.uptake", uptake))).here["lung", "radiotherapy"]
    assert here[2020] == pytest.approx(0.25)
    assert here[2028] == pytest.approx(0.375)
    assert here[2037] == pytest.approx(0.5)


def test_the_inherited_stock_scales_the_years_before_opening() -> None:
    data = build_island()
    before = find(make_intake(read(data)), "cohort.breast.i").per_year
    project = read(lay(data, "catchment.inherited_stock", {"patients": count(500)}))
    after = find(make_intake(project), "cohort.breast.i").per_year
    assert after[2030] == before[2030]
    ratio = calculate(project, Coefficients(project.evidence)).ledger.figures["demand.stock_ratio"].central
    assert after[2010] == pytest.approx(before[2010] * ratio[0])


def test_survival_that_is_missing_is_told() -> None:
    data = build_island()
    del data["cohorts"]["lung"]["advanced_survival"]
    with pytest.raises(OncopolisError, match="PLA-002"):
        make_intake(read(data))


@pytest.mark.parametrize("folder", [GENERAL / "call_centre", GENERAL / "stroke_ward"], ids=lambda p: p.name)
def test_centres_without_catchment_or_money_have_an_intake(folder: Path) -> None:
    project = read_project(folder)
    intake = make_intake(project)
    assert [inflow.flow for inflow in intake.inflows] == list(project.centre.flows)
    assert intake.here == {}


@pytest.mark.slow
@pytest.mark.parametrize("name", ["severance", "tashkent", "tyumen"])
def test_inflows_of_the_examples_add_up_to_the_demand_of_the_plan(name: str) -> None:
    project, ledger = read_example(name), plan_example(name).calculation.ledger
    intake, year = make_intake(project), project.centre.reference_year

    def get_planned(key: str) -> float:
        values = ledger.figures[key].central
        return float(values[ledger.find_year(year) if len(values) > 1 else 0])

    opening = min(opening.year for opening in project.centre.openings)
    assert year >= opening
    for site in project.centre.cohorts:
        cases = sum(i.per_year[year] for i in intake.inflows if i.name.startswith(f"cohort.{site}."))
        assert cases == pytest.approx(get_planned(f"demand.new_cases.{site}"))
        here = cases * intake.here[site, None][year]
        assert here == pytest.approx(get_planned(f"demand.cases.{site}"))
    for flow in project.centre.flows:
        people = find(intake, f"flow.{flow}").per_year[year]
        assert people == pytest.approx(get_planned(f"demand.flows.{flow}"))
