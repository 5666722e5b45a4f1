"""Replications are added until the mean wait is known well enough, and not beyond the most."""

from typing import Any

import pytest
from tests.folders import PROJECTS

from oncopolis.studies import simulate_project

NURSES = PROJECTS / "nurses"


def live(**given: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    document, _ = simulate_project(NURSES, days=20, warmup_days=2, **given)
    said = {found["rule"]: found for found in document["findings"]}
    return document, said["precision-of-replications"]


@pytest.fixture(scope="module")
def known() -> tuple[dict[str, Any], dict[str, Any]]:
    return live(within=0.05)


def test_as_many_as_the_precision_takes(known: tuple[dict[str, Any], dict[str, Any]]) -> None:
    document, said = known
    mean = document["waits"]["all"]["mean"]
    assert document["run"]["complete"]
    assert said["severity"] == "note"
    assert (mean["high"] - mean["low"]) / 2 <= 0.05 * mean["value"]
    assert f"after {len(document['run']['replications'])} replications" in said["actual"]


def test_the_most_ends_it_and_is_told() -> None:
    document, said = live(within=0.0001, replications=4)
    assert len(document["run"]["replications"]) == 4
    assert document["run"]["complete"]
    assert said["severity"] == "warning"


def test_workers_change_nothing(known: tuple[dict[str, Any], dict[str, Any]]) -> None:
    assert live(within=0.05, workers=2)[0] == known[0]
