"""All coefficients of a definition, with where they stand and what they must measure."""

from collections.abc import Iterator
from functools import cache
from typing import Any, get_args, get_type_hints

from oncopolis.centre.number import EvidenceRef, Measured, ParameterRef
from oncopolis.evidence import Row
from oncopolis.foundation import Frozen
from oncopolis.foundation.located import Segments


def list_numbers(
    model: Frozen, path: Segments = ()
) -> Iterator[tuple[Segments, EvidenceRef | ParameterRef | Row, Measured | None]]:
    """Yield (path as written, coefficient, what it must measure) of a model and all within it."""
    for name, written, measured in _list_fields(type(model)):
        yield from _walk(getattr(model, name), (*path, written), measured)


def _walk(
    value: Any, path: Segments, measured: Measured | None
) -> Iterator[tuple[Segments, Any, Measured | None]]:
    if isinstance(value, EvidenceRef | ParameterRef | Row):
        yield path, value, measured
    elif isinstance(value, Frozen):
        yield from list_numbers(value, path)
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _walk(item, (*path, key), measured)
    elif isinstance(value, tuple):
        for i, item in enumerate(value):
            yield from _walk(item, (*path, i), measured)


@cache
def _list_fields(model: type[Frozen]) -> tuple[tuple[str, str, Measured | None], ...]:
    hints = get_type_hints(model, include_extras=True)
    return tuple(
        (name, field.alias or name, _find_measured(hints[name])) for name, field in model.model_fields.items()
    )


def _find_measured(annotation: Any) -> Measured | None:
    for part in (*getattr(annotation, "__metadata__", ()), *get_args(annotation)):
        if isinstance(part, Measured):
            return part
        if found := _find_measured(part):
            return found
    return None
