"""The door of the studies gives out every study, and reads no more than the one that is asked for."""

import subprocess
import sys

import pytest

from oncopolis import studies

LOADED = "import sys; from oncopolis.studies import {study}; print(*sys.modules)"


@pytest.mark.parametrize("name", studies.__all__)
def test_every_study_is_given_out(name: str) -> None:
    assert getattr(studies, name).__name__ == name


def test_what_is_no_study_is_refused() -> None:
    with pytest.raises(AttributeError, match="no attribute 'guess'"):
        studies.guess  # noqa: B018 (asked for to be refused)


@pytest.mark.parametrize(
    ("study", "spared"),
    [
        ("plan_project", {"numba", "ortools", "sqlalchemy", "oncopolis.twin", "oncopolis.operations"}),
        ("simulate_project", {"ortools", "sqlalchemy", "oncopolis.operations"}),
    ],
)
def test_a_study_loads_what_it_needs(study: str, spared: set[str]) -> None:
    run = [sys.executable, "-c", LOADED.format(study=study)]
    loaded = set(subprocess.run(run, check=True, capture_output=True, text=True).stdout.split())
    assert "oncopolis.centre" in loaded
    assert not spared & loaded
