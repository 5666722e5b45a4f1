"""The tables: made, upgraded, and refused when they are of a newer program."""

from collections.abc import Callable
from pathlib import Path
from shutil import copytree

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine
from sqlalchemy.pool import StaticPool
from tests.records import ACT, make_keys, make_slot, query

from oncopolis.foundation.errors import ConflictError, ExternalError, InputError
from oncopolis.record.store import Store, open_store
from oncopolis.record.store.schema import HEAD, STEPS, prepare
from oncopolis.record.store.session import Session
from oncopolis.record.store.store import find_database
from oncopolis.record.store.tables import METADATA

NEXT_STEP = '''"""Colours of slots."""

import sqlalchemy as sa
from alembic import op

revision = "9999"
down_revision = "{head}"


def upgrade() -> None:
    op.add_column("claim", sa.Column("colour", sa.String(), nullable=False, server_default="red"))
    op.execute("UPDATE claim SET colour = 'blue' WHERE kind = 'slot'")
    {more}
'''


@pytest.fixture
def database_url(empty_url: str) -> str:
    return empty_url


@pytest.fixture
def newer_steps(tmp_path: Path) -> Callable[..., Path]:
    def make(more: str = "") -> Path:
        copytree(STEPS, tmp_path / "steps", dirs_exist_ok=True)
        (tmp_path / "steps" / "versions" / "9999_colours.py").write_text(
            NEXT_STEP.format(head=HEAD, more=more), "utf-8"
        )
        return tmp_path / "steps"

    return make


def test_the_newest_step_is_the_one_the_store_expects() -> None:
    assert ScriptDirectory(str(STEPS)).get_heads() == [HEAD]


def test_the_steps_make_the_tables_that_are_described(database_url: str) -> None:
    open_store(database_url).close()
    if database_url.startswith("sqlite"):
        engine = create_engine(database_url)
    else:
        import psycopg

        engine = create_engine(
            "postgresql+psycopg://", creator=lambda: psycopg.connect(database_url), poolclass=StaticPool
        )
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"version_table": "schema_version"})
        assert compare_metadata(context, METADATA) == []
    engine.dispose()


def test_what_is_done_is_said_before_and_only_then(open_another: Callable[..., Store]) -> None:
    told: list[str] = []
    open_another(announce=told.append).submit(lambda tx: tx.put(make_slot("s1")), ACT).result()
    assert told[0] == "tables 0001: The first tables of the record store."
    assert len(told) == int(HEAD)
    assert open_another(announce=told.append).get("Slot", "s1").version == 1
    assert len(told) == int(HEAD)


def _open(url: str) -> Session:
    return find_database(url).open_writer()


def _refuse(_: Session) -> None:
    raise AssertionError("no step has changed what index rows there are")


def test_an_older_form_is_upgraded_with_its_rows(
    open_another: Callable[..., Store], database_url: str, newer_steps: Callable[..., Path]
) -> None:
    store = open_another()
    store.submit(lambda tx: tx.claim("slot", "s1", "Slot/s1"), ACT).result()
    store.close()
    session, told = _open(database_url), list[str]()
    database = find_database(database_url)
    prepare(database, session, told.append, reindex=_refuse, head="9999", steps=newer_steps())
    assert told == ["tables 9999: Colours of slots."]
    assert session.query("SELECT key, colour FROM claim") == [("s1", "blue")]
    session.close()
    with pytest.raises(ConflictError, match="REC-053"):
        open_another()


def test_an_upgrade_that_fails_changes_nothing(
    open_another: Callable[..., Store], database_url: str, newer_steps: Callable[..., Path]
) -> None:
    open_another().close()
    session = _open(database_url)
    with pytest.raises(Exception, match="no_such"):
        prepare(
            find_database(database_url),
            session,
            lambda _: None,
            reindex=_refuse,
            head="9999",
            steps=newer_steps("op.execute('DELETE FROM no_such')"),
        )
    session.close()
    assert query(open_another(), "SELECT version_num FROM schema_version") == [(HEAD,)]


@pytest.mark.parametrize(
    "url", ["mysql://x", "sqlite://", "sqlite:///", "record.db", "sqlite:///x?mode=memory"]
)
def test_urls_of_nothing_are_refused(url: str) -> None:
    with pytest.raises(InputError, match="REC-070"):
        open_store(url)


def test_a_place_that_is_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="REC-051"):
        open_store(f"sqlite:///{tmp_path}/none/record.db")
    (tmp_path / "text").write_text("This is no database. " * 100, "utf-8")
    with pytest.raises(ExternalError, match="REC-068"):
        open_store(f"sqlite:///{tmp_path}/text")
    with pytest.raises(ExternalError, match="REC-068"):
        open_store(f"postgresql://nobody@/none?host={tmp_path}")


def test_a_new_file_is_its_owners_only(tmp_path: Path) -> None:
    open_store(f"sqlite:///{tmp_path}/record.db", keys=make_keys(tmp_path)).close()
    assert [(tmp_path / name).stat().st_mode & 0o077 for name in ("record.db", "master.key")] == [0, 0]
