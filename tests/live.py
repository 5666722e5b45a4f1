"""A house to decide in, and a live centre over a store, for tests of `operations`."""

from collections.abc import Mapping, Sequence
from functools import cache
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.clinic import build, lay, write

from oncopolis.operations import Act, Floor, House, Live, Moment, View, Wish, make_house
from oncopolis.record import Act as Audited
from oncopolis.record import Who
from oncopolis.record.store import Store
from oncopolis.studies.preparing import prepare

SOMEBODY = Who("Practitioner", "somebody", "Somebody")
MONDAY_MS = 1_803_870_000_000
"""Monday, 1 March 2027, 8:00 in Tashkent."""


@cache
def get_house() -> House:
    """The small clinic of the tests, in Tashkent, ready to be lived in."""
    data = lay(build(), "time_zone", "Asia/Tashkent")
    with TemporaryDirectory() as folder:
        prepared = prepare(write(Path(folder) / "clinic", data), {}, lambda _doing, _done: None)
    return make_house(prepared.equipped)


def make_floor(*views: View, house: House | None = None) -> Floor:
    """A floor with these views, and no record behind it."""
    floor = Floor(house or get_house())
    floor.put(*views)
    return floor


def make_moment(at_ms: int = MONDAY_MS, house: House | None = None, prefix: str = "new") -> Moment:
    """A moment at which new ids are ``new-1``, ``new-2``, ..."""
    numbers = count(1)
    return Moment(at_ms, SOMEBODY, lambda: f"{prefix}-{next(numbers)}", house or get_house())


def open_live(store: Store, kinds: Sequence[type[View]], house: House | None = None) -> Live:
    """A live centre over a store."""
    live = Live(store, house or get_house(), kinds)
    live.open()
    return live


def wish(act: Act[Any], said: Mapping[str, Any], at_ms: int | None = MONDAY_MS, **more: Any) -> Wish:
    """Something that somebody wants done."""
    audited = Audited("E", act.name, SOMEBODY, "request")
    return Wish(act, act.asked.model_validate(said), audited, at_ms=at_ms, **more)


def do(
    live: Live, act: Act[Any], said: Mapping[str, Any], at_ms: int | None = MONDAY_MS, **more: Any
) -> dict[str, Any]:
    """Do an act and wait for its answer."""
    return live.perform(wish(act, said, at_ms, **more)).result()
