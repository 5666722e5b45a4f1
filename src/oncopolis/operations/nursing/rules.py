"""Rules: what is due for whom on a ward, and how often; read from data, with times from the evidence."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Literal, TypeAlias, cast, get_args

import yaml

from oncopolis.operations.house import House
from oncopolis.operations.wards.views import Stay

RuleId: TypeAlias = Literal["signs", "pain", "pressure", "isolation"]
RULES: tuple[RuleId, ...] = get_args(RuleId)


@dataclass(frozen=True, slots=True)
class Rule:
    """Something that is due again and again.

    Parameters
    ----------
    whose
        ``everybody`` in a bed, or the ``isolated``.
    first, every
        Rows: how long after somebody came, and how long after the last one.
    """

    id: RuleId
    whose: Literal["everybody", "isolated"]
    first: str
    every: str

    def is_for(self, stay: Stay) -> bool:
        """Whether it holds for somebody now."""
        is_here = stay.state == "admitted" and stay.bed is not None
        return is_here and (self.whose == "everybody" or stay.isolation is not None)

    def find_first_ms(self, stay: Stay, house: House, now_ms: int) -> int:
        """Return when it is due for the first time here, milliseconds since 1970 (UTC).

        Of somebody who has been here for longer than from one to the next, nobody knows when it was done
        last: it is due now.
        """
        begins_ms = (stay.isolated_ms if self.whose == "isolated" else None) or stay.came_ms or 0
        is_long_ago = now_ms - begins_ms >= house.values.get_ms(self.every)
        return now_ms if is_long_ago else begins_ms + house.values.get_ms(self.first)


@cache
def get_rules() -> dict[RuleId, Rule]:
    """Return the rules by id."""
    said: dict[str, Any] = yaml.safe_load((files(__package__) / "rules.yaml").read_text("utf-8"))
    rules = [Rule(cast("RuleId", one["id"]), one["for"], one["first"], one["every"]) for one in said["rules"]]
    return {rule.id: rule for rule in rules}


def list_for(stay: Stay) -> Iterator[Rule]:
    """Yield the rules that hold for somebody."""
    return (rule for rule in get_rules().values() if rule.is_for(stay))
