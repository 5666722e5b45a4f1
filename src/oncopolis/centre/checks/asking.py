"""`Asker`: compares names against what exists and words the fault."""

from collections.abc import Collection, Iterator
from difflib import get_close_matches
from typing import Any

from oncopolis.foundation import InputError, Located
from oncopolis.foundation.located import Segments


class Asker:
    """Compares names against what exists and words the fault."""

    def __init__(self, located: Located) -> None:
        self.located = located

    def ask(self, name: str, known: Collection[str], what: str, path: Segments) -> Iterator[InputError]:
        """Yield a fault if `name`, written at `path`, is not known."""
        if name in known:
            return
        near = ", ".join(get_close_matches(name, known))
        yield InputError(
            code="CEN-010",
            where=self.located.where(path),
            got=f"the {what} {name!r}",
            expected=f"one that is defined{f', such as {near}' if near else ''}",
            fix=f"define it, or name an existing {what}",
        )

    def ask_all(self, items: Any, known: Collection[str], what: str, path: Segments) -> Iterator[InputError]:
        """Yield a fault for each name of a list, or key of a mapping, that is not known."""
        for i, name in enumerate(items):
            yield from self.ask(name, known, what, (*path, i if isinstance(items, tuple) else name))
