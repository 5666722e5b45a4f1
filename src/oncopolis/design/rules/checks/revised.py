"""What changed since an older revision; spaces whose digest is the same are not looked at again."""

from collections.abc import Iterator

from oncopolis.design.model import Space
from oncopolis.design.rules.case import PASSED, Case, Outcome, Thing
from oncopolis.design.rules.checks.wanted import TOLERANCE_M2
from oncopolis.design.rules.checks.wording import to_m2
from oncopolis.design.rules.pack import Rule
from oncopolis.design.snapshots import Snapshot


def check_removed(case: Case, _: Rule) -> Iterator[Outcome]:
    """Every space of the older revision is still there."""
    for space in (case.older or {}).values():
        if space.id in case.building.space_by_id:
            yield PASSED
        else:
            area = to_m2(space.area_m2) if space.area_m2 is not None else "no area"
            yield Outcome("failed", (Thing(space.id, space.words, "", "space"),), f"removed, {area}", "kept")


def check_added(case: Case, _: Rule) -> Iterator[Outcome]:
    """No space is new."""
    for space in case.building.spaces:
        if space.id in (case.older or {}):
            yield PASSED
        else:
            area = to_m2(space.area.value) if space.area else "no area"
            yield Outcome("failed", (case.to_thing(space),), f"new, {area}", "as before")


def check_shrunk(case: Case, rule: Rule) -> Iterator[Outcome]:
    """No space has become smaller."""
    for space, before in _list_changed(case):
        if before is None or before.area_m2 is None or space.area is None:
            yield PASSED
        elif space.area.value < before.area_m2 * (1 - (rule.share or 0)) - TOLERANCE_M2:
            said = f"{to_m2(before.area_m2)} → {to_m2(space.area.value)}"
            yield Outcome("failed", (case.to_thing(space),), said, "as large as before")
        else:
            yield PASSED


def check_renamed(case: Case, _: Rule) -> Iterator[Outcome]:
    """No space has another name or number."""
    for space, before in _list_changed(case):
        if before is None or before.words == space.words:
            yield PASSED
        else:
            said = f"{before.words} → {space.words}"
            yield Outcome("failed", (case.to_thing(space),), said, "the name it had")


def _list_changed(case: Case) -> Iterator[tuple[Space, Snapshot | None]]:
    """Yield the spaces of both revisions, with what the older one was where the two differ."""
    for space in case.building.spaces:
        before = (case.older or {}).get(space.id)
        if before is not None:
            yield space, before if before.digest != case.digest_of[space.id] else None
