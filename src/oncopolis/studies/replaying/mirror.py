"""`Mirror`: acknowledged acts folded by the same decisions in memory, to be compared with the record."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from oncopolis.foundation import OncopolisError
from oncopolis.operations import VIEWS, Floor, House, Moment, Record, View, fold, get_act
from oncopolis.record import Who
from oncopolis.studies.replaying.living import Acknowledged

Key: TypeAlias = tuple[str, str]
"""Type and id of a record."""


@dataclass(frozen=True, slots=True)
class Difference:
    """Where server and mirror do not agree."""

    where: str
    server: str
    mirror: str

    def __str__(self) -> str:
        return f"{self.where}: the server has {self.server}, the acts give {self.mirror}"


class Mirror:
    """A floor of one's own.

    Parameters
    ----------
    who
        Who did the acts, as the server calls them.
    kinds
        Views that stand on it.
    """

    def __init__(self, house: House, who: Who, kinds: Sequence[type[View]] = VIEWS) -> None:
        self._house, self._who, self._kinds = house, who, kinds
        self._records: dict[Key, View | Record] = {}
        self._written: set[Key] = set()
        self.floor = Floor(house, self._fetch)

    @property
    def types(self) -> tuple[str, ...]:
        """FHIR types of what was written."""
        return tuple(sorted({type_ for type_, _ in self._written}))

    def know(self, records: Iterable[Record]) -> None:
        """Take over what was there before."""
        for record in records:
            self._records.setdefault((record["resourceType"], record["id"]), record)
            for kind in self._kinds:
                if record["resourceType"] == kind.TYPE and kind.is_mine(record):
                    self.floor.put(kind.from_record(record))

    def take(self, acts: Iterable[Acknowledged]) -> Iterator[Difference]:
        """Do acts again in the order in which the server did them; yield where it came out differently."""
        for one in sorted(acts, key=lambda one: int(one.answer["seq"])):
            yield from self._take(one)

    def compare(self, records: Iterable[Record]) -> Iterator[Difference]:
        """Compare everything that was written with the records as they are, all of them."""
        missing = set(self._written)
        for record in records:
            key = (record["resourceType"], record["id"])
            if key in self._records:
                missing.discard(key)
                ours, theirs = _normalise(self._get_record(key)), _normalise(record)
                if ours != theirs:
                    yield _tell("/".join(key), theirs, ours)
            else:
                yield Difference("/".join(key), "a record", "none")
        for key in sorted(missing):
            yield Difference("/".join(key), "none", "a record")

    def _take(self, one: Acknowledged) -> Iterator[Difference]:
        act, answer = get_act(one.act), one.answer
        made = iter(answer["made"])
        moment = Moment(answer["at_ms"], self._who, _give(made), self._house)
        where = f"act {answer['seq']} {one.act}"
        try:
            decision = act.decide(self.floor, act.asked.model_validate(one.said), moment)
        except (OncopolisError, LookupError) as error:
            yield Difference(where, "done", f"refused: {error}")
            return
        fold(self.floor, decision)
        for view in decision.puts:
            self._keep((view.TYPE, view.id), view)
        for record in decision.records:
            self._keep((record["resourceType"], record["id"]), record)
        told = _normalise({key: answer.get(key) for key in decision.answer})
        if told != _normalise(dict(decision.answer)) or next(made, None) is not None:
            yield Difference(where, str(dict(answer))[:300], str(dict(decision.answer))[:300])

    def _keep(self, key: Key, what: View | Record) -> None:
        self._records[key] = what
        self._written.add(key)

    def _get_record(self, key: Key) -> Record:
        found = self._records[key]
        return found if isinstance(found, dict) else found.to_record()

    def _fetch(self, type_: str, id_: str) -> Record | None:
        return self._get_record((type_, id_)) if (type_, id_) in self._records else None


def _give(made: Iterator[str]) -> Callable[[], str]:
    def give() -> str:
        found = next(made, None)
        if found is None:
            raise LookupError("more is made than the server made")
        return found

    return give


def _normalise(record: Mapping[str, Any]) -> Any:
    """Return a record as JSON has it, without its version."""
    said = {key: value for key, value in record.items() if key != "meta"}
    return _drop_empty(json.loads(json.dumps(said, default=str)))


def _drop_empty(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _drop_empty(member) for key, member in value.items() if member not in (None, [], {})}
    return [_drop_empty(item) for item in value] if isinstance(value, list) else value


def _tell(where: str, theirs: Any, ours: Any) -> Difference:
    """Return what is not the same of two records."""
    names = sorted(key for key in {*theirs, *ours} if theirs.get(key) != ours.get(key))
    server = {name: theirs.get(name) for name in names}
    mirror = {name: ours.get(name) for name in names}
    return Difference(where, json.dumps(server)[:500], json.dumps(mirror)[:500])
