"""Whether references mean what they may mean, as far as their text tells."""

from collections.abc import Collection, Iterable, Iterator

from oncopolis.record.fhir.definitions import get_definitions
from oncopolis.record.fhir.references import read_reference
from oncopolis.record.fhir.validating.remarks import Remark
from oncopolis.record.fhir.validating.walking import Spot

__all__ = ["check_target", "check_targets"]


def check_targets(spots: Iterable[Spot]) -> Iterator[Remark]:
    """Yield references to types that the base definitions do not allow there."""
    definitions = get_definitions()
    for spot in spots:
        parent, _, name = spot.path.rpartition(".")
        if spot.type != "Reference" or spot.value is None or not parent:
            continue
        element = definitions.get_type(parent).elements[name.removesuffix("[x]")]
        if element.targets:
            yield from check_target(element.targets, spot, "base")


def check_target(allowed: Collection[str], spot: Spot, rule: str) -> Iterator[Remark]:
    """Yield a remark if a reference names another type than those allowed."""
    target = read_reference(spot.value, spot.root)
    if target is None or target.type is None or not get_definitions().is_resource_type(target.type):
        return
    if target.type not in allowed:
        text = f"got a reference to {target.type}, expected one to {', '.join(sorted(allowed))}"
        yield Remark("error", "structure", spot.place, rule, text)
