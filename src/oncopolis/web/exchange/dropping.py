"""The drop folder: files that have come to rest are loaded, then moved to ``done`` or ``failed``.

::

    FOLDER/his/patients.csv -> FOLDER/his/done/patients.csv          its good rows are in the record
                               FOLDER/his/done/patients.csv.bad.csv  why the others are not
                           or  FOLDER/his/failed/...                 nothing of it could be used
"""

import csv
import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from time import monotonic
from typing import Final, Self, TextIO

from oncopolis.foundation import ExternalError, InputError, OncopolisError
from oncopolis.interop.drop.loading import Loader
from oncopolis.interop.drop.mappings import Mapping_, find_mapping
from oncopolis.interop.drop.rows import Bad
from oncopolis.web.chore import Chore

__all__ = ["Dropping", "Pace"]

_UNFINISHED: Final = (".part", ".tmp", ".partial", ".crdownload", "~")
_COLUMNS: Final = ("line", "column", "value", "expected")


class Pace:
    """How often the folder is looked at, and how long a file has to be at rest."""

    look_s: float = 2.0
    rest_s: float = 5.0  # structure: longer than a copying program pauses


class Dropping(Chore):
    """Watches the folder while the block runs; a file that is being loaded is finished first."""

    def __init__(
        self,
        folder: Path,
        loader: Loader,
        mappings: tuple[Mapping_, ...],
        say: Callable[[str], None],
        pace: Pace | None = None,
    ) -> None:
        self.folder, self.loader, self.mappings, self.say = folder, loader, mappings, say
        self.pace = pace or Pace()
        self._seen: dict[Path, tuple[int, int, float]] = {}
        super().__init__("drop folder")

    def __enter__(self) -> Self:
        for partner in self.loader.settings.partners:
            (self.folder / partner).mkdir(parents=True, exist_ok=True)
        return super().__enter__()

    def _run(self) -> None:
        while not self._stopping.wait(self.pace.look_s):
            with suppress(OSError):  # A share that is away now may be back at the next look.
                self.look()

    def look(self) -> None:
        """Load what has come to rest."""
        found = [
            path for partner in self.loader.settings.partners for path in _list_files(self.folder / partner)
        ]
        self._seen = {path: self._seen[path] for path in found if path in self._seen}
        for path in found:
            if self._stopping.is_set():
                return
            if self._is_at_rest(path):
                self._take(path)

    def _is_at_rest(self, path: Path) -> bool:
        state = path.stat()
        size, changed, since = self._seen.get(path, (-1, -1, 0.0))
        if (size, changed) != (state.st_size, state.st_mtime_ns):
            self._seen[path] = (state.st_size, state.st_mtime_ns, monotonic())
            return False
        return monotonic() - since >= self.pace.rest_s

    def _take(self, path: Path) -> None:
        partner = path.parent.name
        bad = path.with_name(f".{path.name}.bad")
        try:
            mapping = find_mapping(self.mappings, partner, path.name)
            if mapping is None:
                known = ", ".join(one.files for one in self.mappings if one.partner == partner)
                raise InputError(
                    code="INT-043", where=path.name, got="a name no mapping is for",
                    expected=f"one of {known}",
                    fix="rename the file, or write a mapping for it",
                )  # fmt: skip
            with _BadRows(bad) as rows:
                loaded = self.loader.load(path, mapping, rows.add)
        except ExternalError as error:
            bad.unlink(missing_ok=True)
            self.say(f"drop: {partner}/{path.name} waits: {error.code}")
            return
        except OncopolisError as error:
            with _BadRows(bad) as rows:
                rows.add(Bad(0, "", error.got, f"{error.expected} [{error.code}]"))
            self._move(path, "failed", bad)
            self.say(f"drop: {partner}/{path.name} is moved to failed: {error}")
            return
        is_useless = loaded.n_bad and not loaded.n_good
        self._move(path, "failed" if is_useless else "done", bad)
        told = f"{loaded.n_good} rows loaded, {loaded.n_bad} refused"
        told = "was loaded before" if loaded.is_repeated else told
        waiting = f", {loaded.n_conflicts} conflicts to decide" if loaded.n_conflicts else ""
        self.say(f"drop: {partner}/{path.name}: {told}{waiting}")

    def _move(self, path: Path, where: str, bad: Path) -> None:
        folder = path.parent / where
        folder.mkdir(exist_ok=True)
        target = folder / path.name
        number = 1
        while target.exists():
            number += 1
            target = folder / f"{path.stem}.{number}{path.suffix}"
        if bad.exists():
            os.replace(bad, target.with_name(f"{target.name}.bad.csv"))  # noqa: PTH105 - it replaces
        os.replace(path, target)  # noqa: PTH105 - it replaces
        self._seen.pop(path, None)


class _BadRows:
    """The file with what is wrong; there is none if nothing is."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.file: TextIO | None = None
        path.unlink(missing_ok=True)

    def __enter__(self) -> Self:
        return self

    def add(self, bad: Bad) -> None:
        if self.file is None:
            self.file = self.path.open("w", encoding="utf-8-sig", newline="")
            csv.writer(self.file).writerow(_COLUMNS)
        csv.writer(self.file).writerow((bad.line, bad.column, bad.value, bad.expected))

    def __exit__(self, *_: object) -> None:
        if self.file is not None:
            self.file.flush()
            os.fsync(self.file.fileno())
            self.file.close()


def _list_files(folder: Path) -> list[Path]:
    """Return the files that may be taken: no hidden ones, none that say they are unfinished, no links."""
    if not folder.is_dir():
        return []
    return sorted(
        path
        for path in folder.iterdir()
        if path.is_file()
        and not path.is_symlink()
        and not path.name.startswith(".")
        and not path.name.lower().endswith(_UNFINISHED)
    )
