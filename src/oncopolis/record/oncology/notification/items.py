"""What a registry is told about a new case of cancer: one form, the union of the international data sets.

Sources, both opened in November 2026:

- ``IARC``: essential and recommended variables, table 1 of chapter I in *Standards and Guidelines for Cancer
  Registration in Europe* (IARC Technical Publication 40), after Jensen et al., *Cancer Registration:
  Principles and Methods* (1991);
- ``IICC``: variables of the call for data of *International Incidence of Childhood Cancer*, volume 3
  (iicc.iarc.fr/requirements).
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from typing import Final, Literal, TypeAlias

__all__ = ["ITEMS", "SECTIONS", "Item", "Need"]

Need: TypeAlias = Literal["essential", "recommended", "optional"]


@dataclass(frozen=True, slots=True)
class Item:
    """One item of the form.

    Parameters
    ----------
    key
        Name of its column.
    section
        Part of the form it stands in.
    label
        What it is called.
    need
        ``essential``: a case without it cannot be registered.
    source
        Data sets that have it.
    place
        Where the record has it.
    """

    key: str
    section: str
    label: str
    need: Need
    source: str
    place: str


SECTIONS: Final = ("person", "tumour", "stage", "treatment", "follow-up", "source")


def _read_items() -> Iterator[Item]:
    """Yield the rows of ``items.csv``."""
    with (files(__package__) / "items.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            yield Item(**row)  # type: ignore[arg-type]


ITEMS: Final = tuple(_read_items())
"""Every item, in the order of the form."""
