"""What an export is asked for; as JSON it waits in the outbox until a worker takes it."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal, Self, TypeAlias

Level: TypeAlias = Literal["system", "patient", "group"]


@dataclass(frozen=True, slots=True)
class Wanted:
    """One export.

    Parameters
    ----------
    level
        Everything, what belongs to patients, or what belongs to the patients of a group.
    group
        Id of the Group, if `level` is that.
    types
        Resource types; none means all.
    since_ms
        Only what was written then or later, milliseconds since 1970 (UTC).
    filters
        Searches such as ``Observation?code=718-7``: of a type with filters, what any of them matches.
    """

    level: Level
    group: str | None = None
    types: tuple[str, ...] = ()
    since_ms: int | None = None
    filters: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Values for the payload of a job."""
        return asdict(self)

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Self:
        """What `to_json` gave."""
        return cls(**{**values, "types": tuple(values["types"]), "filters": tuple(values["filters"])})
