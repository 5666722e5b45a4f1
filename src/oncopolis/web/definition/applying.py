"""What a definition changes in the records that an earlier start made, told element by element, and done."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal
from uuid import uuid4

from oncopolis.record import Act, Who
from oncopolis.record.fhir.text import parse
from oncopolis.record.store import Store, Transaction
from oncopolis.web.definition.records import MANAGED, SYSTEM, Key, Record

PAGE = 1000  # structure: records read at once
LONGEST_SHOWN = 100  # structure: characters of a value on the screen

_STATE = {"Location": "status", "Device": "status"}
"""Types whose state is a code; the others have ``active``."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A record that the definition adds, changes or has no more.

    Parameters
    ----------
    record
        As it will be.
    version
        Of the record as it is, None if there is none.
    changes
        Element, what it is and what it will be; as JSON, empty for nothing.
    """

    kind: Literal["added", "changed", "gone"]
    record: Record
    version: int | None
    changes: tuple[tuple[str, str, str], ...] = ()

    @property
    def name(self) -> str:
        """Type and id."""
        return f"{self.record['resourceType']}/{self.record['id']}"

    def __str__(self) -> str:
        told = "; ".join(f"{element}: {_cut(old)} -> {_cut(new)}" for element, old, new in self.changes)
        return f"{self.kind} {self.name}" + (f": {told}" if told else "")


def is_unfounded(store: Store) -> bool:
    """Tell whether no start has made records yet."""
    return not store.find_token("Organization", "identifier", SYSTEM, "centre", 1)


def find_differences(store: Store, wanted: Mapping[Key, Record]) -> list[Difference]:
    """Return what the definition changes; none if a start with it would change nothing."""
    differences = [
        found for key, record in wanted.items() if (found := _compare(store, key, record)) is not None
    ]
    return differences + [
        found
        for record, version in _list_ours(store, wanted)
        if (found := _retire(record, version)) is not None
    ]


def apply_differences(store: Store, differences: Sequence[Difference]) -> None:
    """Write them, all or none; a record that was changed meanwhile makes it none."""

    def command(transaction: Transaction) -> None:
        for difference in differences:
            transaction.put(difference.record, expected=difference.version)

    act = Act("U", "definition", Who("software", "oncopolis"), str(uuid4()))
    store.submit(command, act).result()


def _compare(store: Store, key: Key, record: Record) -> Difference | None:
    version = store.read(*key)
    if version is None:
        return Difference("added", record, None)
    if version.body is None:
        return Difference("added", record, version.version)
    current = parse(version.body)
    changes = tuple(_list_changes(current, record))
    if not changes:
        return None
    kept = {name: value for name, value in current.items() if name not in MANAGED[key[0]]}
    state = _get_state(key[0])
    changed = {state for state, _, _ in changes}
    held = {} if state in changed else {state: current.get(state)}
    return Difference("changed", {**kept, **record, **held}, version.version, changes)


def _list_changes(current: Record, record: Record) -> Iterator[tuple[str, str, str]]:
    type_ = record["resourceType"]
    for element in MANAGED[type_]:
        old, new = current.get(element), record.get(element)
        if element == _get_state(type_) and old != _get_gone(type_):
            continue  # What the live centre says of a unit's state goes before the definition.
        if old != new:
            yield element, _to_json(old), _to_json(new)


def _list_ours(store: Store, wanted: Mapping[Key, Record]) -> Iterator[tuple[Record, int]]:
    """Yield the records of earlier definitions that this one does not have."""
    for type_ in MANAGED:
        after = ""
        while page := store.list_current(type_, limit=PAGE, after=after):
            after = page[-1].id
            for version in page:
                if (type_, version.id) not in wanted and SYSTEM.encode() in (version.body or b""):
                    record = parse(version.body or b"")
                    if any(one.get("system") == SYSTEM for one in record.get("identifier", ())):
                        yield record, version.version


def _retire(record: Record, version: int) -> Difference | None:
    state, gone = _get_state(record["resourceType"]), _get_gone(record["resourceType"])
    old = record.get(state)
    if old == gone:
        return None
    return Difference("gone", {**record, state: gone}, version, ((state, _to_json(old), _to_json(gone)),))


def _get_state(type_: str) -> str:
    return _STATE.get(type_, "active")


def _get_gone(type_: str) -> Any:
    return "inactive" if type_ in _STATE else False


def _to_json(value: Any) -> str:
    return "" if value is None else json.dumps(value, ensure_ascii=False, default=str)


def _cut(text: str) -> str:
    return "nothing" if not text else text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}…"
