"""Where the data of a project lie by default: in the user's folders, not in the project."""

import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from oncopolis.foundation import ConflictError, NotFoundError
from oncopolis.record.store.keys import Keys

DATABASE = "record.sqlite"
KEYS = "record.key"
RESULTS = ".results"
_OWNER = "project"
"""File in a data folder that says whose it is: folders of two projects may have one name."""
_PASSWORD = re.compile(r"(://[^:/@]*)(:[^@/]*)(@)")
_PRIVATE = 0o700  # structure: file mode, its owner only


@dataclass(frozen=True, slots=True)
class Places:
    """Database and master key of a project.

    Parameters
    ----------
    keys
        Key file; None for a database in which nothing is sealed.
    """

    url: str
    keys: Path | None

    @property
    def shown_url(self) -> str:
        """URL without a password in it."""
        return _PASSWORD.sub(r"\1\3", self.url)

    @property
    def file(self) -> Path | None:
        """File of the database; None for one that a server has."""
        return find_file(self.url)


def find_places(project: Path, database: str | None, keys: Path | None) -> Places:
    """Return where the data of a project are, from the options of a command.

    Parameters
    ----------
    database
        URL; the file in the user's data folder if left out, which is sealed by a key of its own.
    keys
        Key file.

    Raises
    ------
    ConflictError
        The data folder belongs to a project of the same name elsewhere.
    """
    if database is not None:
        return Places(database, keys)
    name = project.resolve().name
    folder = _find_home("XDG_DATA_HOME", ".local/share") / "oncopolis" / name
    _check_owner(folder, project.resolve())
    key = _find_home("XDG_CONFIG_HOME", ".config") / "oncopolis" / name / KEYS
    return Places(f"sqlite:///{folder / DATABASE}", keys or key)


def find_results(project: Path) -> Path:
    """Return the folder for results of work that is ordered from the server of a project."""
    return _find_home("XDG_DATA_HOME", ".local/share") / "oncopolis" / f"{project.resolve().name}{RESULTS}"


def make_places(places: Places, project: Path, announce: Callable[[str], None]) -> Keys | None:
    """Make the folders and the key that are missing, and return the key."""
    file = places.file
    if file is not None and file.name == DATABASE and not file.parent.exists():
        file.parent.mkdir(mode=_PRIVATE, parents=True)
        (file.parent / _OWNER).write_text(f"{project.resolve()}\n", "utf-8")
    if places.keys is None:
        return None
    if places.keys.exists() or (file is not None and file.exists()):
        return Keys.load(places.keys)
    places.keys.parent.mkdir(mode=_PRIVATE, parents=True, exist_ok=True)
    announce(f"new key {places.keys}: keep a copy of it apart from the backups, which are lost without it")
    return Keys.make(places.keys)


def get_keys(places: Places) -> Keys | None:
    """Return the key of a database that is there.

    Raises
    ------
    NotFoundError
        There is no database yet.
    """
    if places.file is not None and not places.file.exists():
        raise NotFoundError(
            code="REC-130",
            where=str(places.file),
            got="no database",
            expected="one that `oncopolis serve` made",
            fix="start the server once, or name another one with --database",
        )
    return None if places.keys is None else Keys.load(places.keys)


def find_file(url: str) -> Path | None:
    """Return the file of a database, None for one that a server has."""
    parts = urlsplit(url)
    return Path(unquote(parts.path[1:])) if parts.scheme == "sqlite" and parts.path[1:] else None


def _find_home(variable: str, default: str) -> Path:
    value = os.environ.get(variable, "")
    return Path(value) if value.startswith("/") else Path.home() / default


def _check_owner(folder: Path, project: Path) -> None:
    try:
        owner = (folder / _OWNER).read_text("utf-8").strip()
    except FileNotFoundError:
        return
    if owner != str(project):
        raise ConflictError(
            code="REC-131",
            where=str(folder),
            got=f"the data of {owner}",
            expected=f"those of {project}",
            fix="use --database; if the project was moved, correct the file `project` there",
        )
