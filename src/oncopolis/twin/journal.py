"""The lines of a run as a Parquet file: `ParquetJournal` writes it, whole or not at all; `Lines` reads it."""

import contextlib
import os
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Self

import numpy as np
from numpy.typing import NDArray

from oncopolis.centre.journal import COLUMNS, OUTCOMES
from oncopolis.foundation import ExternalError, InputError
from oncopolis.twin.kernels.tables import DONE, LOG_COLUMNS, NEVER
from oncopolis.twin.model import Model

GROUP_ROWS = 1 << 18  # structure: lines that are written at once
CASE, STOP, ACTIVITY, RESOURCE, PLANNED, ASKED, START, END, OUTCOME = range(LOG_COLUMNS)
EPOCH = date(1970, 1, 1)  # structure: what Parquet counts moments from
MISSING = -1
"""Number of a word, or moment, that a line does not have."""

Longs = NDArray[np.int64]


class ParquetJournal:
    """Writes lines group by group into a file beside `path`, which takes its name at the end.

    Use it in a `with` block: an exception leaves no file, and keeps one that was there before. Where `path`
    is a device or a pipe, lines go straight into it.

    Parameters
    ----------
    path
        The file; its folder must be there.
    model
        The model whose lines are written.

    Raises
    ------
    ExternalError
        TWN-060 without pyarrow; TWN-062 if the disk is full or refuses.
    InputError
        TWN-061 if `path` is a folder, or its folder is missing or refuses files.
    """

    def __init__(self, path: Path, model: Model) -> None:
        check_log(path)
        self.path = path
        self._pa, parquet = _import_arrow()
        self._names = _Names(model)
        first = model.start - timedelta(days=model.history_days)
        self._origin = int(timedelta(days=(first - EPOCH).days) / timedelta(milliseconds=1))
        self._kept: list[Longs] = []
        self._n_kept = 0
        self._made = _find_unfinished(path)
        self._schema = self._pa.schema([(name, self._get_type(kind)) for name, kind in COLUMNS.items()])
        self._writer: Any = None
        # A file of pyarrow's own: Ctrl-C cannot break into the middle of what it writes.
        self._file = self._pa.OSFile(str(self._made), "wb")
        try:
            self._writer = parquet.ParquetWriter(self._file, self._schema, compression="zstd")
        except OSError as error:
            raise self._refuse(error) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if kind is None:
            self.close()
        else:
            self.discard()

    def write(self, rows: NDArray[np.int64]) -> None:
        """Take lines as the kernels leave them; shape (rows, 9)."""
        if not len(rows):
            return
        self._kept.append(rows.copy())
        self._n_kept += len(rows)
        if self._n_kept >= GROUP_ROWS:
            self._flush()

    def close(self) -> None:
        """Write what is left and let the file take its name."""
        self._flush()
        try:
            self._writer.close()
            self._file.close()
            if self._made != self.path:
                self._made.replace(self.path)
        except OSError as error:
            raise self._refuse(error) from error

    def discard(self) -> None:
        """Leave nothing behind."""
        for part in (self._writer, self._file):
            with contextlib.suppress(OSError, AttributeError):
                part.close()
        if self._made != self.path:
            with contextlib.suppress(OSError):
                self._made.unlink(missing_ok=True)

    def _flush(self) -> None:
        if not self._n_kept:
            return
        rows = np.concatenate(self._kept)
        self._kept, self._n_kept = [], 0
        try:
            self._writer.write_table(self._to_table(rows))
        except OSError as error:
            raise self._refuse(error) from error

    def _refuse(self, error: OSError) -> ExternalError:
        self.discard()
        return ExternalError(
            code="TWN-062",
            where=f"--log {self.path}",
            got=_word(error),
            expected="space for the event log",
            fix="free space, choose another disk, or leave the log out",
        )

    def _get_type(self, kind: str) -> Any:
        pa = self._pa
        if kind == "case":
            return pa.uint64()
        return pa.timestamp("ms") if kind == "moment" else pa.dictionary(pa.int32(), pa.string())

    def _to_table(self, rows: Longs) -> Any:
        names = self._names
        done = rows[:, OUTCOME] == DONE
        columns = {
            "case": self._pa.array(rows[:, CASE].view(np.uint64)),
            "pathway": self._word(names.pathway_of[rows[:, STOP]], names.pathways),
            "step": self._word(names.step_of[rows[:, STOP]], names.steps),
            "activity": self._word(names.activity_of[rows[:, ACTIVITY]], names.activities),
            "resource": self._word(rows[:, RESOURCE], names.resources),
            "planned": self._moment(rows[:, PLANNED]),
            "asked": self._moment(rows[:, ASKED]),
            "start": self._moment(rows[:, START], done),
            "end": self._moment(rows[:, END]),
            "outcome": self._word(rows[:, OUTCOME] - DONE, list(OUTCOMES)),
        }
        return self._pa.table([columns[name] for name in COLUMNS], schema=self._schema)

    def _word(self, numbers: Longs, words: list[str]) -> Any:
        pa = self._pa
        indices = pa.array(np.maximum(numbers, 0).astype(np.int32), mask=numbers < 0)
        return pa.DictionaryArray.from_arrays(indices, pa.array(words, pa.string()))

    def _moment(self, ticks: Longs, known: NDArray[np.bool_] | None = None) -> Any:
        pa = self._pa
        missing = (ticks < 0) | (ticks >= NEVER)
        if known is not None:
            missing |= ~known
        return pa.array(ticks + self._origin, pa.int64(), mask=missing).cast(pa.timestamp("ms"))


