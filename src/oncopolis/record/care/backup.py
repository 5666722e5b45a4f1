"""A backup: everything of one moment, taken while the server writes, in one encrypted file."""

import os
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import mkstemp
from typing import BinaryIO

import apsw

from oncopolis.foundation.errors import ExternalError
from oncopolis.record.care.dumping import open_dump
from oncopolis.record.care.manifest import Manifest, find_whether_sealed, measure
from oncopolis.record.care.sealing import Sealer, seal_file
from oncopolis.record.store.keys import Keys
from oncopolis.record.store.reading import Reading
from oncopolis.record.store.session import Session
from oncopolis.record.store.sqlite import SqliteSession
from oncopolis.record.store.store import look

_PIECE_BYTES = 1 << 20  # structure: read at once


def back_up(url: str, keys: Keys, out: Path) -> Manifest:
    """Write a backup to a file that must not be there yet; what it holds.

    Raises
    ------
    ConflictError
        There is something at ``out``.
    InputError, ExternalError
        The URL or the keys do not fit; the database, or a program it needs, is not there.
    OSError
        It cannot be written; nothing is left of it.
    """
    with look(url, keys) as reading, seal_file(out, keys) as sealer:
        return copy_into(sealer, reading, url)


def copy_into(sealer: Sealer, reading: Reading, url: str) -> Manifest:
    """Write the manifest and the database, both as the transaction of ``reading`` sees it."""
    manifest = measure(reading.session)
    check_keys(reading)
    sealer.write(manifest.model_dump_json().encode() + b"\n")
    with _open_copy(reading.session, url, manifest.room) as copy:
        while piece := copy.read(_PIECE_BYTES):
            sealer.write(piece)
    return manifest


def check_keys(reading: Reading) -> None:
    """Refuse other keys than those the database was begun with, if it was begun with any."""
    if find_whether_sealed(reading.session):
        reading.vault.check(reading.session)


@contextmanager
def _open_copy(session: Session, url: str, room: str) -> Iterator[BinaryIO]:
    if isinstance(session, SqliteSession):
        with _open_pages(session.connection) as pages:
            yield pages
    else:
        with open_dump(session, url, room) as dump:
            yield dump


@contextmanager
def _open_pages(connection: apsw.Connection) -> Iterator[BinaryIO]:
    """All pages, in a file without a name beside the database: as safe as that, and gone if we are killed."""
    handle, path = mkstemp(prefix=".backup-", dir=Path(connection.db_filename("main")).parent)
    with os.fdopen(handle, "rb") as pages:
        try:
            target = apsw.Connection(path, flags=apsw.SQLITE_OPEN_READWRITE)
        finally:
            Path(path).unlink()
        with closing(target):
            target.execute("PRAGMA journal_mode=OFF").fetchall()
            target.execute("PRAGMA synchronous=OFF").fetchall()
            try:
                with target.backup("main", connection, "main") as copying:
                    copying.step(-1)
            except apsw.Error as error:
                raise _refuse(str(error)) from error
        yield pages


def _refuse(got: str) -> ExternalError:
    return ExternalError(
        code="REC-154",
        where="backup",
        got=got,
        expected="a database that can be copied, and room for a copy beside it",
        fix="see to its disk",
    )
