"""Scopes of consent: what may be done with specimens, kept as bits so that databases can ask for them."""

from collections.abc import Iterable
from typing import Literal, TypeAlias

Scope: TypeAlias = Literal["research", "genetic", "commercial", "abroad", "cell_lines", "recontact"]
SCOPES: tuple[Scope, ...] = ("research", "genetic", "commercial", "abroad", "cell_lines", "recontact")
"""In the order of their bits, which never changes; new ones come last."""


def to_bits(scopes: Iterable[Scope]) -> int:
    """Scopes as one number."""
    return sum(1 << SCOPES.index(one) for one in set(scopes))


def to_scopes(bits: int) -> tuple[Scope, ...]:
    """The scopes a number stands for."""
    return tuple(one for n, one in enumerate(SCOPES) if bits >> n & 1)
