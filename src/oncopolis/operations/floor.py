"""`Floor`: everything that is open in the centre now, in memory, so that acts can be decided."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from threading import RLock
from typing import Any, ClassVar, Protocol, TypeVar, cast

from oncopolis.foundation import NotFoundError
from oncopolis.operations.house import House
from oncopolis.operations.later import Later
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

    One that has a method ``end`` is told of each view that is over, as it ended. One that has an attribute
    ``later`` has there what is not on the floor yet, None once all is, and brings what it is asked about.

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
    later
        What is open and not on it yet; None once all is.
    """

    def __init__(self, house: House, fetch: Fetch | None = None, ask: Ask | None = None) -> None:
        self.house = house
        self.lock = RLock()
        self.later: Later | None = None
        self._changed: set[str] = set()
        self._fetch, self._ask = fetch, ask
        self._views: dict[type[View], dict[str, View]] = {}
        self._indexes: dict[type[Any], Any] = {}
        self._indexes_of: dict[type[View], list[Any]] = {}
        self._enders_of: dict[type[View], list[Any]] = {}

    def find(self, kind: type[V], id_: str) -> V | None:
        """Return a view that is on the floor, None if it is not."""
        found = self._views.get(kind, {}).get(id_)
        if found is None and self.later is not None and not self.knows(kind, id_):
            self.later.bring(id_)
            found = self._views.get(kind, {}).get(id_)
        return cast("V | None", found)

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
        if self.later is not None and self.later.kind is kind:
            self.later.bring_all()
        yield from cast("Iterable[V]", self._views.get(kind, {}).values())

    def list_of_patient(self, patient: str) -> Sequence[View]:
        """Return everything open of a patient, whatever it is."""
        if self.later is not None:
            self.later.bring_patient(patient)
        every = (view for views in self._views.values() for view in views.values())
        return [view for view in every if getattr(view, "patient", "") == patient]

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

    def knows(self, kind: type[View], id_: str) -> bool:
        """Whether the floor says without the record whether something is open, and how it is."""
        is_later = self.later is not None and self.later.kind is kind
        return not is_later or id_ in self._changed or id_ in self._views.get(kind, {})

    def expect(self, kind: type[View], moments: Iterable[tuple[int, int | None]]) -> Later:
        """Know of open views of a kind that are read later, by when they begin."""
        self.later = Later(kind, moments, self.lock, self.look, self.bring)
        for index in self._indexes_of.get(kind, ()):
            self._let_wait(index)
        return self.later

    def bring(self, views: Iterable[View]) -> None:
        """Put on the floor what the record said all the time, unless it was put or dropped meanwhile."""
        for view in views:
            if view.is_open and not self.knows(type(view), view.id):
                self._views.setdefault(type(view), {})[view.id] = view
                for index in self._indexes_of.get(type(view), ()):
                    index.change(None, view)

    def pass_over(self, kind: type[View], id_: str) -> None:
        """Have nothing brought any more of a record that somebody has changed."""
        if self.later is not None and self.later.kind is kind:
            self._changed.add(id_)

    def be_whole(self) -> None:
        """All is on the floor that is open."""
        if self.later is not None:
            with self.lock:
                kind, self.later, self._changed = self.later.kind, None, set()
                for index in self._indexes_of.get(kind, ()):
                    self._let_wait(index)

    def _let_wait(self, index: Any) -> None:
        if hasattr(index, "later"):
            index.later = self.later

    def drop(self, kind: type[View], id_: str) -> None:
        """Take a view off the floor, if it is there."""
        if self.later is not None:
            self.pass_over(kind, id_)
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
            if self.later is not None and self.later.kind is kind.KIND:
                self._let_wait(known)
        return cast("I_", known)

    def to_state(self) -> Mapping[str, Mapping[str, View]]:
        """Return everything on the floor: kind -> id -> view."""
        if self.later is not None:
            self.later.bring_all()
        return {kind.__name__: dict(views) for kind, views in self._views.items() if views}
