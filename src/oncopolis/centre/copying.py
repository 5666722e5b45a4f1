"""Examples that come with the package, and copies of them to start a project from."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from difflib import get_close_matches
from importlib.resources import as_file, files
from pathlib import Path
from secrets import token_hex
from typing import Final

from oncopolis.foundation import InputError, NotFoundError

MAIN_FILE: Final = "centre.yaml"
"""What makes a folder a project."""


def list_examples() -> tuple[str, ...]:
    """Return the names of the examples, in alphabetical order."""
    folder = files("oncopolis.centre").joinpath("examples")
    return tuple(sorted(entry.name for entry in folder.iterdir() if entry.joinpath(MAIN_FILE).is_file()))


def copy_example(name: str, folder: Path) -> None:
    """Copy an example into a folder that does not exist yet, or is empty.

    The copy is made beside its target and moved into place when it is complete, so that a fault leaves
    nothing behind.

    Parameters
    ----------
    name
        One of `list_examples`.
    folder
        Where the new project shall be; folders above it are made.

    Raises
    ------
    NotFoundError
        If there is no such example; names the nearest ones.
    InputError
        If the folder holds something, is a file, or cannot be written.
    """
    _check_name(name)
    _check_target(folder)
    source = files("oncopolis.centre").joinpath("examples", name)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with as_file(source) as original, _sibling(folder) as unfinished:
            shutil.copytree(original, unfinished, dirs_exist_ok=True, copy_function=shutil.copyfile)
            unfinished.replace(folder)
    except OSError as error:
        raise InputError(
            code="CEN-041",
            where=str(folder),
            got=error.strerror or "a folder that cannot be written",
            expected="a place where a folder can be made",
            fix="check the path, its permissions and the free space",
        ) from error


def _check_name(name: str) -> None:
    known = list_examples()
    if name in known:
        return
    near = get_close_matches(name.lower(), known, n=2)
    raise NotFoundError(
        code="CEN-040",
        where="--like",
        got=repr(name),
        expected=f"an example: {', '.join(known)}" + (f" (near: {', '.join(near)})" if near else ""),
        fix="name one of them",
    )


def _check_target(folder: Path) -> None:
    if not folder.exists() and not folder.is_symlink():
        return
    is_empty = folder.is_dir() and not folder.is_symlink() and not any(folder.iterdir())
    if not is_empty:
        raise InputError(
            code="CEN-042",
            where=str(folder),
            got="a folder that holds files" if folder.is_dir() else "a file",
            expected="a folder that does not exist yet, or an empty one",
            fix="choose another name, or remove what is there",
        )


@contextmanager
def _sibling(folder: Path) -> Iterator[Path]:
    """Give an empty folder beside `folder`, and remove what is left of it."""
    made = folder.parent / f".{folder.name}-{token_hex()}"
    made.mkdir()
    try:
        yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)
