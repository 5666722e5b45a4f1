"""What follows what, read from an event log: against a plain count over the same lines."""

from collections import Counter, defaultdict
from itertools import pairwise
from pathlib import Path
from statistics import median

import polars as pl
import pytest
from tests.folders import PROJECTS

from oncopolis.centre import read_project
from oncopolis.studies import following, simulate_project
from oncopolis.twin import journal

EXAMPLE = PROJECTS.parents[1] / "examples" / "tashkent"


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("log") / "events.parquet"
    simulate_project(PROJECTS / "clinic", days=40, log=path)
    return path


def test_equals_a_plain_count(log: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Read in parts of few lines, so that patients go on from one part to the next."""
    project = read_project(PROJECTS / "clinic")
    whole = following.follow(log, project)
    monkeypatch.setattr(journal, "GROUP_ROWS", 37)
    assert following.follow(log, project) == whole
    own = following.find_own(project)
    lines = pl.read_parquet(log).filter(pl.col("outcome") == "done").to_dicts()
    lines = [line for line in lines if (line["pathway"], line["activity"]) in own]
    process = whole[0]
    assert process.pathway == "care"  # on the other pathway nothing can follow anything
    assert len(whole) == 1
    kept = {station.activity for station in process.stations}
    walks = defaultdict(list)
    people = set()
    for line in lines:
        if line["pathway"] == "care":
            people.add(line["case"])
            if line["activity"] in kept:
                walks[line["case"]].append(line)
    assert process.people == len(people)
    for station in process.stations:
        had = [[line["activity"] for line in walk].count(station.activity) for walk in walks.values()]
        assert (station.people, station.n) == (sum(n > 0 for n in had), sum(had))
    expected: Counter[tuple[str, str]] = Counter()
    times = defaultdict(list)
    for walk in walks.values():
        names = ["", *(line["activity"] for line in walk), ""]
        expected.update(pairwise(names))
        for before, after in pairwise(walk):
            took = (after["start"] - before["end"]).total_seconds() / 60
            times[before["activity"], after["activity"]].append(max(took, 0.0))
    assert {(edge.before, edge.after): edge.n for edge in process.edges} == expected
    for edge in process.edges:
        if edge.before and edge.after:
            middle = median(times[edge.before, edge.after])
            # Bins are an eighth of a doubling wide; an even number of times has two middles.
            assert edge.median_min == pytest.approx(middle, rel=0.15, abs=0.01) or edge.n < 20


def test_what_is_done_beside_is_left_out() -> None:
    project = read_project(EXAMPLE)
    own = following.find_own(project)
    assert {("breast_early", "infusion"), ("breast_early", "tumour_board")} <= own
    assert not {("breast_early", "laboratory_sample"), ("breast_early", "tissue_block")} & own


def test_a_run_without_a_log_has_no_processes(log: Path) -> None:
    document, _ = simulate_project(PROJECTS / "clinic", days=2)
    assert document["processes"] == []


def test_the_log_is_in_the_document_and_nothing_else_changes(tmp_path: Path) -> None:
    with_log, _ = simulate_project(PROJECTS / "clinic", days=20, log=tmp_path / "a.parquet")
    without, _ = simulate_project(PROJECTS / "clinic", days=20)
    assert with_log["processes"]
    different = {key for key in without if with_log[key] != without[key]}
    assert different == {"processes", "stress"}
