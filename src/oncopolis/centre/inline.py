"""Evidence rows written in place: registered under their own path, replaced by a reference."""

from typing import Any

from oncopolis.evidence import Row
from oncopolis.evidence.registry import read_row
from oncopolis.foundation import Collector, Located
from oncopolis.foundation.located import Segments

_OVERRIDES = "evidence"
"""Mappings of this name hold rows that replace others and are read elsewhere."""


def take_rows(located: Located, faults: Collector) -> tuple[Any, dict[str, Row], dict[str, str]]:
    """Take the rows out of a definition.

    Returns
    -------
    data, rows, places
        The definition with each row replaced by ``{evidence: path}``; the rows by that path; and where
        each was written. ``pathways.breast.steps[2].share`` becomes ``pathways.breast.steps.surgery.share``
        if the third step's id is ``surgery``.
    """
    rows: dict[str, Row] = {}
    places: dict[str, str] = {}

    def walk(data: Any, path: Segments, key: str) -> Any:
        if isinstance(data, list):
            return [walk(item, (*path, i), f"{key}.{_name(item, i)}") for i, item in enumerate(data)]
        if not isinstance(data, dict):
            return data
        if "value" in data and not (path and path[-1] == _OVERRIDES):
            row = read_row(key, data, located, path, faults)
            if row is not None:
                rows[key], places[key] = row, str(located.find_place(path))
            return {"evidence": key}
        return {
            name: item
            if name == _OVERRIDES and isinstance(item, dict)
            else walk(item, (*path, name), f"{key}.{name}" if key else name)
            for name, item in data.items()
        }

    return walk(located.data, (), ""), rows, places


def _name(item: Any, index: int) -> str:
    return str(item["id"]) if isinstance(item, dict) and "id" in item else str(index)
