"""The machine of a PostgreSQL is lost: a standby that streams from it goes on, with every answer on it."""

import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import mkdtemp

import psycopg
import pytest
from tests.databases import Cluster, find_user, own_cluster
from tests.integration.test_postgres_crash import N_THREADS, check, wait_for
from tests.killing import Answer, writer

from oncopolis.cli.entry import run

__all__ = ["own_cluster"]

NAME = "second"


@pytest.fixture
def standby(own_cluster: Cluster) -> Iterator[Cluster]:
    """A second server, made and started as the guide says."""
    made = Cluster(Path(mkdtemp(prefix="oncopolis-pg-")), own_cluster.programs)
    if user := find_user():
        shutil.chown(made.folder, user)
    ask(own_cluster, f"SELECT pg_create_physical_replication_slot('{NAME}')")
    made.run(
        "pg_basebackup",
        f"--dbname=host={own_cluster.folder} user=oncopolis application_name={NAME}",
        f"--pgdata={made.data}",
        "--wal-method=stream",
        "--write-recovery-conf",
        f"--slot={NAME}",
        "--checkpoint=fast",
    )
    assert (Path(made.data) / "standby.signal").exists()
    made.start()
    yield made
    made.remove()


def ask(cluster: Cluster, sql: str) -> list[tuple[object, ...]]:
    with psycopg.connect(cluster.make_url(), autocommit=True) as connection:
        cursor = connection.execute(sql.encode())
        return cursor.fetchall() if cursor.description else []


def test_the_standby_has_every_answer_when_the_first_machine_is_lost(
    own_cluster: Cluster, standby: Cluster, capsys: pytest.CaptureFixture[str]
) -> None:
    schema = own_cluster.add_schema().rpartition("%3D")[2]
    first, second = own_cluster.make_url(schema), standby.make_url(schema)
    ask(own_cluster, f"ALTER SYSTEM SET synchronous_standby_names = '{NAME}'")
    ask(own_cluster, "SELECT pg_reload_conf()")
    answers: list[Answer] = []
    with writer(first, "1", answers, n_threads=N_THREADS):
        wait_for(answers, 50)
        assert ask(own_cluster, "SELECT sync_state FROM pg_stat_replication") == [("sync",)]
        # Nothing is answered that is on one machine only.
        standby.stop()
        time.sleep(0.5)
        n_answers = len(answers)
        time.sleep(1)
        assert len(answers) == n_answers
        standby.start()
        wait_for(answers, 200)
        own_cluster.stop("immediate")
        time.sleep(0.2)
    assert ask(standby, "SELECT pg_is_in_recovery()") == [(True,)]
    standby.run("pg_ctl", "-D", standby.data, "-w", "promote")
    assert run(["verify", "--database", second]) == 0
    assert "nothing is amiss" in capsys.readouterr().out
    check(second, answers)
    # Life goes on there.
    n_answers = len(answers)
    with writer(second, "2", answers, n_threads=2):
        wait_for(answers, 20)
    check(second, answers)
    assert len(answers) > n_answers
    own_cluster.start()
