"""The power goes: whatever was answered is there, and nothing is half there."""

import random
from pathlib import Path

import pytest
from tests.blackout import Tape
from tests.power import cut_power, remember, work

SEED = 20261122


def record(folder: Path, synchronous: str, n_commands: int) -> Tape:
    folder.mkdir()
    tape = Tape()
    with remember(folder, tape, synchronous) as store:
        work(store, tape, n_threads=4, n_commands=n_commands, seed=SEED)
    return tape


def choose(tape: Tape, n: int) -> list[int]:
    """Return some steps after which the power goes."""
    return sorted(random.Random(SEED).sample(range(1, len(tape.steps) + 1), min(n, len(tape.steps))))


def test_what_was_answered_survives_a_power_cut(tmp_path: Path) -> None:
    tape = record(tmp_path / "lived", "FULL", 15)
    assert len(tape.list_answers(len(tape.steps))) > 30
    assert cut_power(tape, choose(tape, 25), tmp_path / "cuts", SEED) == []


@pytest.mark.soak
def test_what_was_answered_survives_a_power_cut_at_every_step(tmp_path: Path) -> None:
    tape = record(tmp_path / "lived", "FULL", 60)
    assert cut_power(tape, list(range(1, len(tape.steps) + 1)), tmp_path / "cuts", SEED) == []


def test_the_test_sees_what_is_lost_without_syncs(tmp_path: Path) -> None:
    tape = record(tmp_path / "lived", "NORMAL", 15)
    faults = cut_power(tape, choose(tape, 25), tmp_path / "cuts", SEED)
    assert any("lost:" in fault for fault in faults)
