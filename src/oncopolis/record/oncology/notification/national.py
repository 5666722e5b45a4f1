"""National forms as mappings of the items of the generic one.

None of the three forms was opened; ``source`` says what was. A centre compares the mapping with the form in
force before it sends one. Labels are in ``national.csv``; rows without an item are what a form asks for and
the record does not tell.
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from typing import Final

from oncopolis.record.oncology.notification.reading import Case

__all__ = ["VARIANTS", "Variant", "to_national"]


@dataclass(frozen=True, slots=True)
class Variant:
    """One national form.

    Parameters
    ----------
    code
        Country, in two letters.
    name
        What the form is called.
    rule
        What prescribes it.
    source
        Where its items are from.
    is_opened
        Whether the form itself was opened.
    labels
        Item -> what the form calls it.
    by_hand
        What the form asks for and the record does not tell.
    """

    code: str
    name: str
    rule: str
    source: str
    is_opened: bool
    labels: Mapping[str, str] = field(repr=False)
    by_hand: tuple[str, ...] = ()


_FORMS: Final = (
    ("UZ", "090/u", "forms of medical records of the Ministry of Health", "RECALLED"),
    (
        "RU",
        "090/у",
        "order of the Ministry of Health of 19.04.1999 No. 135 (RECALLED); as CDA 1.2.643.5.1.13.13.15.80.1",
        "fields of public hospital programs for this notification and the register, opened 2026-11",
    ),
    ("KR", "중앙암등록", "Cancer Control Act, central cancer registry", "RECALLED"),
)


def _make_variants() -> dict[str, Variant]:
    with (files(__package__) / "national.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return {
        code: Variant(
            code, name, rule, source, is_opened=False,
            labels={row["item"]: row[code] for row in rows if row["item"] and row[code]},
            by_hand=tuple(row[code] for row in rows if not row["item"] and row[code]),
        )
        for code, name, rule, source in _FORMS
    }  # fmt: skip


VARIANTS: Final = _make_variants()
"""By country."""


def to_national(case: Case, variant: Variant) -> dict[str, str]:
    """Return a case under the names of a national form, empty where the record has nothing."""
    told = {label: case.values.get(key, "") for key, label in variant.labels.items()}
    return told | dict.fromkeys(variant.by_hand, "")
