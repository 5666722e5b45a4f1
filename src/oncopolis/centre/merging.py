"""Files laid over each other: the library first, then the project, key by key."""

from collections.abc import Iterable
from typing import Any

from oncopolis.foundation import Collector, InputError, Located, Place
from oncopolis.foundation.located import Segments


def merge(layers: Iterable[Located]) -> Located:
    """Merge definition files into one.

    Sections (`activities`, `resources` …) are merged by id and each entry key by key, so that a
    project says only what differs; anything else is replaced whole. Places follow the values.

    Raises
    ------
    InputError
        If a file is not a mapping.
    """
    merged: dict[str, Any] = {}
    places: dict[Segments, Place] = {}
    faults = Collector()
    file = ""
    for layer in layers:
        file = layer.file
        if not isinstance(layer.data, dict):
            faults.add(
                InputError(
                    code="CEN-001",
                    where=layer.file,
                    got="no mapping" if layer.data is not None else "an empty file",
                    expected="keys such as `pathways:` or `resources:`",
                    fix="see docs/reference/project.md",
                )
            )
            continue
        _lay_over(merged, layer.data)
        places.update(layer.places)
    faults.raise_if_any()
    return Located(merged, file, places)


def _lay_over(below: dict[str, Any], above: dict[str, Any], depth: int = 0) -> None:
    for key, value in above.items():
        is_mapping = isinstance(value, dict) and isinstance(below.get(key), dict)
        if is_mapping and depth < len(("section", "entry")) and not _is_number(value):
            below[key] = dict(below[key])
            _lay_over(below[key], value, depth + 1)
        else:
            below[key] = value


def _is_number(value: dict[str, Any]) -> bool:
    """Whether a mapping is a coefficient, which is replaced whole."""
    return "value" in value or isinstance(value.get("evidence"), str)
