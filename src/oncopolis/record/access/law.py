"""What the law of a country asks of the record: retention, location, signature; each with its act."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Literal, TypeAlias

import yaml

from oncopolis.foundation.errors import NotFoundError

Seen: TypeAlias = Literal["secondary", "recalled"]


@dataclass(frozen=True, slots=True)
class Demand:
    """One thing the law asks for.

    Parameters
    ----------
    value
        None where it is not known, or where the law asks for nothing.
    law
        The act and its article, or why there is none.
    seen
        Whether a report of the act was opened, or it is from memory.
    """

    value: int | str | None
    law: str
    seen: Seen
    source: str = ""


@dataclass(frozen=True, slots=True)
class Law:
    """What one country asks for; years are those after the last entry."""

    country: str
    retention_years: Demand
    audit_years: Demand
    location: Demand
    signature: Demand


def get_law(country: str) -> Law:
    """The law of a country, by its ISO 3166 code of two letters or three.

    Raises
    ------
    NotFoundError
        REC-250
    """
    law = find_law(country)
    if law is None:
        raise NotFoundError(
            code="REC-250",
            where="country",
            got=repr(country[:10]),
            expected=f"one of {', '.join(_get_table())}",
            fix="add its acts to law.yaml",
        )
    return law


def find_law(country: str) -> Law | None:
    """The law of a country as `get_law`, None if it is not noted."""
    for code, rows in _get_table().items():
        if country in (code, rows["iso3"]):
            return Law(code, **{name: Demand(**row) for name, row in rows.items() if name != "iso3"})
    return None


def list_countries() -> tuple[str, ...]:
    """Countries whose law is noted."""
    return tuple(_get_table())


@cache
def _get_table() -> Mapping[str, Mapping[str, Any]]:
    return dict(yaml.safe_load((files(__package__) / "law.yaml").read_text("utf-8")))
