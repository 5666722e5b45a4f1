"""Restoring a backup or a shipped copy into an empty place, and making sure of it."""

import os
import shutil
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import BinaryIO
from urllib.parse import quote

from oncopolis.foundation.errors import ConflictError, ExternalError, InputError
from oncopolis.foundation.findings import Finding
from oncopolis.record.care.dumping import load_dump
from oncopolis.record.care.erasing import erase_again
from oncopolis.record.care.inspecting import Inspection, inspect
from oncopolis.record.care.manifest import Chains, Manifest, find_whether_sealed, read_first_line
from oncopolis.record.care.sealing import open_sealed, refuse_over, sync_folder
from oncopolis.record.care.segments import apply, index_anew, read_line
from oncopolis.record.care.shipping import Segment, compute_digest, list_files
from oncopolis.record.store.keys import Keys, Vault
from oncopolis.record.store.reading import Reading
from oncopolis.record.store.schema import HEAD
from oncopolis.record.store.session import ConnectionLost, DatabaseFault, RaceLost, Session
from oncopolis.record.store.sqlite import SqliteDatabase
from oncopolis.record.store.store import find_database, look, open_store
from oncopolis.record.store.tables import METADATA

_PIECE_BYTES = 1 << 20  # structure: read at once
_PRIVATE = 0o600  # structure: file mode, its owner only
_COMPANIONS = ("-wal", "-shm", "-journal")


@dataclass(frozen=True, slots=True)
class Restored:
    """What was restored.

    Parameters
    ----------
    manifest
        What the backup, or the first file of the copy, says of itself.
    n_files
        Files that were read.
    at_ms
        Up to when it goes, milliseconds since 1970 (UTC).
    n_erased
        Patients who had to be erased again.
    took_s
        How long it took with its verification: the recovery time (RTO).
    inspection
        The verification.
    """

    manifest: Manifest
    n_files: int
    at_ms: int
    n_erased: int
    took_s: float
    inspection: Inspection


@dataclass(slots=True)
class _Progress:
    """How far restoring got, and what it found on the way."""

    manifest: Manifest
    chains: Chains
    at_ms: int
    n_files: int = 1
    findings: list[Finding] = field(default_factory=list)


def restore(source: Path, keys: Keys, url: str, erased: Sequence[str] = ()) -> Restored:
    """Restore a backup, or the folder of a shipped copy, and verify it.

    Parameters
    ----------
    url
        Where to; nothing may be there.
    erased
        Patients who are to be erased in it, if they are not yet.

    Raises
    ------
    ConflictError
        Something is there, or the copy is of tables of another program.
    InputError
        The copy, the keys or the URL do not fit each other, or the copy is damaged.
    ExternalError, OSError
        The database or a program is not there; it cannot be written.
    """
    try:
        return _restore(source, keys, url, erased)
    except (ConnectionLost, DatabaseFault, RaceLost) as error:
        raise ExternalError(
            code="REC-165",
            where="--database",
            got=str(error).strip(),
            expected="a place that can be written, and a copy of a sound database",
            fix="see to its disk and connection, or restore an older copy",
        ) from error


def _restore(source: Path, keys: Keys, url: str, erased: Sequence[str]) -> Restored:
    began = time.monotonic()
    files = list_files(source) if source.is_dir() else [source]
    if not files:
        raise _refuse_source(source, "a folder without a copy", "name the folder that was shipped to")
    database = find_database(url)
    with open_sealed(files[0], keys) as content:
        manifest = read_first_line(Manifest, content.readline(), str(files[0]))
        if manifest.form != HEAD:
            raise ConflictError(
                code="REC-161",
                where=str(files[0]),
                got=f"tables of form {manifest.form}",
                expected=f"form {HEAD}",
                fix=f"restore it with oncopolis {manifest.program}, then open it with this program",
            )
        is_file = isinstance(database, SqliteDatabase)
        if is_file != (manifest.dialect == "sqlite"):
            raise _refuse_source(
                source, f"a copy of {manifest.dialect}", f"restore it into {manifest.dialect}"
            )
        if isinstance(database, SqliteDatabase):
            progress, inspection, n_erased = _restore_file(
                database.path, content, manifest, files, keys, erased
            )
        else:
            _check_empty(url, manifest.room)
            load_dump(content, url)
            progress = _Progress(manifest, manifest.chains, manifest.at_ms)
            inspection, n_erased = _make_sure(url, keys, erased, progress)
    return Restored(
        manifest, progress.n_files, progress.at_ms, n_erased, time.monotonic() - began, inspection
    )


