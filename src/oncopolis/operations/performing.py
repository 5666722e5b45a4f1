"""`Live`: the floor over a store: acts are done in its transactions, and what they changed is told."""

import asyncio
import gc
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from threading import local
from time import time_ns
from typing import Any, TypeAlias, TypeVar

from oncopolis.foundation import Frozen
from oncopolis.foundation.units import MS_PER_DAY
from oncopolis.operations.acts import REACTIONS, VIEWS, get_act
from oncopolis.operations.consequences import add_consequences
from oncopolis.operations.deciding import Act, Decision, Moment
from oncopolis.operations.floor import Floor
from oncopolis.operations.house import House
from oncopolis.operations.limits import check_limits
from oncopolis.operations.reacting import Reaction
from oncopolis.operations.views import Record, View
from oncopolis.operations.writing import claim, write
from oncopolis.record import Act as Audited
from oncopolis.record.access import Caller
from oncopolis.record.errors import ClaimHeld
from oncopolis.record.fhir.bodies import find_resource
from oncopolis.record.store import Store, Transaction
from oncopolis.record.store.naming import make_id
from oncopolis.record.store.reading import Reading

T = TypeVar("T")
Listener: TypeAlias = Callable[[Sequence[View]], None]
"""Told which views have changed, once that is durable; from the writer's thread, so it has to be quick."""

_MOST_AT_ONCE = 5_000  # structure: views of a kind that are read before anybody is answered, half a second
_MOST_TRIES = 20  # structure: times that others took unseen, one after the other, before it is refused
_NS_OF_US = 1_000  # structure: nanoseconds in a microsecond


@dataclass(frozen=True, slots=True)
class Wish:
    """An act that somebody wants done.

    Parameters
    ----------
    asked
        What was said, of the type the act asks for.
    audited
        Who asks, for the audit.
    key
        Idempotency key: the same one is done once.
    fingerprint
        Tells another wish under the same key.
    at_ms
        When it was done, milliseconds since 1970 (UTC), if it is told later; None for now.
    caller
        Whose departments and patients limit it; None for the house itself, and for programs.
    """

    act: Act[Any]
    asked: Frozen
    audited: Audited
    key: str | None = None
    fingerprint: str = ""
    at_ms: int | None = None
    caller: Caller | None = None


class _Here(local):
    """What this thread is about."""

    transaction: Transaction | None = None
    """The transaction in which the writer's thread has the floor; no other thread has one."""


