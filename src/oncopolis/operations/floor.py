"""`Floor`: everything that is open in the centre now, in memory, so that acts can be decided."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from threading import RLock
from typing import Any, ClassVar, Protocol, TypeVar, cast

from oncopolis.foundation import NotFoundError
from oncopolis.operations.house import House
from oncopolis.operations.views import Record, View
from oncopolis.record.store.reading import Reading

V = TypeVar("V", bound=View)
I_ = TypeVar("I_", bound="Index[Any]")
V_contra = TypeVar("V_contra", bound=View, contravariant=True)
T = TypeVar("T")
Fetch = Callable[[str, str], Record | None]
"""Reads the current record of a type and id, None if there is none."""


class Ask(Protocol):
    """Answers a question by the record."""

    def __call__(self, question: Callable[[Reading], T]) -> T:
        """Answer it, by what is there and what the transaction has written."""
        ...


class Index(Protocol[V_contra]):
    """Something looked up by other means than the id, kept up to date by the floor.

    One that has a method ``end`` is told of each view that is over, as it ended.

    Attributes
    ----------
    KIND
        Views it is over.
    """

    KIND: ClassVar[type[View]]

    def change(self, before: V_contra | None, after: V_contra | None) -> None:
        """A view came, was replaced or went."""
        ...


class Floor:
    """Open views by kind and id, with indexes over them.

    Parameters
    ----------
    house
        What is the same every day.
    fetch
        Reads records that are not on the floor; without one there are none.
    ask
        Answers what is not about single records; without one nothing is found.

    Attributes
    ----------
    lock
        Held by whoever looks at the floor beside the one who changes it.
    """

    def __init__(self, house: House, fetch: Fetch | None = None, ask: Ask | None = None) -> None:
        self.house = house
        self.lock = RLock()
        self._fetch, self._ask = fetch, ask
        self._views: dict[type[View], dict[str, View]] = {}
        self._indexes: dict[type[Any], Any] = {}
        self._indexes_of: dict[type[View], list[Any]] = {}
        self._enders_of: dict[type[View], list[Any]] = {}

    def find(self, kind: type[V], id_: str) -> V | None:
        """Return a view that is on the floor, None if it is not."""
        return cast("V | None", self._views.get(kind, {}).get(id_))

    def get(self, kind: type[V], id_: str) -> V:
        """Return a view, from its record if it is not on the floor.

        Raises
        ------
        NotFoundError
            There is no such record, or it is none of these.
        """
        found = self.find(kind, id_) or self._read(kind, id_)
        if found is None:
            raise NotFoundError(
                code="OPS-001", where=f"{kind.TYPE}/{id_:.64}", got=f"no {kind.__name__.lower()} of that id",
                expected="one that is there", fix="look it up again: it may be gone or another one",
            )  # fmt: skip
        return found

    def _read(self, kind: type[V], id_: str) -> V | None:
        record = self._fetch(kind.TYPE, id_) if self._fetch is not None else None
        return kind.from_record(record) if record is not None and kind.is_mine(record) else None

    def has(self, type_: str, id_: str) -> bool:
        """Whether there is a record; it is not read."""
        if self._ask is not None:
            version = self._ask(lambda reading: reading.read(type_, id_))
            return version is not None and version.body is not None
        return self._fetch is not None and self._fetch(type_, id_) is not None

    def look(self, question: Callable[[Reading], T], otherwise: T) -> T:
        """Answer a question by the record; ``otherwise`` where there is none behind the floor."""
        return otherwise if self._ask is None else self._ask(question)

    def list(self, kind: type[V]) -> Iterator[V]:
        """Yield the views of a kind that are on the floor."""
        yield from cast("Iterable[V]", self._views.get(kind, {}).values())

    def put(self, *views: View) -> None:
        """Let views be what they are now; those that are not open go.

        Indexes are told of all that was before they are told of what is: views may exchange what they have.
        """
        for view in views:
            self.drop(type(view), view.id)
        for view in views:
            if view.is_open:
                self._views.setdefault(type(view), {})[view.id] = view
                for index in self._indexes_of.get(type(view), ()):
                    index.change(None, view)
            else:
                for index in self._enders_of.get(type(view), ()):
                    index.end(view)

    def drop(self, kind: type[View], id_: str) -> None:
        """Take a view off the floor, if it is there."""
        before = self._views.get(kind, {}).pop(id_, None)
        if before is not None:
            for index in self._indexes_of.get(kind, ()):
                index.change(before, None)

    def index(self, kind: type[I_]) -> I_:
        """Return the one index of a kind, made when it is first asked for."""
        known = self._indexes.get(kind)
        if known is None:
            known = kind()
            self._indexes[kind] = known
            self._indexes_of.setdefault(kind.KIND, []).append(known)
            if hasattr(known, "end"):
                self._enders_of.setdefault(kind.KIND, []).append(known)
            for view in self._views.get(kind.KIND, {}).values():
                known.change(None, view)
        return cast("I_", known)

    def to_state(self) -> Mapping[str, Mapping[str, View]]:
        """Return everything on the floor: kind -> id -> view."""
        return {kind.__name__: dict(views) for kind, views in self._views.items() if views}
