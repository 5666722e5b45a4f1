"""Options that say where the record of a project is."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from oncopolis.cli.options import project_argument

_Function = TypeVar("_Function", bound=Callable[..., Any])


def places_options(function: _Function) -> _Function:
    """Add ``PROJECT``, ``--database`` and ``--keys``."""
    keys = click.option(
        "--keys",
        type=click.Path(path_type=Path, dir_okay=False),
        metavar="FILE",
        help="File with the master key that seals what is kept about patients. For the database in the data "
        "folder it is one of its own if left out; in another database nothing is sealed without it.",
    )
    database = click.option(
        "--database",
        metavar="URL",
        help="sqlite:///path or postgresql://user@host/name; a file in the user's data folder if left out.",
    )
    return project_argument(database(keys(function)))
