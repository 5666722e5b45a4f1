"""``exchange/*.yaml`` of a project: how the files of a partner are to be read."""

from fnmatch import fnmatch
from pathlib import Path
from typing import Annotated, Final

from pydantic import AfterValidator, Field, ValidationError, model_validator

from oncopolis.foundation.errors import InputError, InputErrors
from oncopolis.foundation.faults import to_errors
from oncopolis.foundation.frozen import Frozen
from oncopolis.foundation.located import load_yaml
from oncopolis.interop.drop.forms import FORMS, FormName
from oncopolis.interop.settings import FILE, Settings, check_charset

__all__ = ["IGNORED", "Mapping_", "find_mapping", "load_mappings"]

IGNORED: Final = "ignore"
"""Stands for a column that is of no interest."""


class Mapping_(Frozen):  # noqa: N801 - what it is called everywhere else
    """One file with a mapping."""

    partner: str
    """Key of the partner in the settings; the name of its folder."""
    files: str
    """Names of the files, such as ``patients*.csv``."""
    form: FormName
    """What a row is."""
    charset: Annotated[str, AfterValidator(check_charset)] = "UTF-8"
    """Charset of files without a byte order mark."""
    separator: Annotated[str, Field(min_length=1, max_length=1)] = ","
    """Between columns, unless the first line of a file says ``sep=``."""
    dates: str = "%Y-%m-%d"
    """How days are written, as Python's ``strptime`` has it."""
    times: str = "%Y-%m-%dT%H:%M"
    """How moments are written; seconds and a zone may follow where that is left as it is."""
    columns: dict[str, str] = {}
    """Column of the file -> column of the form, or ``ignore``; one that is not named has its own name."""
    constants: dict[str, str] = {}
    """Column of the form -> its value in every row."""

    @model_validator(mode="after")
    def _check_columns(self) -> "Mapping_":
        known = FORMS[self.form].columns
        for name in (*(one for one in self.columns.values() if one != IGNORED), *self.constants):
            if name not in known:
                raise ValueError(f"columns of {self.form} ({', '.join(known)}), not {name!r}")
        return self


def load_mappings(project: Path, settings: Settings) -> tuple[Mapping_, ...]:
    """Read the mappings of a project; after them come those of each partner without any.

    Raises
    ------
    InputError
        Naming file, line and key.
    """
    paths = sorted((project / FILE).parent.glob("*.yaml"))
    found = [_load(path, settings) for path in paths if path.name != Path(FILE).name]
    defaults = [
        Mapping_(partner=partner, files=f"{form}*.csv", form=form)
        for partner in settings.partners
        for form in FORMS
    ]
    return (*found, *defaults)


def _load(path: Path, settings: Settings) -> Mapping_:
    located = load_yaml(path)
    try:
        mapping = Mapping_.model_validate(located.data)
    except ValidationError as error:
        faults = list(to_errors(error, located, (), code="INT-040", model=Mapping_))
        raise (faults[0] if len(faults) == 1 else InputErrors(faults)) from error
    if mapping.partner not in settings.partners:
        raise InputError(
            code="INT-041", where=located.where(("partner",)), got=repr(mapping.partner),
            expected=f"one of {', '.join(settings.partners)}", fix="name a partner of the settings",
        )  # fmt: skip
    return mapping


def find_mapping(mappings: tuple[Mapping_, ...], partner: str, name: str) -> Mapping_ | None:
    """Return how a file of a partner is read, None if no mapping is for files of this name."""
    return next(
        (one for one in mappings if one.partner == partner and fnmatch(name.lower(), one.files.lower())), None
    )