class Live:
    """The live centre over an open store. One writer at a time has the floor; anybody may look at it.

    Parameters
    ----------
    kinds
        What stands on its floor.
    tag
        Put on every record that its acts write, if there is one.
    """

    def __init__(
        self,
        store: Store,
        house: House,
        kinds: Sequence[type[View]] = VIEWS,
        tag: Mapping[str, str] | None = None,
    ) -> None:
        self.store, self.house, self._kinds, self._tag = store, house, kinds, tag
        self._floor: Floor | None = None
        self._here = _Here()
        self._listeners: tuple[Listener, ...] = ()
        self._last = 0

    def open(self) -> None:
        """Read what is open; from now on the floor follows every write to the record."""
        self.store.follow(self._follow)
        self.store.submit_unseen(self._get_floor).result()

    def listen(self, listener: Listener) -> None:
        """Have ``listener`` told of changes from now on."""
        self._listeners = (*self._listeners, listener)

    def fill(self, is_over: Callable[[], bool]) -> None:
        """Read what is open and not on the floor yet, beside the acts, until all is there or it is over."""
        floor = self._floor
        later = None if floor is None else floor.later
        if floor is None or later is None:
            return
        for read in later.list_parts():
            if is_over() or self._floor is not floor:
                return
            read()
        floor.be_whole()

    def ask(self, question: Callable[[Floor], T]) -> T:
        """Answer a question by a floor that stands still meanwhile; from any thread."""
        floor = self._floor
        if floor is None:
            floor = self.store.submit_unseen(self._get_floor).result()
        with floor.lock:
            return question(floor)

    def perform(self, wish: Wish) -> Future[dict[str, Any]]:
        """Do an act; the future has its answer once it is durable, or why it was refused.

        The answer has ``seq`` (its place among all acts), ``at_ms``, ``made`` (ids of what is new, in the
        order they were given), ``changes`` (how much was written) and what the act itself answers.
        """
        command = partial(self._do, wish)
        return self.store.submit(command, wish.audited, key=wish.key, fingerprint=wish.fingerprint)

    def perform_here(self, wish: Wish) -> asyncio.Future[dict[str, Any]]:
        """`perform` from within a running loop."""
        command = partial(self._do, wish)
        return self.store.submit_here(command, wish.audited, key=wish.key, fingerprint=wish.fingerprint)

    def _do(self, wish: Wish, transaction: Transaction) -> dict[str, Any]:
        floor = self._get_floor(transaction)
        at_ms = transaction.now_ms if wish.at_ms is None else wish.at_ms
        made: list[str] = []

        def make() -> str:
            made.append(make_id(transaction.now_ms))
            return made[-1]

        moment = Moment(at_ms, wish.audited.who, make, self.house)
        if wish.caller is not None:
            check_limits(floor, transaction, wish.act.name, wish.asked, wish.caller)
        decision, changes = self._settle(transaction, floor, wish, moment, made)
        self._change(transaction, floor, decision.puts)
        more = [step(transaction) for step in decision.also]
        if more:
            self._take_over(transaction, floor)
        self._last = max(self._last + 1, time_ns() // _NS_OF_US)
        return {
            "seq": self._last, "at_ms": at_ms, "made": made, "changes": changes, **decision.answer,
            **{name: value for told in more for name, value in told.items()},
        }  # fmt: skip

    def _settle(
        self, transaction: Transaction, floor: Floor, wish: Wish, moment: Moment, made: list[str]
    ) -> tuple[Decision, int]:
        """Decide and write; anew where another server holds what this floor did not know of."""
        n_left = _MOST_TRIES
        while True:
            made.clear()
            with floor.lock:
                decision = add_consequences(floor, wish.act.decide(floor, wish.asked, moment), moment)
            try:
                return decision, write(transaction, floor, decision, self._tag)
            except ClaimHeld as error:
                n_left -= 1
                if not n_left or not self._learn(transaction, floor, error.holder):
                    raise

    def _learn(self, transaction: Transaction, floor: Floor, holder: str) -> bool:
        """Take over the record of who holds something; whether the floor knew it otherwise.

        Another server over the same record has written it: what is decided anew reckons with it.
        """
        type_, _, id_ = holder.partition("/")
        record = self._fetch(type_, id_)
        for kind in self._kinds if record is not None else ():
            if type_ == kind.TYPE and record is not None and kind.is_mine(record):
                view = kind.from_record(record)
                if not floor.knows(kind, id_) or view != floor.find(kind, id_):
                    self._change(transaction, floor, (view,))
                    return True
        return False

    def _change(self, transaction: Transaction, floor: Floor, views: Sequence[View]) -> None:
        """Change the floor together with the transaction, and tell it once that is durable."""
        transaction.on_undo(self._forget)
        with floor.lock:
            floor.put(*views)
        if views and self._listeners:
            transaction.on_commit(partial(self._tell, views))

    def _tell(self, views: Sequence[View]) -> None:
        for listener in self._listeners:
            listener(views)

    def _follow(self, transaction: Transaction, act: Audited) -> None:
        """Take over what others write to records that are on the floor, and hold what these claim."""
        if self._here.transaction is transaction:
            return
        touched = {one.type for one in transaction.touched}
        if not touched.isdisjoint(kind.TYPE for kind in self._kinds):
            self._take_over(transaction, self._get_floor(transaction))
        for reaction in REACTIONS:
            if reaction.type in touched:
                self._react(transaction, reaction, act)

    def _react(self, transaction: Transaction, reaction: Reaction, act: Audited) -> None:
        """Do what follows from the records of a type that others have written."""
        floor, house = self._get_floor(transaction), transaction.as_house()
        moment = Moment(transaction.now_ms, act.who, lambda: make_id(transaction.now_ms), self.house)
        written = [one for one in transaction.touched if one.type == reaction.type and one.digest is not None]
        for one in written:
            record = self._fetch(one.type, one.id)
            if record is None:
                continue
            before = find_resource(house.read_version(one.type, one.id, one.version - 1))
            with floor.lock:
                decision = reaction.decide(floor, record, before, moment)
            if decision is not None:
                write(house, floor, decision, self._tag)
                self._change(transaction, floor, decision.puts)

    def _take_over(self, transaction: Transaction, floor: Floor) -> None:
        """Let the floor be what the record says of all that was written; what was over already stays so."""
        self._bring_before(transaction, floor)
        touched = [(one.type, one.id) for one in transaction.touched]
        kinds = [(kind, id_) for type_, id_ in touched for kind in self._kinds if type_ == kind.TYPE]
        views: list[View] = []
        for kind, id_ in dict.fromkeys(kinds):
            record = self._fetch(kind.TYPE, id_)
            before = floor.find(kind, id_)
            if record is not None and kind.is_mine(record):
                view = kind.from_record(record)
                if view.is_open or before is not None:
                    views.append(view)
            elif before is not None:
                self._drop(transaction, floor, before)
        claim(transaction, floor, views)
        self._change(transaction, floor, views)

    def _bring_before(self, transaction: Transaction, floor: Floor) -> None:
        """Have what was written on the floor as it was before, if it was to be read later."""
        for one in transaction.touched if floor.later is not None else ():
            for kind in self._kinds:
                if one.type != kind.TYPE or floor.knows(kind, one.id):
                    continue
                before = find_resource(transaction.as_house().read_version(one.type, one.id, one.version - 1))
                with floor.lock:
                    if before is not None and kind.is_mine(before):
                        floor.bring((kind.from_record(before),))
                    floor.pass_over(kind, one.id)

    def _drop(self, transaction: Transaction, floor: Floor, gone: View) -> None:
        holder = f"{gone.TYPE}/{gone.id}"
        transaction.release_all([(kind, key, holder) for kind, key in gone.list_claims()])
        transaction.on_undo(self._forget)
        with floor.lock:
            floor.drop(type(gone), gone.id)

    def _forget(self) -> None:
        """What the floor knows is not what the record says: it is read again by whoever needs it next."""
        self._floor = None

    def _get_floor(self, transaction: Transaction) -> Floor:
        self._here.transaction = transaction
        floor = self._floor
        if floor is None:
            floor = Floor(self.house, self._fetch, self._ask)
            transaction.ask(partial(load, floor, self._kinds, now_ms=transaction.now_ms))
            self._floor = floor
        return floor

    def _fetch(self, type_: str, id_: str) -> Record | None:
        """Read a record within the transaction of the act, or beside all acts."""
        transaction = self._here.transaction
        found = (self.store if transaction is None else transaction.as_house()).read(type_, id_)
        return find_resource(found)

    def _ask(self, question: Callable[[Reading], T]) -> T:
        """Answer a question within the transaction of the act, or beside all acts."""
        transaction = self._here.transaction
        return self.store.ask(question) if transaction is None else transaction.as_house().ask(question)


def load(floor: Floor, kinds: Sequence[type[View]], reading: Reading, *, now_ms: int | None = None) -> None:
    """Put everything that is open on the floor.

    Parameters
    ----------
    now_ms
        Where very much is open of a kind, only what begins about now, or has no time, is read at once
        (milliseconds since 1970, UTC); the rest is asked for by the floor. None to read all of it.
    """
    alike: dict[tuple[str, str, tuple[str, ...]], list[type[View]]] = {}
    for kind in kinds:
        alike.setdefault((kind.TYPE, *kind.OPEN), []).append(kind)
    with _all_is_kept():
        # What several kinds are found by is read once: most of the time goes into reading records.
        for (type_, parameter, codes), found in alike.items():
            if now_ms is not None and _is_left_for_later(floor, found, reading, now_ms):
                continue
            for version in reading.list_with_code(type_, parameter, codes):
                record = find_resource(version)
                if record is not None:
                    floor.put(*(kind.from_record(record) for kind in found if kind.is_mine(record)))


def _is_left_for_later(floor: Floor, kinds: Sequence[type[View]], reading: Reading, now_ms: int) -> bool:
    """Whether the views are so many that most of them are read later; those of today are there then."""
    [kind, *others] = kinds
    begin: str = getattr(kind, "BEGIN", "")
    if others or not begin:
        return False
    moments = reading.list_moments(kind.TYPE, *kind.OPEN, begin)
    if len(moments) <= _MOST_AT_ONCE:
        return False
    later = floor.expect(kind, moments)
    later.bring_undated()
    later.bring_days(now_ms - MS_PER_DAY, now_ms + MS_PER_DAY)
    return True


@contextmanager
def _all_is_kept() -> Iterator[None]:
    """Look for no garbage meanwhile: of the millions of objects that are made nearly all stay."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def fold(floor: Floor, decision: Decision) -> None:
    """Let a decision have happened on a floor without a record: for those who live a day again."""
    floor.put(*decision.puts)


def make_wish(name: str, said: Mapping[str, Any], audited: Audited, **more: Any) -> Wish:
    """Return a wish from plain values; pydantic's ``ValidationError`` if they are not what the act asks."""
    act = get_act(name)
    return Wish(act, act.asked.model_validate(said), audited, **more)
