"""Copies of a PostgreSQL database by its own programs."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from tempfile import TemporaryFile
from typing import BinaryIO

from oncopolis.foundation.errors import ExternalError
from oncopolis.record.store.session import Session

_PIECE_BYTES = 1 << 20  # structure: read at once


@contextmanager
def open_dump(session: Session, url: str, room: str) -> Iterator[BinaryIO]:
    """Tables of schema ``room`` as the transaction of ``session`` sees them, as ``pg_dump`` writes them."""
    (snapshot,) = session.query("SELECT pg_export_snapshot()")[0]
    connect, environment = _read_url(url)
    command = [
        find_program("pg_dump"),
        "--format=custom",
        "--no-owner",
        "--no-privileges",
        f"--table={_quote(room)}.*",
        f"--snapshot={snapshot}",
        f"--dbname={connect}",
    ]
    with TemporaryFile() as complaints:
        with subprocess.Popen(  # noqa: S603 - found on the path, no shell
            command, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=complaints
        ) as process:
            assert process.stdout is not None
            yield process.stdout  # type: ignore[misc]
        _check(process.returncode, complaints, "pg_dump")


def load_dump(dump: BinaryIO, url: str) -> None:
    """Have ``pg_restore`` make the tables: all of them, or none."""
    connect, environment = _read_url(url)
    command = [
        find_program("pg_restore"),
        "--single-transaction",
        "--exit-on-error",
        "--no-owner",
        "--no-privileges",
        f"--dbname={connect}",
    ]
    with TemporaryFile() as complaints:
        with subprocess.Popen(  # noqa: S603 - found on the path, no shell
            command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=complaints
        ) as process:
            assert process.stdin is not None
            try:
                shutil.copyfileobj(dump, process.stdin, _PIECE_BYTES)
                process.stdin.close()
            except BrokenPipeError:
                pass
            except BaseException:
                process.kill()
                raise
        _check(process.returncode, complaints, "pg_restore")


def find_program(name: str) -> str:
    """A program of PostgreSQL."""
    found = shutil.which(name)
    if found is None:
        raise ExternalError(
            code="REC-155",
            where=name,
            got="no such program",
            expected="the client programs of PostgreSQL",
            fix="install them (they have to be as new as the server), or add their folder to PATH",
        )
    return found


def _read_url(url: str) -> tuple[str, dict[str, str]]:
    """What a program is told openly, and what not everybody may see."""
    from psycopg.conninfo import conninfo_to_dict, make_conninfo

    parts = {name: value for name, value in conninfo_to_dict(url).items() if value is not None}
    password = parts.pop("password", None)
    environment = {**os.environ, **({"PGPASSWORD": str(password)} if password else {})}
    return make_conninfo("", **parts), environment


def _quote(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _check(code: int, complaints: BinaryIO, program: str) -> None:
    if code != 0:
        complaints.seek(0)
        told = complaints.read().decode(errors="replace").strip()
        raise ExternalError(
            code="REC-156",
            where=program,
            got=told or f"exit code {code}",
            expected="that it works",
            fix="see to the server and the version of its client programs",
        )
