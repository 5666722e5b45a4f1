"""What specimens are asked for, and the condition in SQL that finds them."""

from typing import Annotated, Any

from pydantic import Field

from oncopolis.foundation import Frozen

_LAST = "\U0010ffff"
"""Comes after whatever begins with the same characters."""
_LONGEST, _MANY = 16, 50  # structure: characters of a code, codes of a list
Codes = Annotated[
    tuple[Annotated[str, Field(min_length=1, max_length=_LONGEST)], ...], Field(max_length=_MANY)
]


class Criteria(Frozen):
    """What specimens have to be; what is left out does not matter."""

    kinds: Codes = ()
    """SPREC's types of sample."""
    sites: Codes = ()
    """First characters of ICD-O topography: one of them."""
    diagnoses: Codes = ()
    """First characters of ICD-10: one of them."""
    collected_from_ms: int | None = None
    collected_until_ms: int | None = None
    """Up to, and not including, this moment; milliseconds since 1970 (UTC)."""
    quality_min: float | None = None
    n_thaws_max: int | None = None
    warm_max_s: int | None = None
    cold_max_s: int | None = None
    remaining_min: int | None = None
    """What has to be left, in the smallest unit of its kind."""
    sex: str | None = None
    born_from: int | None = None
    born_until: int | None = None
    """Years of birth, both included."""
    per_donor: Annotated[int, Field(ge=1)] | None = None
    """At most so many of one donor."""
    reserve: Annotated[int, Field(ge=0)] = 0
    """So many that fit have to stay, of each donor."""


def write_condition(criteria: Criteria, scopes: int) -> tuple[str, list[Any]]:
    """The condition on ``t``: what is asked for, surplus to diagnosis, for research, free, and agreed to.

    Parameters
    ----------
    scopes
        Bits of consent that its use needs.
    """
    parts: list[tuple[str, list[Any]]] = [
        (
            "t.state = 'stored' AND t.review = 'surplus' AND t.inventory = 'research' AND t.request IS NULL",
            [],
        )
    ]
    if criteria.kinds:
        parts.append((f"t.kind IN ({', '.join('?' * len(criteria.kinds))})", list(criteria.kinds)))
    for column, codes in (("site", criteria.sites), ("diagnosis", criteria.diagnoses)):
        if codes:
            starts = " OR ".join(f"t.{column} >= ? AND t.{column} < ?" for _ in codes)
            parts.append((f"({starts})", [end for code in codes for end in (code, code + _LAST)]))
    limits = (
        ("t.collected_ms >= ?", criteria.collected_from_ms),
        ("t.collected_ms < ?", criteria.collected_until_ms),
        ("t.quality >= ?", criteria.quality_min), ("t.n_thaws <= ?", criteria.n_thaws_max),
        ("t.warm_s <= ?", criteria.warm_max_s), ("t.cold_s <= ?", criteria.cold_max_s),
        ("t.remaining >= ?", criteria.remaining_min),
    )  # fmt: skip
    parts += [(sql, [value]) for sql, value in limits if value is not None]
    parts += _write_donor(criteria)
    parts.append(_write_consent(scopes))
    return " AND ".join(sql for sql, _ in parts), [value for _, values in parts for value in values]


def _write_donor(criteria: Criteria) -> list[tuple[str, list[Any]]]:
    limits = (
        ("o.sex = ?", criteria.sex), ("o.birth_year >= ?", criteria.born_from),
        ("o.birth_year <= ?", criteria.born_until),
    )  # fmt: skip
    asked = [(sql, value) for sql, value in limits if value is not None]
    if not asked:
        return []
    sql = " AND ".join(part for part, _ in asked)
    exists = f"EXISTS (SELECT 1 FROM bank_donor o WHERE o.id = t.donor AND {sql})"  # noqa: S608 - of ours
    return [(exists, [value for _, value in asked])]


def _write_consent(scopes: int) -> tuple[str, list[Any]]:
    """Whether the donor's last consent is in force and covers these scopes."""
    sql = (
        "EXISTS (SELECT 1 FROM bank_consent k WHERE k.donor = t.donor AND k.withdrawn_ms IS NULL "
        "AND (k.scopes & ?) = ? AND NOT EXISTS "
        "(SELECT 1 FROM bank_consent l WHERE l.donor = k.donor AND l.id > k.id))"
    )
    return sql, [scopes, scopes]
