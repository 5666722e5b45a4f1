"""Whether a resource or an extension is what a profile asks for."""

from collections.abc import Iterator, Sequence

from oncopolis.record.fhir.validating.bindings import check_binding
from oncopolis.record.fhir.validating.invariants import check_invariant
from oncopolis.record.fhir.validating.profiles import Node, Profile, get_profiles
from oncopolis.record.fhir.validating.remarks import Remark
from oncopolis.record.fhir.validating.slicing import contains, get_discriminators, is_in_slice
from oncopolis.record.fhir.validating.targets import check_target
from oncopolis.record.fhir.validating.walking import Spot, list_children

__all__ = ["check_profile"]


def check_profile(profile: Profile, spot: Spot) -> list[Remark]:
    """Remarks about a value by a profile; the must-support elements it lacks are one of them."""
    check = _Check(profile, spot.place)
    remarks = list(check.check(profile.root, spot))
    if check.absent:
        text = f"must-support elements that are not there: {', '.join(check.absent)}"
        remarks.append(Remark("information", "informational", spot.place, profile.name, text))
    return remarks


class _Check:
    """One pass of a profile over a value."""

    def __init__(self, profile: Profile, place: str) -> None:
        self.rule = profile.name
        self.place = place
        self.absent: list[str] = []

    def check(self, node: Node, spot: Spot) -> Iterator[Remark]:
        """Yield what is wrong with one value of an element."""
        if spot.value is None:
            return
        yield from self._check_value(node, spot)
        for rule in node.invariants:
            yield from check_invariant(rule, spot)
        children = list_children(spot)
        for name, nodes in node.group().items():
            entries = [child for child in children if child.name == name]
            plain = nodes[0] if not nodes[0].slice else None
            yield from self._check_element(plain, nodes, entries, spot)

    def _check_value(self, node: Node, spot: Spot) -> Iterator[Remark]:
        if node.types and spot.type not in node.types:
            yield self._fault("structure", spot, f"got {spot.type}, expected {' or '.join(node.types)}")
            return
        if node.fixed is not None and spot.value != node.fixed:
            yield self._fault("value", spot, f"expected exactly {node.fixed}")
        if node.pattern is not None and not contains(spot.value, node.pattern):
            yield self._fault("value", spot, f"expected it to contain {node.pattern}")
        if node.binding is not None:
            yield from check_binding(node.binding, spot, self.rule)
        if node.targets and spot.type == "Reference":
            yield from check_target(node.targets, spot, self.rule)
        if spot.type != "Extension":
            known = [found for url in node.profiles if (found := get_profiles().find(url))]
            if len(known) == len(node.profiles) == 1:
                yield from check_profile(known[0], spot)

    def _check_element(
        self, plain: Node | None, nodes: Sequence[Node], entries: Sequence[Spot], owner: Spot
    ) -> Iterator[Remark]:
        name = nodes[0].name
        if plain is not None:
            yield from self._check_count(plain, len(entries), owner)
            if plain.is_supported and not entries:
                self.absent.append(f"{owner.place}.{name}".removeprefix(f"{self.place}."))
            for entry in entries:
                yield from self.check(plain, entry)
        slices = [node for node in nodes if node.slice]
        if slices:
            yield from self._check_slices(plain, slices, entries, owner)

    def _check_slices(
        self, plain: Node | None, slices: Sequence[Node], entries: Sequence[Spot], owner: Spot
    ) -> Iterator[Remark]:
        discriminators = get_discriminators(plain, slices[0].name)
        members: dict[str, list[Spot]] = {node.slice: [] for node in slices}
        unknown: set[str] = set()
        for entry in entries:
            answers = {node.slice: is_in_slice(entry, node, discriminators) for node in slices}
            chosen = next((name for name, answer in answers.items() if answer), None)
            if chosen is not None:
                members[chosen].append(entry)
                continue
            unknown |= {name for name, answer in answers.items() if answer is None}
            if plain is not None and plain.is_closed and None not in answers.values():
                yield self._fault("structure", entry, f"expected one of {', '.join(members)}")
        for node in slices:
            if node.slice not in unknown:
                yield from self._check_count(node, len(members[node.slice]), owner)
            elif node.min or node.max is not None:
                yield self._cannot_tell(node, owner)
            for entry in members[node.slice]:
                yield from self.check(node, entry)

    def _check_count(self, node: Node, count: int, owner: Spot) -> Iterator[Remark]:
        name = f"{node.name}:{node.slice}" if node.slice else node.name
        if count < node.min:
            yield self._fault("required", owner, f"got {count} of {name}, expected {node.min} at least", name)
        elif node.max is not None and count > node.max:
            yield self._fault("structure", owner, f"got {count} of {name}, expected {node.max} at most", name)

    def _cannot_tell(self, node: Node, owner: Spot) -> Remark:
        text = (
            f"not checked how many of {node.name} are {node.slice}: what tells them apart is not known here"
        )
        return Remark("information", "not-supported", f"{owner.place}.{node.name}", self.rule, text)

    def _fault(self, code: str, spot: Spot, text: str, name: str = "") -> Remark:
        place = f"{spot.place}.{name.partition(':')[0]}" if name else spot.place
        return Remark("error", code, place, self.rule, text)
