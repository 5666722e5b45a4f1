"""Each rule of a plan's findings: a project that breaks it and one that does not."""

import re
from collections.abc import Callable
from inspect import getsource

import pytest
from tests.clinic import Data, build, build_island, count, lay, read, row, share

from oncopolis.foundation import Finding
from oncopolis.planning import findings
from oncopolis.planning.plan import make_plan


def list_found(data: Data, n_draws: int = 0) -> list[Finding]:
    return list(make_plan(read(data), n_draws=n_draws, seed=1).findings)


def with_protons(full_year: int) -> Data:
    """A proton department from 2030, and radiotherapy used in full only by a year."""
    data = build_island()
    data["departments"]["proton"] = {"label": "Protons", "gross": row(2.0, "ratio")}
    data["openings"][1]["departments"].append("proton")
    uptake = {"start": share(0.4), "full": share(0.9), "full_year": full_year}
    data["catchment"]["uptake"] = {"radiotherapy": uptake}
    return data


def with_few_linacs(n: int) -> Data:
    return lay(with_protons(2027), "resources.linac.n", n)


def with_registry(cases: int) -> Data:
    registered = {"cases": row(cases, "case/year")}
    return lay(build_island(), "catchment.populations.island.registered", registered)


def with_cohort_of_skin(*, has_cohort: bool) -> Data:
    data = build_island()
    if has_cohort:
        stages = {"x": {"share": "rest", "pathway": "care"}}
        data["cohorts"]["nmsc"] = {"label": "skin", "stages": stages}
    return data


def without(department: str) -> Data:
    data = build()
    data["openings"] = [{"id": "all", "label": "All", "year": 2027, "sized_for": 2033}]
    named = [key for key in data["departments"] if key != department]
    data["openings"][0]["departments"] = named
    return data


def with_norm(cases_each: float) -> Data:
    return lay(build(), "resources.doctor.staffing.norms.0.each", count(cases_each))


def with_unopened(opened: bool) -> Data:
    """Every row that is uncertain, opened or not."""
    data = build()

    def walk(value: object) -> None:
        if isinstance(value, dict):
            if "low" in value:
                value["opened"] = opened
            for item in value.values():
                walk(item)
        elif isinstance(value, list):
            for item in value:
                walk(item)

    walk(data)
    return data


def with_tanks(n: int) -> Data:
    return lay(build(), "biobank.tanks", n)


Case = tuple[str, str, Callable[[], Data], Callable[[], Data], int]

CASES: list[Case] = [
    ("protons-before-photons", "warning", lambda: with_protons(2036), lambda: with_protons(2030), 0),
    ("given-count-too-small", "error", lambda: with_few_linacs(1), lambda: with_few_linacs(60), 0),
    ("department-never-opens", "note", lambda: without("biobank"), build, 0),
    ("site-without-cohort", "warning", build_island, lambda: with_cohort_of_skin(has_cohort=True), 0),
    ("registry-far-from-estimate", "warning", lambda: with_registry(900), lambda: with_registry(1450), 0),
    ("norm-far-from-activity", "note", lambda: with_norm(100), lambda: with_norm(1000), 0),
    (
        "biobank-full",
        "warning",
        lambda: lay(build(), "biobank.tanks", 3),
        lambda: lay(build(), "biobank.tanks", 9),
        0,
    ),
    (
        "unverified-headline-rows",
        "note",
        lambda: with_unopened(opened=False),
        lambda: with_unopened(True),
        300,
    ),
]


@pytest.mark.parametrize("case", CASES, ids=[case[0] for case in CASES])
def test_the_rule_speaks_where_it_is_broken_and_only_there(case: Case) -> None:
    rule, severity, breaking, keeping, n_draws = case
    broken = [finding for finding in list_found(breaking(), n_draws) if finding.rule == rule]
    assert broken, rule
    assert {finding.severity for finding in broken} == {severity}
    assert all(finding.where and finding.message and finding.fix for finding in broken)
    assert rule not in {finding.rule for finding in list_found(keeping(), n_draws)}


def test_every_rule_has_its_case() -> None:
    known = set(re.findall(r'rule="([a-z-]+)"', getsource(findings)))
    assert known == {case[0] for case in CASES}


def test_too_few_linacs_are_unmet_photon_need_once_protons_open() -> None:
    rules = [finding.rule for finding in list_found(with_few_linacs(1))]
    assert "protons-before-photons" in rules
    assert "protons-before-photons" not in [finding.rule for finding in list_found(with_few_linacs(60))]


def test_a_signature_is_as_good_as_an_opened_source() -> None:
    data = with_unopened(True)
    data["flows"]["patients"]["volume"] |= {"opened": False}
    weak = [finding for finding in list_found(data, 300) if finding.rule == "unverified-headline-rows"]
    assert [finding.actual for finding in weak] == ["flows.patients.volume"]
    data["flows"]["patients"]["volume"] |= {"signed_by": ["Head of planning"]}
    assert not [finding for finding in list_found(data, 300) if finding.rule == "unverified-headline-rows"]
