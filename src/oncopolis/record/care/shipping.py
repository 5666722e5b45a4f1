"""Copies at a second place: a backup, then what is new as numbered encrypted files, each naming the last.

::

    FOLDER/0001/00000000.sealed   everything of one moment
    FOLDER/0001/00000001.sealed   what came after it, ...

A folder within is begun anew after an erasure, so that the destroyed key goes from the second place too,
after a change of the tables, and when it has many files; the one before is removed then.
"""

import fcntl
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import file_digest
from importlib.metadata import version
from pathlib import Path
from threading import Event, Thread
from typing import Self

from oncopolis.foundation.errors import ConflictError, InputError, OncopolisError
from oncopolis.foundation.frozen import Frozen
from oncopolis.record.care.backup import check_keys, copy_into
from oncopolis.record.care.manifest import (
    Loose,
    Manifest,
    Position,
    find_position,
    find_whether_sealed,
    read_first_line,
    read_loose,
)
from oncopolis.record.care.sealing import is_of, open_sealed, seal_file
from oncopolis.record.care.segments import find_oldest_ms, has_erased, is_continued, list_lines, to_bytes
from oncopolis.record.store.keys import Keys
from oncopolis.record.store.reading import Reading
from oncopolis.record.store.schema import HEAD
from oncopolis.record.store.sqlite import SqliteDatabase
from oncopolis.record.store.store import find_database, get_time_ms, look

_N_FILES = 10_000  # structure: files after which a copy is begun anew
_SUFFIX = ".sealed"
_PATTERN = f"[0-9]*{_SUFFIX}"
_MS = 1000  # structure: milliseconds in a second
_PRIVATE = 0o700  # structure: file mode, its owner only


class Segment(Frozen):
    """What was new at one moment."""

    program: str
    """Version of the program."""
    form: str
    """Form of the tables."""
    before: str
    """SHA-256 of the file before."""
    at_ms: int
    """The moment, milliseconds since 1970 (UTC)."""
    position: Position
    """How far it goes."""


@dataclass(frozen=True, slots=True)
class Shipment:
    """What one step has brought to the second place.

    Parameters
    ----------
    path
        The file; None if there was nothing new.
    n_versions, n_entries, n_bytes
        Versions and audit entries that are new, and the length of the file.
    at_ms
        The moment up to which everything is there.
    newest_ms
        When the newest change that is there was made; 0 if there is none.
    exposed_s
        Age of the oldest change this step brought, when it was there: what could have been lost just before
        (the recovery point, RPO). 0 if there was nothing new; None of the first copy.
    """

    path: Path | None
    n_versions: int
    n_entries: int
    n_bytes: int
    at_ms: int
    newest_ms: int
    exposed_s: float | None


@dataclass(frozen=True, slots=True)
class _Tail:
    """The last file of a copy."""

    path: Path
    digest: str
    form: str
    position: Position


