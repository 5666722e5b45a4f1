"""Where every command starts and every failure ends."""

import os
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Any, NoReturn

import click

_COMMANDS = (
    "new",
    "plan",
    "brief",
    "explain",
    "compare",
    "simulate",
    "what-if",
    "choose",
    "size",
    "sensitivity",
    "validate",
    "review",
    "shield",
    "evidence",
    "schema",
    "serve",
    "replay",
    "account",
    "token",
    "approve",
    "jobs",
    "messages",
    "verify",
    "backup",
    "restore",
    "ship",
    "rotate-key",
    "retention",
    "schedule",
    "biobank",
)
"""Names as shown."""

_SETTINGS = {"help_option_names": ["-h", "--help"], "max_content_width": 100}  # structure: line width of help

EXIT_FINDINGS = 1
EXIT_BAD_INPUT = 2
EXIT_STOPPED = 130  # structure: what shells use for a command stopped by Ctrl-C


class LazyGroup(click.Group):
    """A group that imports a command's file only when the command is asked for.

    Parameters
    ----------
    names
        As shown, in the order a planner meets them.
    package
        Where they live: each is the object ``command`` of ``<package>.<name>``, ``_`` for ``-``.
    """

    def __init__(self, *args: Any, names: Sequence[str], package: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._names, self._package = tuple(names), package

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 (click's signature)
        """Return the names in the order a planner meets them."""
        return list(self._names)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 (click's signature)
        """Return the command of that name, or None, which makes click say what there is."""
        if cmd_name not in self._names:
            return None
        command: click.Command = import_module(f"{self._package}.{cmd_name.replace('-', '_')}").command
        return command


@click.group(cls=LazyGroup, names=_COMMANDS, package="oncopolis.cli", context_settings=_SETTINGS)
@click.version_option(package_name="oncopolis", message="%(prog)s %(version)s")
def oncopolis() -> None:
    """Plan a comprehensive cancer centre, from a population to its money."""


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run the command line and end the process.

    Exit codes: 0 fine, 1 failing findings, 2 bad input, 3 infeasible, 4 an outside service, 130 stopped.
    """
    # The arrays are small: threads of the linear algebra library only take the second core from the draws.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    sys.exit(run(arguments))


def run(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code; a user's fault becomes a message, never a traceback."""
    try:
        code = _invoke(arguments)
        sys.stdout.flush()
    except click.ClickException as error:
        error.show()
        return EXIT_BAD_INPUT
    except (KeyboardInterrupt, click.Abort):
        click.echo("stopped", err=True)
        return EXIT_STOPPED
    except BrokenPipeError:
        _silence_stdout()
        return 0
    except OSError as error:
        where = error.filename or "the file system"
        click.echo(
            f"{where}: {error.strerror or error}; check the path, its permissions and the space left",
            err=True,
        )
        return EXIT_BAD_INPUT
    except Exception as error:
        # Imported only now: the foundation brings pydantic along, which `--help` need not wait for.
        from oncopolis.foundation import OncopolisError

        if not isinstance(error, OncopolisError):
            raise
        click.echo(str(error), err=True)
        return error.exit_code
    return code


def _invoke(arguments: Sequence[str] | None) -> int:
    # Not `oncopolis.main`, which would end the process with 1 when a reader of our output has gone.
    written = sys.argv[1:] if arguments is None else list(arguments)
    try:
        with oncopolis.make_context("oncopolis", written) as context:
            result: Any = oncopolis.invoke(context)
    except click.exceptions.Exit as leave:
        return leave.exit_code
    return result if isinstance(result, int) else 0


def _silence_stdout() -> None:
    """Whoever read our output has gone; keep the interpreter from complaining about it at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
