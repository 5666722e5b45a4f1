"""pydantic's complaints, told as `file:line: key: got X, expected Y, do Z`."""

import re
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from types import UnionType
from typing import Any, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError

from oncopolis.foundation.errors import InputError
from oncopolis.foundation.located import Located, Segments

_SHOWN_CHARACTERS = 60  # structure: how much of a wrong value a message repeats

_TAG = re.compile(r"^(str|int|float|bool|\[key\])$|^[A-Z]\w*$|^[a-z-]+\[.*\]$|^constrained-\w+$")
"""What pydantic writes between the keys of a file to say which form of a union it tried."""

_EXPECTED = {
    "model_type": "a mapping of keys",
    "dict_type": "a mapping of keys",
    "tuple_type": "a list",
    "too_short": "at least one entry",
    "string_pattern_mismatch": "text that matches",
}
_OTHER_FORM = frozenset({"model_type", "dict_type", "tuple_type", "string_type", "int_type", "literal_error"})
"""Complaints that say no more than that a union's form was not the one meant."""


def to_errors(
    error: ValidationError,
    located: Located,
    prefix: Segments,
    *,
    code: str,
    model: type[BaseModel] | None = None,
) -> Iterator[InputError]:
    """Turn each complaint of pydantic about ``located`` at ``prefix`` into one `InputError`.

    Where a value may have several forms, only the complaints about the form it comes nearest to are told.

    Parameters
    ----------
    error
        What pydantic raised.
    located
        The file the value was read from.
    prefix
        Where in the file the validated value stands.
    code
        Code the errors carry.
    model
        The model of the value; lets an unknown key name the nearest known one.
    """
    items: list[Any] = [
        {**item, "loc": _mark(item, located, prefix)} for item in error.errors(include_url=False)
    ]
    for item in _drop_consequences(_choose_forms(items)):
        written = tuple(segment for segment in item["loc"] if not isinstance(segment, _Tag))
        path = (*prefix, *written)
        expected = _EXPECTED.get(item["type"]) or word(item["msg"])
        got, fix = _show(item.get("input")), "mend this value"
        match item["type"]:
            case "missing":
                got, expected, fix = "nothing", "a value (the key is required)", f"add {path[-1]!r}"
            case "extra_forbidden":
                got, expected = f"the unknown key {path[-1]!r}", "only known keys"
                fix = f"remove it{_near(item['loc'], model)}"
            case "string_pattern_mismatch":
                expected += f" {item['ctx']['pattern']}"
        yield InputError(code=code, where=located.where(path), got=got, expected=expected, fix=fix)


def word(message: str) -> str:
    """Turn a message of pydantic into what follows "expected"."""
    return message.removeprefix("Value error, ").removeprefix("Input should be ")


class _Tag(str):
    """A word of pydantic's in a path, as opposed to a key of the file."""

    __slots__ = ()


def _mark(item: Any, located: Located, prefix: Segments) -> Segments:
    path, marked = prefix, []
    for i, segment in enumerate(item["loc"]):
        is_key = (*path, segment) in located.places or (
            i == len(item["loc"]) - 1 and item["type"] in ("missing", "extra_forbidden")
        )
        if isinstance(segment, str) and not is_key and _TAG.match(segment):
            marked.append(_Tag(segment))
        else:
            marked.append(segment)
            path = (*path, segment)
    return tuple(marked)


def _drop_consequences(items: list[Any]) -> list[Any]:
    """Leave out lists that are too short only because their entries are wrong."""
    return [
        item
        for item in items
        if item["type"] != "too_short"
        or not any(other["loc"][: len(item["loc"])] == item["loc"] for other in items if other is not item)
    ]


def _choose_forms(items: list[Any]) -> list[Any]:
    """Keep, of the complaints about the forms of one union, those about the likeliest; innermost first."""
    depth = max((len(item["loc"]) for item in items), default=0)
    for level in range(depth - 1, -1, -1):
        forms: dict[Segments, dict[str, list[Any]]] = {}
        for item in items:
            if level < len(item["loc"]) and isinstance(item["loc"][level], _Tag):
                forms.setdefault(item["loc"][:level], {}).setdefault(item["loc"][level], []).append(item)
        dropped = {id(item) for union in forms.values() for item in _list_unlikely(union, level)}
        items = [item for item in items if id(item) not in dropped]
    return items


def _list_unlikely(forms: Mapping[str, list[Any]], level: int) -> Iterator[Any]:
    def rank(tag: str) -> tuple[bool, int]:
        is_other = any(len(item["loc"]) == level + 1 and item["type"] in _OTHER_FORM for item in forms[tag])
        return is_other, len(forms[tag])

    likeliest = min(forms, key=rank)
    yield from (item for tag, items in forms.items() if tag != likeliest for item in items)


def _show(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= _SHOWN_CHARACTERS else text[:_SHOWN_CHARACTERS] + "…"


def _near(loc: Segments, model: type[BaseModel] | None) -> str:
    annotation: Any = model
    for segment in loc[:-1]:
        annotation = _enter(annotation, segment)
    fields = annotation.model_fields.items() if _is_model(annotation) else ()
    near = get_close_matches(str(loc[-1]), [field.alias or name for name, field in fields], n=1)
    return f" (did you mean {near[0]!r}?)" if near else ""


def list_keys(model: type[BaseModel], path: Segments) -> frozenset[str]:
    """Return the keys that may stand in the mapping at `path` of a model's value; none if they are free.

    Parameters
    ----------
    model
        Model of the whole value.
    path
        Where in it the mapping stands.
    """
    annotation: Any = model
    for segment in path:
        annotation = _enter(annotation, segment)
    if not _is_model(annotation):
        return frozenset()
    return frozenset(field.alias or name for name, field in annotation.model_fields.items())


def _is_model(annotation: Any) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, BaseModel)


def _enter(annotation: Any, segment: str | int) -> Any:
    """Return the annotation of what stands at `segment` of a value of `annotation`; None if unknown."""
    if _is_model(annotation):
        fields = {field.alias or name: field.annotation for name, field in annotation.model_fields.items()}
        if segment in fields:
            return _open(fields[str(segment)])
        return annotation if segment == annotation.__name__ else None
    arguments = [_open(part) for part in get_args(annotation)]
    if get_origin(annotation) in (Union, UnionType):
        chosen = [part for part in arguments if _is_model(part) and part.__name__ == segment]
        entered = chosen or [found for part in arguments if (found := _enter(part, segment))]
        return entered[0] if entered else None
    if get_origin(annotation) is dict:
        return arguments[1]
    return arguments[0] if get_origin(annotation) is tuple else None


def _open(annotation: Any) -> Any:
    """Take `Annotated` off."""
    return annotation.__origin__ if hasattr(annotation, "__metadata__") else annotation