def _restore_file(
    path: Path,
    content: BinaryIO,
    manifest: Manifest,
    files: Sequence[Path],
    keys: Keys,
    erased: Sequence[str],
) -> tuple[_Progress, Inspection, int]:
    """Make the database aside, and put it into its place once it is whole."""
    for companion in ("", *_COMPANIONS):
        refuse_over(path.with_name(path.name + companion))
    with TemporaryDirectory(prefix=f".{path.name}.", dir=path.parent) as folder:
        made = Path(folder) / "record.db"
        handle = os.open(made, os.O_CREAT | os.O_EXCL | os.O_WRONLY, _PRIVATE)
        with os.fdopen(handle, "wb") as file:
            shutil.copyfileobj(content, file, _PIECE_BYTES)
        progress = _Progress(manifest, manifest.chains, manifest.at_ms)
        session = SqliteDatabase(made).open_writer()
        try:
            _follow(session, files, keys, progress)
        finally:
            session.close()
        inspection, n_erased = _make_sure(f"sqlite:///{quote(str(made))}", keys, erased, progress)
        with made.open("rb") as file:
            os.fsync(file.fileno())
        refuse_over(path)
        made.rename(path)
    sync_folder(path.parent)
    return progress, inspection, n_erased


def _follow(session: Session, files: Sequence[Path], keys: Keys, progress: _Progress) -> None:
    """Bring in what was shipped after the first file, as far as it is whole."""
    touched: set[int] = set()
    for before, path in pairwise(files):
        try:
            if int(path.stem) != int(before.stem) + 1:
                raise _refuse_source(path, "a copy in which files before it are missing", "find them")
            with open_sealed(path, keys) as content:
                head = read_first_line(Segment, content.readline(), str(path))
                if head.before != compute_digest(before):
                    raise _refuse_source(
                        path, "a file that does not follow the one before it", "find that one"
                    )
                touched |= apply(session, map(read_line, content))
        except InputError as error:
            progress.findings.append(_find("copy-whole", str(path), "The copy ends before it.", str(error)))
            break
        progress.chains, progress.at_ms = head.position.chains, head.at_ms
        progress.n_files += 1
    index_anew(Reading(session, Vault(keys)), touched)


def _make_sure(url: str, keys: Keys, erased: Sequence[str], progress: _Progress) -> tuple[Inspection, int]:
    """Compare with what the copy says it is of, erase who has to be, and verify."""
    with look(url) as reading:
        own = keys if find_whether_sealed(reading.session) else None
    before = inspect(url, own)
    progress.findings += _compare(before, progress)
    n_erased = 0
    if erased:
        with open_store(url, keys=own) as store:
            n_erased = erase_again(store, erased)
    after = inspect(url, own) if n_erased else before
    return after.model_copy(update={"findings": (*progress.findings, *after.findings)}), n_erased


def _compare(inspection: Inspection, progress: _Progress) -> Iterator[Finding]:
    found, manifest = inspection.checked, progress.manifest
    if found is None:
        return
    if found.chains != progress.chains:
        yield _find(
            "copy-complete",
            "audit",
            "Its chains do not end where they should.",
            str(found.chains),
            str(progress.chains),
        )
    if progress.n_files == 1 and found.counts != manifest.counts:
        yield _find(
            "copy-complete",
            "tables",
            "They have other numbers of rows.",
            str(found.counts),
            str(manifest.counts),
        )


def _find(rule: str, where: str, message: str, actual: str, expected: str = "") -> Finding:
    return Finding(
        rule=rule,
        severity="error",
        where=where,
        message=message,
        actual=actual,
        expected=expected,
        fix="keep the copy, and restore another one beside it",
    )


def _check_empty(url: str, room: str) -> None:
    """Refuse a schema in which something of ours is, or one of another name."""
    session = find_database(url).open_reader()
    try:
        ((found,),) = session.query("SELECT current_schema()")
        names = [
            name
            for (name,) in session.query("SELECT tablename FROM pg_tables WHERE schemaname = ?", (found,))
        ]
    finally:
        session.close()
    if found != room:
        raise InputError(
            code="REC-162",
            where="--database",
            got=f"schema {found}",
            expected=f"schema {room}, which the copy is of",
            fix=f"make it and name it in the URL: ?options=-csearch_path%3D{room}",
        )
    if set(names) & {*METADATA.tables, "schema_version"}:
        raise ConflictError(
            code="REC-163",
            where="--database",
            got="a record that is there",
            expected="an empty database",
            fix="restore into another one",
        )


def _refuse_source(source: Path, got: str, fix: str) -> InputError:
    return InputError(
        code="REC-164",
        where=str(source),
        got=got,
        expected="a backup or a folder that was shipped to",
        fix=fix,
    )
