"""The command line: the help texts of every command, and the exit codes."""

import importlib
import pkgutil
from collections.abc import Iterator

import click

import oncopolis
from oncopolis.cli import entry
from oncopolis.foundation import OncopolisError
from reference.markdown import to_page, to_table

_WIDTH = 100


def list_pages() -> Iterator[tuple[str, str]]:
    """Yield ``commands.md`` and ``exit_codes.md``."""
    parts = [
        f"## {path}\n\n```text\n{command_help}\n```"
        for path, command_help in _list_helps("oncopolis", entry.oncopolis, None)
    ]
    yield "commands.md", to_page("Commands", *parts)
    yield "exit_codes.md", to_page("Exit codes", _to_exit_codes())


def _list_helps(name: str, command: click.Command, parent: click.Context | None) -> Iterator[tuple[str, str]]:
    settings = {**command.context_settings, "terminal_width": _WIDTH, "max_content_width": _WIDTH}
    context = click.Context(command, info_name=name, parent=parent, **settings)
    text = "\n".join(line.rstrip() for line in command.get_help(context).splitlines())
    yield context.command_path, text
    if isinstance(command, click.Group):
        for child in command.list_commands(context):
            found = command.get_command(context, child)
            if found is not None and not found.hidden:
                yield from _list_helps(child, found, context)


def _to_exit_codes() -> str:
    _load_everything()
    errors = sorted(_list_subclasses(OncopolisError), key=lambda kind: kind.__name__)
    by_code: dict[int, list[str]] = {
        0: ["it worked"],
        entry.EXIT_BAD_INPUT: ["wrong use of a command"],
        entry.EXIT_FINDINGS: ["it worked, and there are failing findings"],
        entry.EXIT_STOPPED: ["stopped by Ctrl-C"],
    }
    for kind in errors:
        by_code.setdefault(kind.exit_code, []).append(f"`{kind.__name__}`")
    return to_table(("code", "meaning"), ((code, ", ".join(by_code[code])) for code in sorted(by_code)))


def _load_everything() -> None:
    """Import every module, since an error that nobody has loaded yet is not among the subclasses.

    Scripts that run when they are loaded, of alembic and of ``python -m``, are left out.
    """
    for found in pkgutil.walk_packages(oncopolis.__path__, f"{oncopolis.__name__}."):
        if not found.name.endswith("__main__") and ".migrations." not in found.name:
            importlib.import_module(found.name)


def _list_subclasses(kind: type[OncopolisError]) -> Iterator[type[OncopolisError]]:
    for child in kind.__subclasses__():
        yield child
        yield from _list_subclasses(child)
