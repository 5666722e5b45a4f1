"""What gateways of tags told and nobody can use: a list for each reason, on which it waits for its owner."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Annotated, Any, Final, Self

from pydantic import Field

from oncopolis.foundation import Frozen
from oncopolis.foundation.units import MS_PER_MINUTE
from oncopolis.operations.deciding import Moment
from oncopolis.operations.elements import to_instant
from oncopolis.operations.floor import Floor
from oncopolis.operations.loop import Parked, Why, write_content

OWNER: Final = "administrator"
"""Role on whose list it is: whoever gives things their tags."""
MOST_KEPT: Final = 100  # structure: different ones of a list
AGAIN_MS: Final = 10 * MS_PER_MINUTE  # structure: after which a list that says nothing new is written again
_WHERE: Final = 100  # structure: characters of a topic
_SAID: Final = 300  # structure: characters of what came
_ALIKE: Final = ("thing", "area", "said")
"""What makes two of them the same."""


class Garbage(Frozen):
    """Something that a gateway sent and that says nowhere which thing is where."""

    where: Annotated[str, Field(max_length=_WHERE)]
    """Who sent it, or its topic."""
    said: Annotated[str, Field(max_length=_SAID)]
    """How it begins, and what is wrong with it."""

    @classmethod
    def cut(cls, where: str, said: str) -> Self:
        """Return what is told of it, as long as it may be."""
        return cls(where=where[:_WHERE], said=said[:_SAID])


def park(
    floor: Floor, unread: Iterable[tuple[Why, Mapping[str, Any]]], turned_away: int, moment: Moment
) -> Iterator[Parked]:
    """Yield the lists that have grown.

    What is on its list already is not written again for some minutes: a gateway repeats itself every second.

    Parameters
    ----------
    turned_away
        How many sightings there was no room for.
    """
    found: dict[Why, list[Mapping[str, Any]]] = {}
    for why, one in unread:
        found.setdefault(why, []).append(one)
    if turned_away:
        found["flood"] = []
    lists = {one.why: one for one in floor.list(Parked) if one.kind == "sightings" and one.is_open}
    for why, ones in found.items():
        known = lists.get(why)
        before: dict[str, Any] = {} if known is None else json.loads(known.content)
        after = _add(before, ones, turned_away if why == "flood" else 0, moment.at_ms)
        if after is not None:
            content = write_content(after)
            made = Parked(moment.make_id(), "sightings", why, OWNER, moment.at_ms, content)
            yield made if known is None else replace(known, content=content)


def _add(
    before: Mapping[str, Any], ones: Iterable[Mapping[str, Any]], turned_away: int, at_ms: int
) -> Mapping[str, Any] | None:  # fmt: skip
    """Return a list with what is new; None if that is nothing worth writing."""
    kept: list[Mapping[str, Any]] = list(before.get("told", ()))
    known = {_name(one) for one in kept}
    is_full, n_before = bool(before.get("and_more")), len(kept)
    for one in ones:
        if _name(one) not in known:
            known.add(_name(one))
            is_full = is_full or len(kept) >= MOST_KEPT
            kept += [one] if len(kept) < MOST_KEPT else []
    is_news = len(kept) > n_before or is_full != bool(before.get("and_more")) or turned_away > 0
    if not is_news and at_ms - before.get("last_ms", 0) < AGAIN_MS:
        return None
    return {
        "told": kept, "and_more": is_full, "turned_away": before.get("turned_away", 0) + turned_away,
        "last_ms": at_ms, "last": to_instant(at_ms),
    }  # fmt: skip


def _name(one: Mapping[str, Any]) -> tuple[object, ...]:
    return tuple(one.get(member) for member in _ALIKE)
