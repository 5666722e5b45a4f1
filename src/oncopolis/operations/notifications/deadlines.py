"""Until when a cancer has to be notified: data by country, each with its source."""

from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any, Final, Literal

import yaml
from pydantic import Field, ValidationError

from oncopolis.foundation import Frozen, InputError

FILE: Final = "notifications.yaml"


class Deadline(Frozen):
    """The deadline of a country."""

    country: Annotated[str, Field(pattern="^[A-Z]{3}$")]
    """Country, in three letters."""
    days: Annotated[int, Field(ge=0)]
    """Days from the day the diagnosis was recorded."""
    whom: Annotated[str, Field(min_length=1)]
    """Who is notified."""
    source: Annotated[str, Field(min_length=1)]
    """What prescribes it."""
    status: Literal["OPENED", "RECALLED"]
    """Whether the source was opened."""


def find_deadline(project: Path, country: str) -> Deadline | None:
    """Return the deadline for a centre: of its project, else the packaged one; None if none is known.

    Raises
    ------
    InputError
        OPS-475
    """
    own = project / FILE
    listed = _read(own) if own.exists() else _read_packaged()
    return next((one for one in listed if one.country == country), None)


@cache
def _read_packaged() -> tuple[Deadline, ...]:
    return _parse((files(__package__) / "deadlines.yaml").read_text("utf-8"), "deadlines.yaml")


def _read(path: Path) -> tuple[Deadline, ...]:
    try:
        text = path.read_text("utf-8")
    except UnicodeDecodeError as error:
        raise _refuse(str(path), str(error)) from None
    return _parse(text, str(path))


def _parse(text: str, where: str) -> tuple[Deadline, ...]:
    try:
        said: Any = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise _refuse(where, str(error)) from None
    if not isinstance(said, list):
        raise _refuse(where, str(said)[:80])
    try:
        return tuple(Deadline.model_validate(one) for one in said)
    except ValidationError as error:
        first = error.errors()[0]
        raise _refuse(where, f"{'.'.join(map(str, first['loc']))}: {first['msg']}") from None


def _refuse(where: str, got: str) -> InputError:
    return InputError(
        code="OPS-475", where=where, got=got,
        expected="a list of deadlines with country, days, whom, source and status", fix="correct the file",
    )  # fmt: skip
