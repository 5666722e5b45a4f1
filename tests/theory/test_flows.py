"""A small network over the years: nobody appears from nowhere and nobody is lost."""

import numpy as np
import pytest
from tests.clinic import Data, build_island, count, lay, read, row, share

from oncopolis.planning.coefficients import Array, Coefficients
from oncopolis.planning.flows import Flows
from oncopolis.planning.hazards import compute_hazards
from oncopolis.planning.leaving import blend, convolve

N_YEARS = 35
INFLOW = 100.0


def follow(data: Data) -> Flows:
    """Let 100 people a year into each entry of the cohorts."""
    project = read(data)
    coefficients = Coefficients(project.evidence)
    flows = Flows(project.network, coefficients, compute_hazards(project, coefficients))
    steady = np.full((1, N_YEARS), INFLOW)
    flows.enter(((entry.route, entry.at, frozenset()), steady) for entry in project.network.entries)
    return flows


def sum_entries(flows: Flows, pathway: str) -> Array:
    found = [flow for (key, _, _), flow in flows.entries.items() if key[0] == pathway]
    summed: Array = np.sum(found, axis=0)[0]
    return summed


def sum_deaths(flows: Flows) -> Array:
    dead = np.zeros(N_YEARS)
    for (key, _, _), flow in flows.entries.items():
        dead += convolve(flow, blend(flows.leavings[key].died()))[0]
    return dead


def test_who_entered_is_alive_or_dead() -> None:
    flows = follow(build_island())
    alive_at_end = np.cumsum(3 * INFLOW - sum_deaths(flows))
    person_years = sum(stay[0] for _, stay in flows.list_stays())
    # Advanced disease is fatal at about 0.46 a year: the middle of a year stands for it within 3 %.
    np.testing.assert_allclose((alive_at_end[1:] + alive_at_end[:-1]) / 2, person_years[1:], rtol=0.03)


def test_relapses_of_early_disease_are_the_entries_of_late_disease() -> None:
    flows = follow(build_island())
    relapses = np.zeros(N_YEARS)
    for (key, _, _), flow in flows.entries.items():
        relapses += convolve(flow, blend(flows.leavings[key].relapsed()))[0]
    np.testing.assert_allclose(sum_entries(flows, "late"), INFLOW + relapses)


def test_survival_at_five_years_is_the_stated_one() -> None:
    """Stage by stage the network loses what the stated net survival says, other causes taken off."""
    data = build_island()
    data["evidence"] = {"survival.other_cause": row(0.0, "1/year", per="person")}
    flows = follow(data)
    for stage, stated in (("i", 0.9), ("iii", 0.6)):
        early = flows.leavings["early", "breast", stage]
        late = flows.leavings["late", "breast", ""]
        free = early.alive(np.array([5.0]))[0, 0]
        middle = (np.arange(5000) + 0.5) / 1000
        relapsing = early.relapse[0] * early.alive(middle)[0]
        advanced = float((relapsing * late.alive(5.0 - middle)[0]).mean()) * 5
        assert free + advanced == pytest.approx(stated, abs=0.001)


def test_episodes_one_after_the_other_follow_a_geometric_series() -> None:
    data = build_island()
    again = {"id": "again", "start": "care", "when": "completion", "share": share(0.3)}
    lay(data, "pathways.care.episodes", [again])
    project = read(data)
    flows = Flows(project.network, Coefficients(project.evidence), None)
    flows.enter([((("care", "", ""), None, frozenset()), np.full((1, 20), INFLOW))])
    total = sum_entries(flows, "care")
    assert total[-1] == pytest.approx(INFLOW / 0.7, rel=1e-3)


@pytest.mark.parametrize("part", [0.0, 0.25, 1.0])
def test_an_episode_starts_for_its_share(part: float) -> None:
    data = build_island()
    whole = sum_entries(follow(data), "late") - INFLOW
    lay(data, "pathways.early.episodes.0.share", share(part))
    np.testing.assert_allclose(sum_entries(follow(data), "late") - INFLOW, part * whole, atol=1e-9)


def test_a_yearly_rate_of_episodes_is_rate_times_people() -> None:
    data = build_island()
    check = {"id": "check", "start": "care", "when": "rate", "rate": row(2.0, "1/year")}
    data["pathways"]["late"]["episodes"] = [check]
    flows = follow(data)
    late = sum(stay[0] for route, stay in flows.list_stays() if route.pathway == "late")
    np.testing.assert_allclose(sum_entries(flows, "care"), 2 * late, rtol=1e-9)


def test_who_loses_touch_is_counted_once() -> None:
    """An attribute brought from an earlier episode is not gained a second time."""
    data = build_island()
    lay(data, "pathways.early.steps.2.when", {"share": share(1.0)})
    lay(data, "pathways.late.steps.1.when", {"share": share(1.0)})
    lay(data, "pathways.late.steps.1.repeat.n", count(1))
    flows = follow(data)
    gained = np.zeros(N_YEARS)
    for happening in flows.list_happenings(list(range(N_YEARS))):
        if "irradiated" in happening.gained:
            gained += happening.gained["irradiated"][0]
    # Everybody is irradiated soon after the first diagnosis, so relapses add nobody.
    assert gained[-1] == pytest.approx(3 * INFLOW, rel=0.02)
