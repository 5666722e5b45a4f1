"""pydantic's complaints, told as `file:line: key: got X, expected Y, do Z`."""

from collections.abc import Iterator
from difflib import get_close_matches
from typing import Any

from pydantic import BaseModel, ValidationError

from oncopolis.foundation.errors import InputError
from oncopolis.foundation.located import Located, Segments

_SHOWN_CHARACTERS = 60  # structure: how much of a wrong value a message repeats


def to_errors(
    error: ValidationError,
    located: Located,
    prefix: Segments,
    *,
    code: str,
    model: type[BaseModel] | None = None,
) -> Iterator[InputError]:
    """Turn each complaint of pydantic about ``located`` at ``prefix`` into one `InputError`.

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
    for item in error.errors(include_url=False):
        path = (*prefix, *_written_path(item["loc"], located, prefix))
        message = item["msg"].removeprefix("Value error, ")
        fix = "mend this value"
        got = _show(item.get("input"))
        match item["type"]:
            case "missing":
                got, message, fix = "nothing", "a value (the key is required)", f"add {path[-1]!r}"
            case "extra_forbidden":
                got, message = f"the unknown key {path[-1]!r}", "only known keys"
                fix = f"remove it{_near(str(path[-1]), model)}"
        yield InputError(code=code, where=located.where(path), got=got, expected=message, fix=fix)


def _written_path(loc: tuple[str | int, ...], located: Located, prefix: Segments) -> Segments:
    """Drop the union tags pydantic puts between the keys that stand in the file."""
    path: Segments = ()
    for i, segment in enumerate(loc):
        if (*prefix, *path, segment) in located.places or i == len(loc) - 1:
            path = (*path, segment)
    return path


def _show(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= _SHOWN_CHARACTERS else text[:_SHOWN_CHARACTERS] + "…"


def _near(key: str, model: type[BaseModel] | None) -> str:
    near = get_close_matches(key, model.model_fields, n=1) if model else []
    return f" (did you mean {near[0]!r}?)" if near else ""
