"""The checklist of a team, as data: its three phases and their items."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final, Literal, TypeAlias, get_args

import yaml

Phase: TypeAlias = Literal["sign_in", "time_out", "sign_out"]
PHASES: Final[tuple[Phase, ...]] = get_args(Phase)


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to make sure of."""

    id: str
    label: str
    may_not_apply: bool = False


@cache
def get_checklist() -> Mapping[Phase, tuple[Item, ...]]:
    """Return the items by phase, in order."""
    said: dict[str, Any] = yaml.safe_load((files(__package__) / "checklist.yaml").read_text("utf-8"))
    return {phase: tuple(Item(**one) for one in said["phases"][phase]) for phase in PHASES}


def list_missing(
    phase: Phase, confirmed: tuple[str, ...], not_applicable: tuple[str, ...]
) -> tuple[str, ...]:
    """Return the items of a phase that nobody has made sure of."""
    return tuple(
        item.id
        for item in get_checklist()[phase]
        if item.id not in confirmed and not (item.may_not_apply and item.id in not_applicable)
    )
