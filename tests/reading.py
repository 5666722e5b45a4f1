"""Records of a store as plain values."""

from typing import Any

from oncopolis.record.fhir.text import parse
from oncopolis.record.store import Store


def list_records(store: Store, type_: str) -> list[dict[str, Any]]:
    return [parse(version.body) for version in store.list_current(type_) if version.body]


def get_only(store: Store, type_: str) -> dict[str, Any]:
    (record,) = list_records(store, type_)
    return record
