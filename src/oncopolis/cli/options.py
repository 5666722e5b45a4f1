"""Arguments and options that several commands share."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

_Function = TypeVar("_Function", bound=Callable[..., Any])

LANGUAGES = ("en", "ko", "ru", "uz")


class Setting(click.ParamType[tuple[str, str]]):
    """``KEY=VALUE``, kept as text: what a key accepts is known where it is used."""

    name = "key=value"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, str]:
        """Split at the first ``=``."""
        if isinstance(value, tuple):
            key, text = value
        else:
            key, equals, text = (part.strip() for part in str(value).partition("="))
            if not (key and equals and text):
                self.fail(f"got {value!r}, expected KEY=VALUE, such as beds.occupancy=0.85", param, ctx)
        return key, text


def _to_settings(
    ctx: click.Context, param: click.Parameter, pairs: tuple[tuple[str, str], ...]
) -> dict[str, str]:
    settings: dict[str, str] = {}
    for key, text in pairs:
        if key in settings:
            raise click.BadParameter(f"{key!r} is set twice; keep one of the two", ctx, param)
        settings[key] = text
    return settings


def project_argument(function: _Function) -> _Function:
    """Add ``PROJECT``, the folder that holds ``centre.yaml``."""
    return click.argument("project", type=click.Path(path_type=Path))(function)


def out_option(of: str) -> Callable[[_Function], _Function]:
    """Add ``--out``, the folder for what is named `of`."""
    return click.option(
        "--out",
        type=click.Path(path_type=Path, file_okay=False),
        required=True,
        help=f"Folder for the {of}; made if missing.",
    )


def seed_option(same: str) -> Callable[[_Function], _Function]:
    """Add ``--seed``; the same seed gives the same `same`."""
    return click.option(
        "--seed",
        type=click.IntRange(min=0),
        default=1,
        show_default=True,
        metavar="S",
        help=f"Same seed, same {same}.",
    )


def language_option(of: str) -> Callable[[_Function], _Function]:
    """Add ``--language``, that of what people read."""
    return click.option(
        "--language",
        type=click.Choice(LANGUAGES),
        default="en",
        show_default=True,
        help=f"Language of the {of}.",
    )


def days_option(text: str) -> Callable[[_Function], _Function]:
    """Add ``--days``, a year unless given."""
    return click.option(
        "--days",
        type=click.IntRange(min=1),
        default=365,  # structure: the documented default of the command line
        show_default=True,
        metavar="N",
        help=text,
    )


def replications_option(text: str, *, least: int = 1, default: int = 1) -> Callable[[_Function], _Function]:
    """Add ``--replications``."""
    return click.option(
        "--replications",
        type=click.IntRange(min=least),
        default=default,
        show_default=True,
        metavar="R",
        help=text,
    )


def workers_options(shared: str) -> Callable[[_Function], _Function]:
    """Add ``--workers`` and ``--cluster``, which share the work named `shared`; results stay the same."""

    def add(function: _Function) -> _Function:
        with_cluster = click.option(
            "--cluster", metavar="ADDRESS", help="Dask scheduler that runs them, in place of --workers."
        )(function)
        return workers_option(shared)(with_cluster)

    return add


def workers_option(shared: str) -> Callable[[_Function], _Function]:
    """Add ``--workers``, which share the work named `shared`; results stay the same."""
    return click.option(
        "--workers",
        type=click.IntRange(min=1),
        default=1,
        show_default=True,
        metavar="W",
        help=f"Processes that share the {shared}.",
    )


def database_option(function: _Function) -> _Function:
    """Add ``--database``, where the record is."""
    return click.option(
        "--database",
        required=True,
        metavar="URL",
        help="sqlite:///path or postgresql://user@host/name.",
    )(function)


def keys_option(*, required: bool) -> Callable[[_Function], _Function]:
    """Add ``--keys``, the file with the master key."""
    return click.option(
        "--keys",
        type=click.Path(path_type=Path, dir_okay=False),
        required=required,
        metavar="FILE",
        help="File with the master key.",
    )


def set_option(function: _Function) -> _Function:
    """Add ``--set KEY=VALUE``, which may be given many times."""
    return click.option(
        "--set",
        "settings",
        type=Setting(),
        multiple=True,
        callback=_to_settings,
        metavar="KEY=VALUE",
        help="Replace the value of one evidence row or project key for this run; may be given many times.",
    )(function)
