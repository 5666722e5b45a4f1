"""What if: paired differences of a centre and a scenario of it."""

from pathlib import Path

import pytest
from tests.folders import make_clinic

from oncopolis.foundation import InputError, NotFoundError
from oncopolis.report.scenarios import write_comparison
from oncopolis.studies import compare_scenarios

DAYS = 20


def test_nothing_differs_when_what_is_set_is_what_it_was(tmp_path: Path) -> None:
    found = compare_scenarios(
        make_clinic(tmp_path), {"flows.others.volume": "900"}, days=DAYS, replications=2
    )
    assert found.differences == ()
    assert all(line.difference.value == 0 for line in found.targets)
    assert "No figure surely differs" in write_comparison(found.to_document())


@pytest.mark.slow
def test_more_patients_are_more_work_and_are_told_by_effect(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "110")
    found = compare_scenarios(
        make_clinic(tmp_path), {"flows.others.volume": "4000"}, days=DAYS, replications=3
    )
    by_name = {line.figure: line for line in found.differences}
    assert by_name["arrivals.flow.others"].difference.low > 0
    assert by_name["resource.doctor.utilisation"].difference.low > 0
    assert "arrivals.cohort.breast.i" not in by_name  # the same chances: others do not change them
    effects = [line.effect for line in found.differences]
    assert effects == sorted(effects, reverse=True)
    assert {line.figure for line in found.targets} == {"talked", "busy"}
    assert found.not_modelled
    told = write_comparison(found.to_document())
    assert "arrivals.flow.others" in told
    assert "Not modelled" in told


def test_a_number_that_the_plan_finds_can_be_set(tmp_path: Path) -> None:
    found = compare_scenarios(make_clinic(tmp_path), {"resources.doctor.n": "3"}, days=DAYS, replications=2)
    line = {line.figure: line for line in found.differences}["resource.doctor.utilisation"]
    assert line.scenario < line.base


@pytest.mark.parametrize(("settings", "replications"), [({}, 2), ({"flows.others.volume": "1"}, 1)])
def test_what_cannot_be_compared(tmp_path: Path, settings: dict[str, str], replications: int) -> None:
    with pytest.raises(InputError, match="TWN-065"):
        compare_scenarios(make_clinic(tmp_path), settings, replications=replications)


def test_a_key_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match="nn"):
        compare_scenarios(make_clinic(tmp_path), {"resources.doctor.nn": "1"}, days=1, replications=2)
