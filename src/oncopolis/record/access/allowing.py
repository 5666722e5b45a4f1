"""What somebody may see, as a condition inside every query: never a check afterwards."""

from typing import Any, Protocol, TypeAlias

Condition: TypeAlias = tuple[str, tuple[Any, ...]]
"""SQL with ``?`` for values, the same for both databases, and the values."""


class Allowed(Protocol):
    """Which records may be seen."""

    def restrict(self, type_: str, alias: str) -> Condition:
        """The condition on a row of ``resource`` of this type, which the query calls ``alias``."""


class _Everything:
    def restrict(self, type_: str, alias: str) -> Condition:  # noqa: ARG002 - nothing is restricted
        return "1 = 1", ()


EVERYTHING: Allowed = _Everything()
"""For the house itself, which answers nobody."""
