"""The rules of the closed loop, as data: what is scanned, what has to match, and what may be overridden."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final, Literal, TypeAlias, get_args

import yaml

Compare: TypeAlias = Literal["same", "among", "until", "between"]
Override: TypeAlias = Literal["never", "reason", "second"]
CheckKind: TypeAlias = Literal["medicine", "dose", "specimen", "blood", "place", "theatre", "implant"]
CHECK_KINDS: Final[tuple[CheckKind, ...]] = get_args(CheckKind)
READABLE: Final = "readable"
"""Rule that every scan has to meet."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One thing that has to match.

    Parameters
    ----------
    is_open
        Whether anything matches where nothing was expected.
    source
        Title, who says so, and the year.
    """

    id: str
    compare: Compare
    override: Override
    source: str
    is_open: bool = False


@dataclass(frozen=True, slots=True)
class RuleSet:
    """What a kind of check scans and compares."""

    scans: tuple[str, ...]
    rules: tuple[Rule, ...]


@cache
def get_rules() -> Mapping[CheckKind, RuleSet]:
    """Return the rules by kind of check."""
    said: dict[str, Any] = yaml.safe_load((files(__package__) / "rules.yaml").read_text("utf-8"))
    sources = {key: f"{one['title']}. {one['by']}, {one['year']}" for key, one in said["sources"].items()}
    return {
        kind: RuleSet(
            tuple(said["checks"][kind]["scans"]),
            tuple(
                Rule(
                    one["id"], one["compare"], one["override"], sources[one["source"]], bool(one.get("open"))
                )
                for one in said["checks"][kind]["rules"]
            ),
        )
        for kind in CHECK_KINDS
    }


def find_override(kind: CheckKind, failed: tuple[str, ...]) -> Override:
    """Return what it takes to go on despite what failed: the strictest of the rules."""
    known = {rule.id: rule.override for rule in get_rules()[kind].rules}
    found = {known.get(rule, "never") for rule in failed}
    if "never" in found:
        return "never"
    return "second" if "second" in found else "reason"
