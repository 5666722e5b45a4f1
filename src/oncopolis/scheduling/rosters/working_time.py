"""Packs of working-time rules: least rest between shifts, most hours of a week, each with its source."""

from dataclasses import replace
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from oncopolis.evidence.registry import load_evidence
from oncopolis.foundation import NotFoundError
from oncopolis.foundation.units import MINUTES_PER_HOUR
from oncopolis.scheduling.rosters.problem import Contract


def list_packs() -> tuple[str, ...]:
    """Return the names of the packs."""
    return tuple(_read_packs())


def keep_working_time(contract: Contract, pack: str) -> Contract:
    """Return a contract with the rules of a pack; a stricter rule of its own stays.

    Raises
    ------
    NotFoundError
        SCH-069: there is no such pack.
    """
    rules = _read_packs().get(pack)
    if rules is None:
        raise NotFoundError(
            code="SCH-069", where=f"contract {contract.id}: working time", got=repr(pack),
            expected=f"one of {', '.join(_read_packs())}",
            fix="choose a pack, or state leastRestMinutes and mostMinutesInAWeek",
        )  # fmt: skip
    rest, week = (_find_minutes(rules.get(name)) for name in ("least_rest", "most_week"))
    own_rest, own_week = contract.least_rest_min, contract.most_week_min
    return replace(
        contract,
        least_rest_min=max((one for one in (rest, own_rest) if one is not None), default=None),
        most_week_min=min((one for one in (week, own_week) if one is not None), default=None),
    )


def _find_minutes(rule: dict[str, Any] | None) -> int | None:
    if rule is None:
        return None
    hours = load_evidence().rows[rule["evidence"]].value if "evidence" in rule else rule["hours"]
    return round(hours * MINUTES_PER_HOUR)


@cache
def _read_packs() -> dict[str, dict[str, Any]]:
    path = files("oncopolis.scheduling.rosters").joinpath("working_time.yaml")
    packs: dict[str, dict[str, Any]] = yaml.safe_load(path.read_text("utf-8"))
    return packs
