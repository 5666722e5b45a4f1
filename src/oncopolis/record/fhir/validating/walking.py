"""Every element of a resource, with what the base definitions say it is."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from oncopolis.record.fhir.definitions import get_definitions

__all__ = ["Spot", "list_children", "walk"]


@dataclass(frozen=True, slots=True)
class Spot:
    """One value in a resource.

    Parameters
    ----------
    value
        None where a primitive has extensions only.
    type
        Its type in the definitions; of a nested element its path.
    path
        The element it is a value of, such as ``Observation.value[x]``; the type of a resource.
    place
        Where it stands, such as ``Observation.component[1].valueQuantity``.
    resource
        The resource it belongs to.
    root
        What holds the resources that are contained where it stands.
    """

    value: Any
    type: str
    path: str
    place: str
    resource: Mapping[str, Any]
    root: Mapping[str, Any]

    @property
    def name(self) -> str:
        """Name of the element, ``value[x]`` for a choice."""
        return self.path.rpartition(".")[2]


def start(resource: Mapping[str, Any]) -> Spot:
    """Spot of a whole resource."""
    type_ = str(resource["resourceType"])
    return Spot(resource, type_, type_, type_, resource, resource)


def walk(resource: Mapping[str, Any]) -> Iterator[Spot]:
    """Yield a sound resource and everything in it."""
    open_ = [start(resource)]
    while open_:
        spot = open_.pop()
        yield spot
        open_.extend(reversed(list_children(spot)))


def list_children(spot: Spot) -> list[Spot]:
    """What stands directly in a value, in its order; of a primitive beside its value."""
    if not isinstance(spot.value, dict):
        return []
    members = get_definitions().get_type(spot.type).members
    children: list[Spot] = []
    for name, value in spot.value.items():
        plain = name.removeprefix("_")
        if plain not in members:
            continue
        element, type_ = members[plain]
        path = f"{spot.type}.{element.name}" + ("[x]" if element.is_choice else "")
        is_list = isinstance(value, list)
        for index, item in enumerate(value if is_list else [value]):
            place = f"{spot.place}.{plain}" + (f"[{index}]" if is_list else "")
            if name.startswith("_"):
                children += _list_additions(spot, plain, index, item, path, place)
            elif type_ == "Resource":
                children.append(_enter(spot, item, path, place))
            elif item is not None:
                children.append(Spot(item, type_, path, place, spot.resource, spot.root))
    return children


def _enter(spot: Spot, resource: Mapping[str, Any], path: str, place: str) -> Spot:
    """Spot of a resource in another one: a contained one shares what is contained."""
    type_ = str(resource["resourceType"])
    root = spot.root if path.endswith(".contained") else resource
    return Spot(resource, type_, path, place, resource, root)


def _list_additions(spot: Spot, name: str, index: int, item: Any, path: str, place: str) -> list[Spot]:
    """Extensions of a primitive, and the primitive itself where it has no value."""
    if not isinstance(item, dict):
        return []
    values = spot.value.get(name)
    value = values[index] if isinstance(values, list) and index < len(values) else values
    bare = [Spot(None, "Element", path, place, spot.resource, spot.root)] if value is None else []
    extensions = item.get("extension", ())
    return bare + [
        Spot(one, "Extension", "Element.extension", f"{place}.extension[{number}]", spot.resource, spot.root)
        for number, one in enumerate(extensions)
    ]
