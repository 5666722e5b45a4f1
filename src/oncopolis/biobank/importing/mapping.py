"""How a file of another program is to be read; and those programs whose files are known."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Final, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, Field, ValidationError, model_validator

from oncopolis.biobank.importing.columns import COLUMNS
from oncopolis.foundation import Frozen
from oncopolis.foundation.errors import InputError, InputErrors
from oncopolis.foundation.faults import to_errors
from oncopolis.foundation.located import load_yaml

IGNORED: Final = "ignore"
"""Stands for a column that is of no interest."""
KNOWN: Final = ("openspecimen",)
"""Programs whose files are known."""
_FOLDER = Path(__file__).with_name("mappings")


def _check_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError("no such time zone") from None
    return name


def _check_charset(name: str) -> str:
    try:
        "".encode(name)
    except (LookupError, UnicodeError):
        raise ValueError("no such charset") from None
    return name


class FileMapping(Frozen):
    """How the columns, words and times of a file are to be understood."""

    charset: Annotated[str, AfterValidator(_check_charset)] = "UTF-8"
    """Charset of a CSV file without a byte order mark."""
    separator: Annotated[str, Field(max_length=1)] = ""
    """Between columns; found out if left out."""
    zone: Annotated[str, AfterValidator(_check_zone)] = "UTC"
    """Time zone of moments without an offset."""
    times: str = ""
    """How moments are written, as Python's ``strptime`` has it; ISO 8601 if left out."""
    columns: Mapping[str, str] = {}
    """Column of the file -> column of ours, or ``ignore``; one that is not named has its own name."""
    joined: Mapping[Literal["position"], tuple[str, ...]] = {}
    """Column of ours -> columns of the file that make it up together, such as row and column of a box."""
    constants: Mapping[str, str] = {}
    """Column of ours -> what is in every row that says nothing else."""
    words: Mapping[str, Mapping[str, str]] = {}
    """Column of ours -> what the file says there -> what that is here; capitals do not matter."""
    only: Mapping[str, tuple[str, ...]] = {}
    """Column of the file -> what has to be in it for a row to count; empty counts."""
    ignores_others: bool = False
    """Whether columns that nothing is said about are of no interest."""

    @model_validator(mode="after")
    def _check(self) -> "FileMapping":
        named = {*self.columns.values(), *self.constants, *self.words} - {IGNORED}
        if unknown := sorted(named - COLUMNS.keys()):
            raise ValueError(f"{', '.join(unknown)}: columns are {', '.join(COLUMNS)}")
        return self

    def narrow(self, *, zone: str | None = None, unit: str | None = None) -> "FileMapping":
        """The same with what the reader of one file says."""
        constants = dict(self.constants) | ({"unit": unit} if unit else {})
        return self.model_validate(
            self.model_dump() | {"constants": constants} | ({"zone": zone} if zone else {})
        )


OWN: Final = FileMapping()
"""Files with our own columns."""


def load_mapping(name: str) -> FileMapping:
    """The mapping of a program whose files are known, or of a YAML file.

    Raises
    ------
    InputError, InputErrors
        There is none (BIO-164), or something is wrong with it.
    """
    path = _FOLDER / f"{name}.yaml" if name in KNOWN else Path(name)
    if not path.is_file():
        raise InputError(
            code="BIO-164", where=f"mapping {name}", got="no such file",
            expected=f"{' or '.join(KNOWN)}, or a YAML file", fix="correct the name",
        )  # fmt: skip
    located = load_yaml(path)
    try:
        return FileMapping.model_validate(located.data)
    except ValidationError as error:
        raise InputErrors(to_errors(error, located, (), code="BIO-164", model=FileMapping)) from None
