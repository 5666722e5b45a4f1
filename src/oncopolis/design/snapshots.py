"""`Snapshot`: what is kept of a space, so that the next revision is compared without reading this one."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

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


_KEPT = {"id", "words", "area_m2", "digest"}
Snapshots = Mapping[str, Snapshot]


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
        document = read_review(paths[0])
        return {
            entry["id"]: Snapshot(entry["id"], entry["words"], entry["area_m2"], entry["digest"])
            for entry in document["spaces"]
        }
    return take_snapshots(read_models(paths))


def read_review(path: Path) -> dict[str, Any]:
    """Read a ``review.json``.

    Raises
    ------
    InputError
        DES-053 if it is none.
    """
    try:
        document = json.loads(read_text(path))
    except (ValueError, RecursionError):
        document = None
    if not _is_review(document):
        raise InputError(
            code="DES-053",
            where=str(path),
            got="a file that is no review",
            expected="the review.json of an earlier review",
            fix="give the review.json that `oncopolis review` wrote",
        )
    return dict(document)


def _is_review(document: Any) -> bool:
    if not isinstance(document, dict) or document.get("kind") != "review":
        return False
    spaces, groups = document.get("spaces"), document.get("groups")
    if not isinstance(spaces, list) or not isinstance(groups, list):
        return False
    return all(isinstance(space, dict) and space.keys() >= _KEPT for space in spaces) and all(
        isinstance(group, dict) and {"rule", "outcomes"} <= group.keys() for group in groups
    )
