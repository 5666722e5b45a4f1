"""`Reaction`: what follows here from a record that somebody else has written, in the same transaction."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from oncopolis.operations.deciding import Decision, Moment
from oncopolis.operations.floor import Floor
from oncopolis.operations.views import Record

Before: TypeAlias = Mapping[str, Any] | None


@dataclass(frozen=True, slots=True)
class Reaction:
    """What follows from records of a type.

    Parameters
    ----------
    decide
        Pure, as an act: looks at the floor, the record, what that was before (None for a new one), and the
        moment. It refuses nothing: the record is written already.
    """

    type: str
    decide: Callable[[Floor, Record, Before, Moment], Decision | None]
