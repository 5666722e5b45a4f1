"""Conditions of the base definitions and of profiles, each by its key."""

from collections import Counter
from collections.abc import Iterator, Sequence
from time import thread_time
from typing import Final

from oncopolis.record.fhir.validating.expressions import CannotTell, holds
from oncopolis.record.fhir.validating.natively import NATIVE, REWORDED
from oncopolis.record.fhir.validating.remarks import Remark
from oncopolis.record.fhir.validating.rules import Invariant, get_rules
from oncopolis.record.fhir.validating.walking import Spot
from oncopolis.record.fhir.validating.wording import WORDING

__all__ = ["MAX_NODES", "MAX_SECONDS", "check_invariant", "check_invariants"]

MAX_SECONDS: Final = 10  # structure: processor time that conditions of one request may take
MAX_NODES: Final = 5_000  # structure: values of one resource; some conditions compare each with each


def check_invariants(spots: Sequence[Spot]) -> Iterator[Remark]:
    """Yield the conditions of the base definitions that do not hold."""
    rules, end = get_rules(), thread_time() + MAX_SECONDS
    large = _find_large(spots)
    for spot in spots:
        if id(spot.resource) in large:
            if spot.value is spot.resource:
                text = f"conditions are not checked: more than {MAX_NODES} values"
                yield Remark("information", "too-costly", spot.place, "base", text)
            continue
        for rule in rules.list_invariants(spot.type, spot.path) if spot.value is not None else ():
            if thread_time() > end:
                text = f"conditions from here on are not checked: more than {MAX_SECONDS} s of work"
                yield Remark("information", "too-costly", spot.place, rule.key, text)
                return
            yield from check_invariant(rule, spot)


def _find_large(spots: Sequence[Spot]) -> frozenset[int]:
    """Identities of resources with too many values of their own; the conditions of bundles are cheap."""
    counts = Counter(id(spot.resource) for spot in spots if spot.resource["resourceType"] != "Bundle")
    return frozenset(found for found, n in counts.items() if n > MAX_NODES)


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
