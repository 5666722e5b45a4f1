"""The form of the tables: found out when a store is opened, brought up to date in one transaction."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from io import StringIO
from pathlib import Path

from oncopolis.foundation.errors import ConflictError
from oncopolis.record.store.session import Database, Session, transaction

HEAD = "0017"
"""The newest step; a test holds it against the folder."""
STEPS = Path(__file__).parent / "migrations"


def prepare(
    database: Database,
    session: Session,
    announce: Callable[[str], None],
    *,
    reindex: Callable[[Session], None],
    head: str = HEAD,
    steps: Path = STEPS,
) -> None:
    """Bring the tables to ``head``, saying first what will be done.

    Parameters
    ----------
    reindex
        Makes the index rows of every record anew; run in the same transaction if a step says
        ``CHANGES_INDEX_ROWS`` and the tables were there before.

    Raises
    ------
    ConflictError
        The database is of a newer program.
    """
    if _find_revision(session) == head:
        return
    with transaction(session):
        database.lock_schema(session)
        found = _find_revision(session)
        if found != head:
            upgrade = _plan(session.dialect, found, head, steps)
            for title in upgrade.titles:
                announce(title)
            is_stale = found is not None and upgrade.changes_index_rows
            if is_stale:
                announce("index rows: every record is read, and its rows are made anew")
            session.run_script(upgrade.sql)
            if is_stale:
                reindex(session)


def check_is_current(session: Session) -> None:
    """Refuse tables that are not of ``HEAD``."""
    found = _find_revision(session)
    if found != HEAD:
        raise ConflictError(
            code="REC-150",
            where="database",
            got=f"tables of form {found}" if found else "no tables",
            expected=f"tables of form {HEAD}",
            fix="open it with the server, which brings older ones up to date, or with a newer program",
        )


def _find_revision(session: Session) -> str | None:
    where = {
        "sqlite": "sqlite_master WHERE type = 'table' AND name = 'schema_version'",
        "postgresql": "pg_tables WHERE schemaname = current_schema() AND tablename = 'schema_version'",
    }[session.dialect]
    if not session.query(f"SELECT 1 FROM {where}"):  # noqa: S608 - one of the two above
        return None
    return str(session.query("SELECT version_num FROM schema_version")[0][0])


@dataclass(frozen=True, slots=True)
class _Upgrade:
    """The steps that are missing.

    Parameters
    ----------
    titles
        What they do, in their order.
    changes_index_rows
        Whether one of them changes what index rows there are.
    """

    titles: tuple[str, ...]
    sql: str
    changes_index_rows: bool


@cache
def _plan(dialect: str, found: str | None, head: str, steps: Path) -> _Upgrade:
    """What brings tables from one form to another; the same for every database, and slow to write."""
    from alembic.config import Config
    from alembic.runtime.environment import EnvironmentContext
    from alembic.script import ScriptDirectory

    sql = StringIO()
    config = Config(attributes={"dialect": dialect, "buffer": sql})
    script = ScriptDirectory(str(STEPS), version_locations=[str(steps / "versions")])
    known = {step.revision: step.doc for step in script.walk_revisions()}
    if found is not None and found not in known:
        raise ConflictError(
            code="REC-053",
            where="database",
            got=f"tables of form {found}",
            expected=f"{head} or older",
            fix="open it with the program that wrote it, or a newer one",
        )
    ahead = list(script.iterate_revisions(head, found or "base"))
    with EnvironmentContext(
        config,
        script,
        fn=lambda revision, _context: script._upgrade_revs(head, revision),  # noqa: SLF001 - Alembic's own commands do so
        as_sql=True,
        starting_rev=found or "base",
        destination_rev=head,
    ):
        script.run_env()
    return _Upgrade(
        tuple(f"tables {step.revision}: {step.doc}" for step in reversed(ahead)),
        sql.getvalue(),
        any(hasattr(step.module, "CHANGES_INDEX_ROWS") for step in ahead),
    )
