"""What a centre decides about access: the packaged defaults, or the file of its project."""

import re
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Final

import yaml

from oncopolis.foundation.errors import InputError
from oncopolis.record.access.disclosing import Default
from oncopolis.record.access.policy import get_policy

FILE: Final = "access.yaml"
_MOST_MIN: Final = 1_440  # structure: a day, in minutes
_COUNTRY: Final = re.compile("[A-Z]{2}", re.ASCII)
_MOST_YEARS: Final = 200  # structure: longer than anybody's records are of use


@dataclass(frozen=True, slots=True)
class Practice:
    """What a centre has decided.

    Parameters
    ----------
    disclosure
        Whether a diagnosis counts as disclosed to a patient of whom nothing is said.
    glass_minutes
        For how long one review covers what somebody does with one patient's record.
    second_factor
        Roles whose accounts need a passkey, or an authenticator beside the password.
    retention_years
        For how long the records of a patient are kept after the last entry; None: as long as the law says.
    """

    disclosure: Default
    glass_minutes: int
    second_factor: frozenset[str] = frozenset()
    retention_years: int | None = None
    location: str | None = None
    """Country in which the database and its copies stand, two letters of ISO 3166; None: not said."""


def read_practice(project: Path | None = None) -> Practice:
    """Read what a project's ``access.yaml`` decides, else the defaults.

    Raises
    ------
    InputError
        REC-246
    """
    table = yaml.safe_load((files(__package__) / "practice.yaml").read_text("utf-8"))
    where = "access.yaml"
    if project is not None and (project / FILE).exists():
        where = str(project / FILE)
        own = yaml.safe_load((project / FILE).read_text("utf-8"))
        if not isinstance(own, dict) or not own.keys() <= table.keys():
            raise _refuse(where, "an unknown setting", f"some of {', '.join(table)}")
        table |= own
    if table["disclosure"] not in ("withheld", "disclosed"):
        raise _refuse(f"{where}, disclosure", repr(table["disclosure"]), "withheld or disclosed")
    minutes = table["glass_minutes"]
    if type(minutes) is not int or not 0 < minutes <= _MOST_MIN:
        raise _refuse(f"{where}, glass_minutes", repr(minutes), f"a whole number from 1 to {_MOST_MIN}")
    years = table["retention_years"]
    if years is not None and (type(years) is not int or not 0 < years <= _MOST_YEARS):
        raise _refuse(f"{where}, retention_years", repr(years), f"a whole number from 1 to {_MOST_YEARS}")
    second = _read_second(f"{where}, second_factor", table["second_factor"])
    location = table["location"]
    if location is not None and not (isinstance(location, str) and _COUNTRY.fullmatch(location)):
        raise _refuse(f"{where}, location", repr(location), "two capital letters of ISO 3166, such as UZ")
    return Practice(table["disclosure"], minutes, second, years, location)


def _read_second(where: str, said: object) -> frozenset[str]:
    known = get_policy().roles
    if said in ("nobody", "everybody"):
        return known if said == "everybody" else frozenset()
    if not isinstance(said, list) or not all(isinstance(role, str) and role in known for role in said):
        raise _refuse(where, repr(said), f"nobody, everybody, or a list of {', '.join(sorted(known))}")
    return frozenset(said)


def _refuse(where: str, got: str, expected: str) -> InputError:
    return InputError(code="REC-246", where=where, got=got, expected=expected, fix="correct the file")
