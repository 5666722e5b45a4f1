"""Conditions of the base definitions and of profiles, each by its key."""

from collections.abc import Iterable, Iterator
from typing import Final

from oncopolis.record.fhir.validating.expressions import CannotTell, holds
from oncopolis.record.fhir.validating.natively import NATIVE, REWORDED
from oncopolis.record.fhir.validating.remarks import Remark
from oncopolis.record.fhir.validating.rules import Invariant, get_rules
from oncopolis.record.fhir.validating.walking import Spot
from oncopolis.record.fhir.validating.wording import WORDING

__all__ = ["MAX_CONDITIONS", "check_invariant", "check_invariants"]

MAX_CONDITIONS: Final = 20_000  # structure: conditions of one resource; seconds of work


def check_invariants(spots: Iterable[Spot]) -> Iterator[Remark]:
    """Yield the conditions of the base definitions that do not hold."""
    rules, left = get_rules(), MAX_CONDITIONS
    for spot in spots:
        if spot.value is None:
            continue
        for rule in rules.list_invariants(spot.type, spot.path):
            if not left:
                text = f"conditions from here on are not checked: more than {MAX_CONDITIONS}"
                yield Remark("information", "too-costly", spot.place, rule.key, text)
                return
            left -= 1
            yield from check_invariant(rule, spot)


def check_invariant(rule: Invariant, spot: Spot) -> Iterator[Remark]:
    """Yield a remark if a condition does not hold for a value, or cannot be evaluated."""
    natively = NATIVE.get(rule.key)
    try:
        is_held = natively(spot) if natively else holds(REWORDED.get(rule.key, rule.expression), spot)
    except CannotTell as reason:
        yield Remark("information", "not-supported", spot.place, rule.key, f"not checked: {reason}")
        return
    if not is_held:
        text = WORDING.get(rule.key) or f"expected {rule.expression}"
        yield Remark(rule.severity, "invariant", spot.place, rule.key, text)
