"""`Grouped`: what is open, by what it belongs to."""

from typing import ClassVar, Generic, TypeVar

from oncopolis.operations.views import View

V = TypeVar("V", bound=View)


class Grouped(Generic[V]):
    """An index of the floor: open views of a kind by one of their attributes.

    Attributes
    ----------
    KIND
        What is looked up.
    OF
        The attribute; views in which it is empty belong to nothing.
    """

    KIND: ClassVar[type[View]]
    OF: ClassVar[str]

    def __init__(self) -> None:
        self._of: dict[str, dict[str, V]] = {}

    def change(self, before: V | None, after: V | None) -> None:
        """One came, went on or is over."""
        if before is not None and (key := getattr(before, self.OF)):
            left = self._of.get(key, {})
            left.pop(before.id, None)
            if not left:
                self._of.pop(key, None)
        if after is not None and (key := getattr(after, self.OF)):
            self._of.setdefault(key, {})[after.id] = after

    def list_of(self, key: str) -> tuple[V, ...]:
        """Return those that belong to something, in the order in which they last changed."""
        return tuple(self._of.get(key, {}).values())
