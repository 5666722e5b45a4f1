"""The columns of an inventory's file, as they are written and read."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

Type: TypeAlias = Literal["label", "code", "line", "time", "amount", "count", "minutes", "number", "word"]
"""What is in a column."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column.

    Parameters
    ----------
    words
        What may be in it, lower case -> what that is here, for a ``word``.
    """

    meaning: str
    type: Type
    is_required: bool = False
    words: Mapping[str, str] | None = None


def _same(*names: str) -> dict[str, str]:
    return {name: name for name in names}


UNITS: Final = {
    **_same("ug", "mg", "g", "nl", "ul", "ml", "pcs"),
    "µg": "ug", "μg": "ug", "mcg": "ug", "gm": "g", "µl": "ul", "μl": "ul", "cells": "pcs", "pieces": "pcs",
}  # fmt: skip
COLUMNS: Final[Mapping[str, Column]] = {
    "barcode": Column("what is on its label", "label", is_required=True),
    "donor": Column("pseudonym of the donor", "label", is_required=True),
    "parent": Column("barcode of what it was made of; empty for a tissue", "label"),
    "box": Column("name of its box, cane or plate; empty for what has no position", "label"),
    "position": Column("position in the box, such as B7", "code"),
    "kind": Column("SPREC's type of sample, such as TIS or PL1", "code", is_required=True),
    "site": Column("ICD-O topography", "code"),
    "diagnosis": Column("ICD-10", "code"),
    "collected": Column("when it left the donor", "time", is_required=True),
    "made": Column("when it became what it is; as collected if left out", "time"),
    "frozen": Column("when it was frozen or fixed", "time"),
    "left": Column("how much is left", "amount", is_required=True),
    "initial": Column("how much there was; as much as is left if left out", "amount"),
    "unit": Column("ug, mg, g, nl, ul, ml or pcs", "word", is_required=True, words=UNITS),
    "collection": Column("what it was gathered for", "line"),
    "inventory": Column(
        "research, diagnostic or transplant; research if left out", "word",
        words=_same("research", "diagnostic", "transplant"),
    ),
    "review": Column(
        "awaited, surplus or needed: what pathology said; awaited if left out", "word",
        words=_same("awaited", "surplus", "needed"),
    ),
    "thaws": Column("how often it was thawed", "count"),
    "warm_min": Column("warm ischaemia, minutes", "minutes"),
    "cold_min": Column("cold ischaemia, minutes", "minutes"),
    "sprec": Column("SPREC", "line"),
    "quality": Column("0 to 10, such as RIN", "number"),
    "sex": Column(
        "of the donor: female, male, other or unknown", "word",
        words={**_same("female", "male", "other", "unknown"), "f": "female", "m": "male"},
    ),
    "birth_year": Column("of the donor", "count"),
}  # fmt: skip
"""Name -> column, in the order in which they are written."""
