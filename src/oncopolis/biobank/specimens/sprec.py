"""SPREC: how a solid specimen was treated before it was stored, computed from recorded times."""

from functools import cache
from math import inf
from pathlib import Path
from typing import Any, Final

import yaml

from oncopolis.record.biobank.specimens import PARAFFIN

UNKNOWN: Final = "X"
OTHER: Final = "Z"
NONE: Final = "N"
TISSUE: Final = "TIS"
_SECONDS = 60  # structure: of a minute
_NOT_FIXED = frozenset({"SNP", "OCT", "HST"})
"""Frozen or heated: there is no time in a fixative."""


@cache
def get_codes() -> dict[str, Any]:
    """The code lists, with whether the standard was opened."""
    found: dict[str, Any] = yaml.safe_load(Path(__file__).with_name("sprec.yaml").read_text("utf-8"))
    return found


def compute_sprec(
    kind: str,
    collection: str,
    warm_s: int | None,
    cold_s: int | None,
    fixation: str,
    fixed_s: int | None,
    storage_c: float | None,
) -> str:
    """Return the code of a solid specimen; empty for fluids, whose code needs what is not recorded here.

    Parameters
    ----------
    collection, fixation
        SPREC's codes (``SRG``, ``SNP``).
    warm_s, cold_s, fixed_s
        Seconds without blood in the body, from removal to freezing or fixing, and in the fixative; None:
        unknown.
    storage_c
        What it is kept at, degrees Celsius; None while it is not stored.
    """
    codes = get_codes()
    is_block = kind == PARAFFIN
    kind = TISSUE if is_block else kind
    if kind not in codes["types"]:
        return ""
    parts = (
        kind,
        collection if collection in codes["collections"] else "ZZZ",
        find_letter("ischaemia", warm_s),
        find_letter("ischaemia", cold_s),
        fixation if fixation in codes["fixations"] else "ZZZ",
        NONE if fixation in _NOT_FIXED else find_letter("fixation_time", fixed_s),
        _find_storage(storage_c, is_block=is_block),
    )
    return "-".join(parts)


def find_letter(name: str, seconds: int | None) -> str:
    """The letter of a time; a time on a boundary has the later letter."""
    if seconds is None:
        return UNKNOWN
    for row in get_codes()[name]:
        if "until_min" not in row or seconds < row["until_min"] * _SECONDS:
            return str(row["code"])
    return OTHER


def _find_storage(storage_c: float | None, *, is_block: bool) -> str:
    if storage_c is None:
        return UNKNOWN
    codes = get_codes()
    rows = [codes["block"], *codes["storage"]] if is_block else codes["storage"]
    fitting = (row["code"] for row in rows if row.get("from_c", -inf) <= storage_c <= row.get("to_c", inf))
    return str(next(fitting, codes["other"]))
