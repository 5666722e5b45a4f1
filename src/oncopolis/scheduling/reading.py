"""Reading a JSON file into a model, with every fault told by its place."""

import json
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from oncopolis.foundation import InputError, InputErrors

M = TypeVar("M", bound=BaseModel)

_MOST_FAULTS = 50  # structure: of one file
_SHOWN = 100  # structure: how much of a wrong value a message repeats


class Form(BaseModel):
    """Part of a published form: other keys than those named are passed over."""

    model_config = ConfigDict(frozen=True, extra="ignore", strict=True)


def read_text(path: Path) -> str:
    """Return what a file says.

    Raises
    ------
    InputError
        SCH-040: there is no such file, or it is no text.
    """
    try:
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(
            code="SCH-040", where=str(path), got=str(error), expected="a text file", fix="check the path"
        ) from error


def read_form(path: Path, model: type[M]) -> M:
    """Return what a JSON file says, as a model.

    Raises
    ------
    InputError, InputErrors
        SCH-040, SCH-041: it cannot be read, or is not of the form.
    """
    return to_form(read_text(path), str(path), model)


def to_form(text: str, where: str, model: type[M]) -> M:
    """Return what JSON says, as a model."""
    try:
        return model.model_validate_json(text)
    except ValidationError as error:
        raise InputErrors(
            refuse_form(
                f"{where}: {'.'.join(map(str, one['loc']))}",
                json.dumps(one.get("input"), default=str)[:_SHOWN],
                one["msg"],
            )
            for one in error.errors()[:_MOST_FAULTS]
        ) from None


def refuse_form(where: str, got: str, expected: str) -> InputError:
    """Return the fault of a file that is not of the form."""
    return InputError(code="SCH-041", where=where, got=got, expected=expected, fix="correct the file")
