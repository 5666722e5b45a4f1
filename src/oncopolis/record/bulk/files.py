"""Files of an export: one record a line, encrypted where the record is, readable from any byte."""

import io
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from oncopolis.record.care.sealing import open_sealed, seal_file
from oncopolis.record.store.keys import Keys

LINES = 100_000  # structure: records of a file; larger exports come in several
_BYTES = 1 << 18  # structure: what is read at a time
_PRIVATE = 0o600  # structure: file mode, its owner only


class _Sink(Protocol):
    def write(self, data: bytes, /) -> object: ...


@dataclass(frozen=True, slots=True)
class Part:
    """One file of an export.

    Parameters
    ----------
    type
        Resource type of its records.
    name
        Name of the file.
    count
        Records in it.
    n_bytes
        Length in clear.
    """

    type: str
    name: str
    count: int
    n_bytes: int


class PartWriter:
    """Writes the records of one type, in as many files as they need."""

    def __init__(self, folder: Path, type_: str, keys: Keys | None) -> None:
        self._folder, self._type, self._keys = folder, type_, keys
        self._parts: list[Part] = []
        self._file: AbstractContextManager[_Sink] | None = None
        self._sink: _Sink | None = None
        self._count = self._n_bytes = 0

    def write(self, body: bytes) -> None:
        """Add a record."""
        if self._sink is None:
            self._file = _make_file(self._folder / self._name, self._keys)
            self._sink = self._file.__enter__()
        line = body + b"\n"
        self._sink.write(line)
        self._count += 1
        self._n_bytes += len(line)
        if self._count == LINES:
            self._end()

    def finish(self) -> list[Part]:
        """Its files, all of them whole."""
        if self._sink is not None:
            self._end()
        return self._parts

    @property
    def _name(self) -> str:
        return f"{self._type}.{len(self._parts) + 1}.ndjson"

    def _end(self) -> None:
        assert self._file is not None
        self._file.__exit__(None, None, None)
        self._parts.append(Part(self._type, self._name, self._count, self._n_bytes))
        self._file = self._sink = None
        self._count = self._n_bytes = 0


@contextmanager
def _make_file(path: Path, keys: Keys | None) -> Iterator[_Sink]:
    if keys is not None:
        with seal_file(path, keys) as sealer:
            yield sealer
        return
    path.touch(_PRIVATE)
    with path.open("wb") as file:
        yield file


def read_part(path: Path, keys: Keys | None, first: int, end: int) -> Iterator[bytes]:
    """Bytes ``first`` to ``end`` (not with it) of the clear content, piece by piece.

    Raises
    ------
    InputError, OSError
        It is not what was written, or cannot be read.
    """
    with _open_file(path, keys) as file:
        file.seek(first)
        while first < end and (piece := file.read(min(_BYTES, end - first))):
            first += len(piece)
            yield piece


def _open_file(path: Path, keys: Keys | None) -> AbstractContextManager[io.BufferedReader]:
    return path.open("rb") if keys is None else open_sealed(path, keys)
