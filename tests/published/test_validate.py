"""Every check of `oncopolis validate` in the state it was found in; misses are named, each with its reason.

A miss that turns into a hit, or a hit into a miss, fails here, so that a change is seen. Nothing is tuned
to these figures: whoever changes the evidence for a reason of its own changes this list with it.
"""

import os
from functools import cache
from pathlib import Path

import pytest

from oncopolis.centre import Project, read_project
from oncopolis.centre.geography import get_country, get_site_index
from oncopolis.centre.importers import load_globocan
from oncopolis.evidence import load_evidence
from oncopolis.planning.calculation import calculate
from oncopolis.planning.coefficients import Coefficients
from oncopolis.studies import validate
from oncopolis.studies.validation import Check
from oncopolis.studies.validation.check import Published
from oncopolis.studies.validation.lifetime import N_YEARS, Lifetimes, compute_lifetimes
from oncopolis.studies.validation.mix import NMSC, get_mix
from oncopolis.studies.validation.world import list_world_checks

ROOT = Path(__file__).resolve().parents[2]
SHARED = Path(os.environ.get("ONCOPOLIS_SHARED_DATA", ROOT.parent / "shared" / "data"))
WORLD = SHARED / "incidence" / "globocan2022_incidence_both_sexes.csv"
AUSTRALIA = ROOT / "src/oncopolis/studies/validation/projects/australia"

MISSES = {
    "wilson2019.share.countries": "our shares count every medicine, hormones among them; theirs chemotherapy",
    "wong2016.site_lowest": "mesothelioma, 4.6 fractions; which site has 1.5 was not seen",
    "wong2016.site_highest": "nasopharynx, 32.6 fractions; brain has the published 29.1",
    "retreatment.multiple_myeloma": "survival in relapse is long, and courses come at a constant rate in it",
    "retreatment.melanoma": "use is one share for all stages, so the irradiated relapse no more than others",
    "retreatment.brain_cns": "nearly all relapse, and a tenth of them is irradiated again",
    "rosenblatt2018.cri": "0.44: prostate, thyroid and stomach weigh much in Costa Rica's mix",
    "asan2016.sessions_per_operation": "optimal use and historical fractions beside what one hospital gave",
    "proton.room_year_vendor": "247: minutes from set-up to exit are longer than a vendor's",
    "proton.room_year_ncc_korea": "a capacity beside patients really treated in rooms that were not filled",
    "vandyk2017.high_income": "staff and overhead of the published model were not opened",
    "vandyk2017.low_income": "machines, service and interest at world prices",
    "cancer_tomorrow.kaz.2030": "the release starts from fewer cases than GLOBOCAN 2022",
    "cancer_tomorrow.kaz.2050": "the release starts from fewer cases than GLOBOCAN 2022",
    "alkhatib2025.own_projection": "Kazakhstan again, through our own projection",
    "alkhatib2025.units_2022": "the directory lists 83 machines, the article 75",
}
WITHOUT_FILE = {
    "zhu2024.mv_units_2022",
    "zhu2024.patients_2022",
    "perera2021.share.world",
    "wilson2019.share.world",
    "quarts2005.eu25",
}
NEVER = {"oman.fractions", "retreatment.unknown_primary"}


@cache
def list_checks() -> dict[str, Check]:
    return {check.id: check for check in validate().checks}


@cache
def get_australia() -> Project:
    return read_project(AUSTRALIA)


@cache
def get_lifetimes() -> Lifetimes:
    return compute_lifetimes(get_australia())


def list_of_world(incidence: Path) -> dict[str, Check]:
    published = Published(load_evidence())
    return {
        check.id: check for check in list_world_checks(published, load_globocan(incidence), get_lifetimes())
    }


def test_each_check_is_in_the_state_it_was_found_in() -> None:
    checks = list_checks()
    told = {check.id: (check.published, check.ours, check.low, check.high) for check in checks.values()}
    assert {name for name, check in checks.items() if check.inside is False} == MISSES.keys(), told
    assert {name for name, check in checks.items() if check.inside is None} == WITHOUT_FILE | NEVER
    assert sum(bool(check.inside) for check in checks.values()) == len(checks) - len(MISSES) - len(
        WITHOUT_FILE | NEVER
    )


def test_misses_say_why_and_name_rows_that_exist() -> None:
    rows = load_evidence().rows
    for check in list_checks().values():
        assert bool(check.why) == (check.inside is not True), check.id
        assert set(check.cause) <= rows.keys(), check.id
        if check.inside is False and not check.id.startswith("cancer_tomorrow."):
            assert check.cause, check.id


def test_the_targets_of_the_brief_are_all_there() -> None:
    wanted = (
        "zhu2024 countries_without_rt wong2016 ccore2013 retreatment rosenblatt2018 vandyk2017 wilson2019 "
        "perera2021 quarts2005 datta2014 oman atun alkhatib2025 tyumen proton linac beds cancer_tomorrow"
    )
    assert {name.split(".")[0] for name in list_checks()} >= set(wanted.split())


@pytest.mark.skipif(not WORLD.is_file(), reason=f"no world table at {WORLD}; set ONCOPOLIS_SHARED_DATA")
def test_the_world_needs_what_was_published() -> None:
    checks = list_of_world(WORLD)
    assert checks["zhu2024.mv_units_2022"].ours == pytest.approx(28395, rel=0.005)
    assert checks["zhu2024.mv_units_2022"].inside
    states = {name: checks[name].inside for name in sorted(WITHOUT_FILE)}
    assert states == dict.fromkeys(sorted(WITHOUT_FILE), True) | {"wilson2019.share.world": False}


def test_a_table_of_one_country_is_not_taken_for_the_world(tmp_path: Path) -> None:
    table = tmp_path / "one.csv"
    table.write_text(
        "Alpha-3 code,Population,Cancer code,Label,Number\nUZB,Uzbekistan,15,Lung,2531\n", "utf-8"
    )
    check = list_of_world(table)["zhu2024.mv_units_2022"]
    assert check.ours is None
    assert "185" in check.why


def test_a_life_and_a_year_of_the_planner_agree() -> None:
    """First courses of one year, by the whole planner, are those of a cohort followed for life.

    They come within a year of diagnosis, to the cases of this year and, a little fewer, of the year before.
    """
    project = get_australia()
    calculation = calculate(project, Coefficients(project.evidence))
    figures = calculation.ledger.figures
    of_year = figures["patients.irradiated"].central[0] / figures["demand.cases"].central[0]
    lifetimes, mix, name = get_lifetimes(), get_mix("AUS"), "patients.irradiated"
    skin = get_country("AUS").cases[
        get_site_index()[NMSC]
    ]  # a plan irradiates it too, and leaves it out of cases
    of_life = (mix.sum(lifetimes, name) + skin * lifetimes[NMSC][name]) / mix.n_cases
    cases = figures["demand.cases"].central
    assert of_life * cases[0] / cases[1] < of_year < of_life


def test_nobody_is_left_when_a_cohort_ends() -> None:
    later = compute_lifetimes(get_australia(), n_years=N_YEARS + 20)
    known = get_lifetimes()
    for name in ("measure.courses", "measure.fractions", "patients.irradiated"):
        assert get_mix("AUS").sum(known, name) == pytest.approx(get_mix("AUS").sum(later, name), rel=1e-3)
