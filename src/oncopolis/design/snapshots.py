"""`Snapshot`: what is kept of a space, so that the next revision is compared without reading this one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, FiniteFloat, ValidationError

from oncopolis.design.model import Building
from oncopolis.design.reading import read_models
from oncopolis.foundation import InputError, read_text


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A space of an older revision."""

    id: str
    words: str
    area_m2: float | None
    digest: str


Snapshots = Mapping[str, Snapshot]


class _KeptSpace(BaseModel):
    id: str
    words: str
    area_m2: FiniteFloat | None
    digest: str


class _KeptThing(BaseModel):
    id: str


class _KeptOutcome(BaseModel):
    things: tuple[_KeptThing, ...]


class _KeptGroup(BaseModel):
    rule: str
    state: str
    outcomes: tuple[_KeptOutcome, ...]


class Earlier(BaseModel):
    """What is used of the ``review.json`` of an earlier review; the rest of it is for readers."""

    kind: Literal["review"]
    spaces: tuple[_KeptSpace, ...]
    groups: tuple[_KeptGroup, ...]


def take_snapshots(building: Building) -> dict[str, Snapshot]:
    """Return a snapshot of every space."""
    return {
        space.id: Snapshot(space.id, space.words, space.area.value if space.area else None, space.digest)
        for space in building.spaces
    }


def read_older(paths: Sequence[Path]) -> dict[str, Snapshot]:
    """Read an older revision: its models, or the ``review.json`` that was written of it.

    Raises
    ------
    InputError
        DES-053 if a JSON file is no review; whatever `read_models` raises for models.
    """
    if len(paths) == 1 and paths[0].suffix.lower() == ".json":
        return {
            space.id: Snapshot(space.id, space.words, space.area_m2, space.digest)
            for space in read_review(paths[0]).spaces
        }
    return take_snapshots(read_models(paths))


def read_review(path: Path) -> Earlier:
    """Read a ``review.json``.

    Raises
    ------
    InputError
        DES-053 if it is none.
    """
    try:
        return Earlier.model_validate_json(read_text(path))
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"]))
        raise InputError(
            code="DES-053",
            where=str(path),
            got=f"a file that is no review ({f'{place}: ' if place else ''}{first['msg']})",
            expected="the review.json of an earlier review",
            fix="give the review.json that `oncopolis review` wrote",
        ) from error
