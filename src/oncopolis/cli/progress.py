"""A progress bar on the terminal; silence where there is none."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

Advance = Callable[[str, float], None]
"""Called with what is being done and the share of the work that is done, 0 to 1."""


@contextmanager
def show_progress(title: str) -> Iterator[Advance]:
    """Show a bar on stderr while the block runs, and give the function that moves it."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f} %"),
        TimeElapsedColumn(),
    )
    console = Console(stderr=True)
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task(title, total=1)

        def advance(doing: str, done: float) -> None:
            bar.update(task, description=doing, completed=done)

        yield advance
