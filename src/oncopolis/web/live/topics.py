"""Topics: what a page is about, and which topics a change on the floor touches.

A topic is a kind and an id: ``area/imaging``, ``person/<patient>``, ``ward/<department>`` …; all are names of
things a page may show, never of what happened to them.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from oncopolis.operations.views import View

_SAID: Final = {
    "area": "area",
    "ward": "ward",
    "department": "area",
    "patient": "person",
    "visit": "visit",
    "course": "course",
    "board": "board",
}
"""Member of a view -> kind of topic."""


def name_topic(kind: str, id_: str) -> str:
    """Return the name of a topic."""
    return f"{kind}/{id_}"


def list_topics(view: View) -> Iterator[str]:
    """Yield what a view is about: itself, all things of its kind, and whatever it names."""
    kind = type(view).__name__.lower()
    yield kind
    yield name_topic(kind, view.id)
    for member, about in _SAID.items():
        value = getattr(view, member, None)
        if isinstance(value, str) and value:
            yield name_topic(about, value)


class Trail:
    """Tells what changes touch: also what a view was about before, such as the area somebody has left."""

    def __init__(self) -> None:
        self._before: dict[tuple[type[View], str], tuple[str, ...]] = {}

    def follow(self, views: Sequence[View]) -> Iterable[str]:
        """Return the topics of views that have changed."""
        touched: dict[str, None] = {}
        for view in views:
            key = type(view), view.id
            topics = tuple(list_topics(view))
            touched.update(dict.fromkeys((*self._before.pop(key, ()), *topics)))
            if view.is_open:
                self._before[key] = topics
        return touched