class _Names:
    """Words of the numbers in a line."""

    def __init__(self, model: Model) -> None:
        parts = [step.partition("/")[::2] for step in model.names.stop_steps]
        self.pathways = list(dict.fromkeys(pathway for pathway, _ in parts))
        self.steps = list(dict.fromkeys(step for _, step in parts))
        number = {pathway: i for i, pathway in enumerate(self.pathways)}
        self.pathway_of = np.array([number[pathway] for pathway, _ in parts], dtype=np.int64)
        number = {step: i for i, step in enumerate(self.steps)}
        self.step_of = np.array([number[step] for _, step in parts], dtype=np.int64)
        self.activities = list(model.names.activities)
        self.activity_of = np.append(model.tables.ac_row, -1)  # -1, nothing, reads the last
        self.resources = list(model.resources)


class Lines:
    """Reads a journal part by part, so that one of any length fits into memory.

    Parameters
    ----------
    path
        A file that `ParquetJournal` wrote.

    Raises
    ------
    ExternalError
        TWN-060 without pyarrow.
    """

    def __init__(self, path: Path) -> None:
        self._pa, parquet = _import_arrow()
        self._file = parquet.ParquetFile(path)
        self._words: defaultdict[str, dict[str, int]] = defaultdict(dict)

    def read(self, *columns: str) -> Iterator[dict[str, Longs]]:
        """Yield columns of `centre.journal.COLUMNS`, some lines at a time, in the order they were written.

        Cases are as they are, with their bits read as a signed number. Words are numbers, for which
        `list_words` has the words; moments are milliseconds since 1970. `MISSING` stands for nothing.
        """
        for batch in self._file.iter_batches(GROUP_ROWS, columns=list(columns)):
            yield {name: self._to_numbers(name, batch.column(name)) for name in columns}

    def list_words(self, column: str) -> list[str]:
        """Return the words of a column that have been met so far, in the order of their numbers."""
        return list(self._words[column])

    def _to_numbers(self, name: str, values: Any) -> Longs:
        if COLUMNS[name] == "case":
            cases: Longs = values.to_numpy(zero_copy_only=False).view(np.int64)
            return cases
        if COLUMNS[name] == "moment":
            moments: Longs = values.cast(self._pa.int64()).fill_null(MISSING).to_numpy(zero_copy_only=False)
            return moments
        known = self._words[name]
        words = values.dictionary.to_pylist()
        numbers = np.array([known.setdefault(word, len(known)) for word in words] + [MISSING], dtype=np.int64)
        found: Longs = numbers[values.indices.fill_null(len(words)).to_numpy(zero_copy_only=False)]
        return found


def check_log(path: Path) -> None:
    """Try whether a journal can be written; raises what `ParquetJournal` would."""
    _import_arrow()
    made = _find_unfinished(path)
    _open(path, made).close()
    if made != path:
        made.unlink()


def _find_unfinished(path: Path) -> Path:
    """Return where lines go until the file is complete."""
    is_file = path.is_file() or not path.exists()
    return path.with_name(f".{path.name}.{os.getpid()}.part") if is_file else path


def _open(path: Path, made: Path) -> BinaryIO:
    try:
        return made.open("wb")
    except OSError as error:
        raise InputError(
            code="TWN-061",
            where=f"--log {path}",
            got=_word(error),
            expected="a file in a folder that can be written to",
            fix="make the folder, or choose another file",
        ) from error


def _word(error: OSError) -> str:
    return (os.strerror(error.errno) if error.errno else str(error)).lower()


def _import_arrow() -> tuple[Any, Any]:
    try:
        import pyarrow as pa  # type: ignore[import-untyped]  # it has no types
        from pyarrow import parquet
    except ImportError as error:
        raise ExternalError(
            code="TWN-060",
            where="--log",
            got="no package `pyarrow`",
            expected="the extra `log`",
            fix="pip install 'oncopolis[log]', or leave the log out",
        ) from error
    return pa, parquet
