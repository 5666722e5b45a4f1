"""A project folder run by the twin: its days, its document, its numbers, and what is said beforehand."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from tests.folders import PROJECTS

from oncopolis.foundation import Finding, InputError
from oncopolis.studies import simulate_project
from oncopolis.studies.preparing import prepare
from oncopolis.studies.sampling import Period, Sampled, Sampler, choose_period
from oncopolis.studies.simulating import count

WARD = PROJECTS / "treatment_centre"


def read_period(folder: Path, days: int = 10, **given: Any) -> Period:
    return choose_period(prepare(folder, {}, lambda what, share: None), days=days, **given)


def test_a_centre_with_cohorts_starts_full_in_the_year_its_last_phase_is_sized_for() -> None:
    assert read_period(PROJECTS / "clinic") == Period(date(2028, 1, 1), 10, 28, 3650)


def test_a_service_without_cohorts_starts_empty() -> None:
    assert read_period(WARD) == Period(date(2026, 1, 1), 10, 0, 0)


def test_a_warm_up_does_not_fall_before_the_opening() -> None:
    assert read_period(WARD, warmup_days=30) == Period(date(2026, 1, 31), 10, 30, 0)
    given = read_period(WARD, warmup_days=30, start=date(2026, 1, 1))
    assert given == Period(date(2026, 1, 1), 10, 30, 0)


def test_what_is_asked_for_goes_before_the_defaults() -> None:
    assert read_period(PROJECTS / "clinic", warmup_days=3, history_days=0) == Period(
        date(2028, 1, 1), 10, 3, 0
    )


@pytest.mark.parametrize("days", [0, -3, 10_000_000])
def test_days_outside_the_calendar_are_refused(days: int) -> None:
    with pytest.raises(InputError, match="days"):
        read_period(WARD, days=days)


def test_same_seed_same_document_and_another_seed_another() -> None:
    first, second, other = (simulate_project(WARD, days=2, seed=seed)[0] for seed in (5, 5, 6))
    assert first == second
    assert first["run"]["replications"] != other["run"]["replications"]


def test_counted_days_begin_on_the_day_asked_for() -> None:
    document, _ = simulate_project(
        PROJECTS / "clinic", days=5, start=date(2029, 3, 1), warmup_days=7, history_days=100
    )
    assert document["run"]["start"] == "2029-03-01"
    assert (document["run"]["days"], document["run"]["warmup_days"]) == (5, 7)
    said = {found["rule"]: found for found in document["findings"]}
    assert "100 days" in said["state-at-start"]["actual"]
    assert "7 days of warm-up" in said["state-at-start"]["actual"]


def test_numbers_are_those_of_all_replications() -> None:
    document, numbers = simulate_project(WARD, days=2, replications=3)
    runs = document["run"]["replications"]
    assert [run["replication"] for run in runs] == [0, 1, 2]
    assert numbers["events"] == sum(run["events"] for run in runs)
    assert numbers["contacts"] == sum(run["contacts"] for run in runs)
    assert numbers["working_days"] == 3  # the first of two days is New Year
    assert numbers["operations"] is None
    assert list(numbers) == [
        "events",
        "contacts",
        "visits",
        "working_days",
        "operations",
        "wall_seconds",
        "cpu_seconds",
        "events_per_second",
    ]


def test_events_a_second_are_those_of_all_the_days_that_the_seconds_are_of() -> None:
    prepared = prepare(PROJECTS / "clinic", {}, lambda what, share: None)
    results = []
    for history, warmup in ((0, 0), (400, 28)):
        period = choose_period(prepared, days=20, history_days=history, warmup_days=warmup)
        results.append(Sampler(prepared.equipped, prepared.intake, period, 1)(0).result)
    assert results[0].events_before == 0
    assert results[1].events_before > results[1].events
    numbers = count([Sampled(results[1], 2.0)] * 2, 3.0)
    assert numbers["events"] == 2 * results[1].events
    assert numbers["cpu_seconds"] == 4
    assert numbers["events_per_second"] == round((results[1].events + results[1].events_before) / 2)


def test_too_much_work_is_said_before_the_run() -> None:
    said: list[Finding] = []
    document, _ = simulate_project(PROJECTS / "call_centre_111", days=1, on_finding=said.append)
    assert [(found.rule, found.where) for found in said] == [("utilisation-above-one", "resources.nurse")]
    assert "111%" in said[0].actual
    assert said[0].model_dump(mode="json") in document["findings"]


def test_stopped_run_says_how_far_it_came() -> None:
    def stop(what: str, share: float) -> None:
        if "2026-01-15" in what:
            raise KeyboardInterrupt

    document, numbers = simulate_project(WARD, days=60, replications=2, on_progress=stop)
    assert not document["run"]["complete"]
    assert document["run"]["days"] == 14
    assert len(document["run"]["replications"]) == 1
    assert numbers["events"] == document["run"]["replications"][0]["events"]


def test_stopped_in_a_later_replication_keeps_those_that_are_complete() -> None:
    seen = []

    def stop(what: str, share: float) -> None:
        seen.append(what)
        if sum("2026-01-15" in each for each in seen) == 2:
            raise KeyboardInterrupt

    document, _ = simulate_project(WARD, days=21, replications=3, on_progress=stop)
    assert not document["run"]["complete"]
    assert document["run"]["days"] == 21
    assert [run["complete"] for run in document["run"]["replications"]] == [True, False]


def test_stopped_before_anything_was_counted_is_passed_on() -> None:
    def stop(what: str, share: float) -> None:
        if "start" in what:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        simulate_project(PROJECTS / "clinic", days=5, on_progress=stop)


def test_replications_kept_in_a_folder_are_not_run_again(tmp_path: Path) -> None:
    calls: list[str] = []
    kept = tmp_path / "kept"
    first, _ = simulate_project(WARD, days=2, replications=2, checkpoint=kept)
    second, _ = simulate_project(
        WARD, days=2, replications=2, checkpoint=kept, on_progress=lambda what, share: calls.append(what)
    )
    assert first == second
    assert not [what for what in calls if "events/s" in what]
    other, _ = simulate_project(WARD, days=2, replications=2, checkpoint=kept, seed=2)
    assert other != first


def test_a_sampler_gives_the_same_after_a_journey() -> None:
    import pickle

    prepared = prepare(WARD, {}, lambda what, share: None)
    sampler = Sampler(prepared.equipped, prepared.intake, choose_period(prepared, days=2), 3)
    travelled = pickle.loads(pickle.dumps(sampler))
    assert travelled(4).result.digest == sampler(4).result.digest


def test_a_day_is_pictured() -> None:
    document, _ = simulate_project(WARD, days=3)
    day = document["day"]
    assert day["date"] == "2026-01-02"
    assert max(max(line) for line in day["present"]) > 0
