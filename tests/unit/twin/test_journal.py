"""The event log as Parquet: what is in it, who can read it, and that nothing half-written stays."""

import sys
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest
from tests.folders import PROJECTS

from oncopolis.centre.journal import COLUMNS, OUTCOMES
from oncopolis.foundation import ExternalError, InputError
from oncopolis.studies.preparing import prepare
from oncopolis.studies.sampling import Sampler, choose_period
from oncopolis.twin.journal import ParquetJournal, check_log


def make_sampler(name: str, days: int) -> Sampler:
    prepared = prepare(PROJECTS / name, {}, lambda what, share: None)
    return Sampler(prepared.equipped, prepared.intake, choose_period(prepared, days=days), 1)


def write(path: Path, name: str = "clinic", days: int = 40) -> Sampler:
    sampler = make_sampler(name, days)
    with ParquetJournal(path, sampler.model) as journal:
        sampler.result = sampler.run(0, journal).result  # type: ignore[attr-defined]  # for the tests below
    return sampler


def ask(query: str) -> tuple[Any, ...]:
    row = duckdb.connect().execute(query).fetchone()
    assert row is not None
    return tuple(row)


def test_lines_are_what_the_run_counted(tmp_path: Path) -> None:
    path = tmp_path / "events.parquet"
    result = write(path).result  # type: ignore[attr-defined]
    log = pl.read_parquet(path)
    assert list(log.columns) == list(COLUMNS)
    done = log.filter(pl.col("outcome") == "done")
    by_activity = dict(done.group_by("activity").len().iter_rows())
    counted = dict(zip(result.activities.names, result.activities.done.tolist(), strict=True))
    assert by_activity == {name: n for name, n in counted.items() if n}
    assert set(log["outcome"].unique()) <= set(OUTCOMES)
    sent_home = log.filter(pl.col("outcome") == "sent_home")
    assert len(sent_home) == result.activities.sent_home.sum()
    assert sent_home["start"].null_count() == len(sent_home)
    assert [path.name for path in tmp_path.iterdir()] == ["events.parquet"]


def test_moments_are_those_of_the_centre(tmp_path: Path) -> None:
    path = tmp_path / "events.parquet"
    write(path)
    row = ask(
        f"""select min("end") >= timestamp '2028-01-01', max("end") < timestamp '2028-02-10',
        bool_and(asked <= start), bool_and(start <= "end"),
        bool_and(hour(start) between 8 and 16), count(distinct resource)
        from '{path}' where outcome = 'done'"""
    )
    assert row[:5] == (True, True, True, True, True)
    assert row[5] >= 1


def test_a_patient_is_one_case(tmp_path: Path) -> None:
    path = tmp_path / "events.parquet"
    write(path, "treatment_centre", 3)
    counted = f"""select "case", count(*) as n from '{path}' where step = 'triage' group by all"""
    row = ask(f"select max(n) from ({counted})")
    assert row == (1,)


def test_an_error_leaves_nothing_and_keeps_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / "events.parquet"
    path.write_text("earlier")
    sampler = make_sampler("treatment_centre", 1)

    def interrupted() -> None:
        with ParquetJournal(path, sampler.model) as journal:
            sampler.run(0, journal)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert path.read_text() == "earlier"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
def test_full_disk() -> None:
    with pytest.raises(ExternalError, match="no space left") as caught:
        write(Path("/dev/full"), "treatment_centre", 1)
    assert caught.value.code == "TWN-062"


@pytest.mark.parametrize("place", ["missing/events.parquet", "."])
def test_place_that_cannot_be_written_to(tmp_path: Path, place: str) -> None:
    with pytest.raises(InputError, match="TWN-061"):
        check_log(tmp_path / place)


def test_without_pyarrow_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(ExternalError, match=r"oncopolis\[log\]"):
        check_log(tmp_path / "events.parquet")
    assert not list(tmp_path.iterdir())