class Shipper:
    """Copies a SQLite database to a second place, step by step, while others write to it.

    Parameters
    ----------
    url
        The database.
    keys
        Master key.
    folder
        The second place; made if missing.
    """

    def __init__(self, url: str, keys: Keys, folder: Path) -> None:
        if not isinstance(find_database(url), SqliteDatabase):
            raise InputError(
                code="REC-158",
                where="--database",
                got="a PostgreSQL URL",
                expected="sqlite:///path",
                fix="use a standby server: see the guide on backups",
            )
        self._url, self._keys, self._folder = url, keys, folder
        self._tail: _Tail | None = None
        self._loose: Loose | None = None
        self._has_right_keys = False
        self._end = Event()
        self._thread: Thread | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def start(
        self, every_s: float, tell: Callable[[Shipment], None], warn: Callable[[Exception], None]
    ) -> None:
        """Ship every so many seconds in a thread, until `close`."""
        self._thread = Thread(target=self.run, args=(every_s, tell, warn), name="shipper", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop; what is under way is finished."""
        self._end.set()
        if self._thread is not None:
            self._thread.join()

    def run(
        self, every_s: float, tell: Callable[[Shipment], None], warn: Callable[[Exception], None]
    ) -> None:
        """Ship every so many seconds until `close`; a step that fails is told and tried again."""
        while not self._end.is_set():
            began = time.monotonic()
            try:
                tell(self.ship())
            except (OSError, OncopolisError) as error:
                warn(error)
            self._end.wait(max(0, began + every_s - time.monotonic()))

    def ship(self) -> Shipment:
        """Bring what is new to the second place; it is on the disk there when this returns.

        Raises
        ------
        ConflictError
            Another shipper is at it, or the copy is of another database.
        InputError, ExternalError, OSError
            The database cannot be read, or the second place not be written.
        """
        self._folder.mkdir(mode=_PRIVATE, parents=True, exist_ok=True)
        with _alone(self._folder):
            tail = self._find_tail()
            with look(self._url, self._keys) as reading:
                shipment = self._write(reading, tail)
            self._tidy()
            return shipment

    def _find_tail(self) -> _Tail | None:
        """The last file; what may change is remembered only if that is the one written here."""
        files = list_files(self._folder)
        if not files:
            self._tail = self._loose = None
        elif self._tail is None or self._tail.path != files[-1]:
            self._tail, self._loose = self._read_tail(files[-1]), None
        return self._tail

    def _read_tail(self, path: Path) -> _Tail:
        if not is_of(path, self._keys):
            raise ConflictError(
                code="REC-176",
                where=str(self._folder),
                got="copies of another key",
                expected="copies of this one",
                fix="after a change of the master key ship to another folder, and remove this one then",
            )
        return _read_tail(path, self._keys)

    def _write(self, reading: Reading, tail: _Tail | None) -> Shipment:
        session = reading.session
        if not self._has_right_keys and find_whether_sealed(session):
            check_keys(reading)
            self._has_right_keys = True
        if tail is not None and not is_continued(session, tail.position):
            raise ConflictError(
                code="REC-159",
                where=str(self._folder),
                got="copies of another database, or of one that went on differently",
                expected="copies of this one",
                fix="ship to another folder; keep this one until you know what it is",
            )
        if (
            tail is None
            or tail.form != HEAD
            or int(tail.path.stem) >= _N_FILES
            or has_erased(session, tail.position)
        ):
            return self._begin(reading, tail)
        at_ms, loose = get_time_ms(), read_loose(session)
        position = find_position(session, loose)
        if position == tail.position:
            self._loose = loose
            return Shipment(None, 0, 0, 0, at_ms, position.at_ms, 0)
        path = tail.path.with_name(f"{int(tail.path.stem) + 1:08}{_SUFFIX}")
        head = Segment(
            program=version("oncopolis"), form=HEAD, before=tail.digest, at_ms=at_ms, position=position
        )
        with seal_file(path, self._keys) as sealer:
            sealer.write(head.model_dump_json().encode() + b"\n")
            for line in list_lines(session, tail.position, self._loose, loose):
                sealer.write(to_bytes(line))
        self._tail, self._loose = _Tail(path, sealer.digest.hexdigest(), HEAD, position), loose
        return _tell(path, tail, self._tail, sealer.n_bytes, at_ms, find_oldest_ms(session, tail.position))

    def _begin(self, reading: Reading, tail: _Tail | None) -> Shipment:
        """Copy everything."""
        number = 1 if tail is None else int(tail.path.parent.name) + 1
        folder = self._folder / f"{number:04}"
        folder.mkdir(mode=_PRIVATE, exist_ok=True)
        path = folder / f"{0:08}{_SUFFIX}"
        with seal_file(path, self._keys) as sealer:
            manifest = copy_into(sealer, reading, self._url)
        assert manifest.position is not None
        self._tail, self._loose = _Tail(path, sealer.digest.hexdigest(), HEAD, manifest.position), None
        oldest_ms = find_oldest_ms(reading.session, tail.position) if tail else None
        return _tell(path, tail, self._tail, sealer.n_bytes, manifest.at_ms, oldest_ms)

    def _tidy(self) -> None:
        """Remove older copies, and what a step that was killed has left."""
        assert self._tail is not None
        for folder in _list_folders(self._folder):
            if folder != self._tail.path.parent:
                shutil.rmtree(folder)
        for unfinished in self._tail.path.parent.glob(f".*{_SUFFIX}.*"):
            unfinished.unlink()


def _tell(
    path: Path, before: _Tail | None, now: _Tail, n_bytes: int, at_ms: int, oldest_ms: int | None
) -> Shipment:
    then = before.position if before else None
    return Shipment(
        path=path,
        n_versions=now.position.version - (then.version if then else 0),
        n_entries=_count(now.position) - (_count(then) if then else 0),
        n_bytes=n_bytes,
        at_ms=at_ms,
        newest_ms=now.position.at_ms,
        exposed_s=None if oldest_ms is None else max(0, get_time_ms() - oldest_ms) / _MS,
    )


def _count(position: Position) -> int:
    return sum(seq for seq, _ in position.chains.values())


def _list_folders(folder: Path) -> list[Path]:
    return sorted(found for found in folder.glob("[0-9]*") if found.is_dir())


def list_files(folder: Path) -> list[Path]:
    """The files of the newest whole copy in a folder, in their order."""
    for one in reversed(_list_folders(folder)):
        files = sorted(one.glob(_PATTERN))
        if files and int(files[0].stem) == 0:
            return files
    return []


def read_head(path: Path, keys: Keys) -> Manifest | Segment:
    """What a file of a copy says of itself."""
    with open_sealed(path, keys) as content:
        if int(path.stem):
            return read_first_line(Segment, content.readline(), str(path))
        return read_first_line(Manifest, content.readline(), str(path))


def compute_digest(path: Path) -> str:
    """SHA-256 of a file."""
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()


def _read_tail(path: Path, keys: Keys) -> _Tail:
    head = read_head(path, keys)
    assert head.position is not None
    return _Tail(path, compute_digest(path), head.form, head.position)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    with (folder / ".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise ConflictError(
                code="REC-160",
                where=str(folder),
                got="another process that ships there",
                expected="one at a time",
                fix="stop the other one, or choose another folder",
            ) from error
        yield
