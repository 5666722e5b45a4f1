"""Parts of records: what ``_summary`` and ``_elements`` leave, marked as not the whole."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from oncopolis.record.fhir.definitions import Element, TypeDefinition, get_definitions
from oncopolis.record.fhir.text import parse, to_text

SUBSETTED = {
    "system": "http://terminology.hl7.org/CodeSystem/v3-ObservationValue",
    "code": "SUBSETTED",
    "display": "Resource encoded in summary mode",
}
_ALWAYS = frozenset({"id", "meta", "implicitRules", "modifierExtension"})


def is_whole(summary: str, elements: Sequence[str]) -> bool:
    """Tell whether records are wanted as they are."""
    return summary == "false" and not elements


def take_part(body: bytes, summary: str, elements: Sequence[str]) -> bytes:
    """Return the part of a record that is wanted.

    Parameters
    ----------
    summary
        Value of ``_summary``.
    elements
        Names of ``_elements``; what must be there stays beside them.
    """
    resource = parse(body)
    definition = get_definitions().get_type(resource["resourceType"])
    if elements:
        part = _keep(resource, definition, lambda element: element.name in elements or element.min > 0)
    elif summary == "true":
        part = _summarise(resource, definition)
    elif summary == "text":
        part = _keep(resource, definition, lambda element: element.name == "text" or element.min > 0)
    else:
        part = _keep(resource, definition, lambda element: element.name != "text")
    meta = resource.get("meta", {})
    tags = [*meta.get("tag", ()), SUBSETTED]
    return to_text({**part, "meta": {**meta, "tag": tags}})


def _keep(
    value: Mapping[str, Any], definition: TypeDefinition, is_wanted: Callable[[Element], bool]
) -> dict[str, Any]:
    kept = {}
    for name, child in value.items():
        element = _find(definition, name)
        is_named = element is not None and (element.name in _ALWAYS or is_wanted(element))
        if is_named or name == "resourceType":
            kept[name] = child
    return kept


def _summarise(value: Mapping[str, Any], definition: TypeDefinition) -> dict[str, Any]:
    kept = _keep(value, definition, lambda element: element.is_summary or element.min > 0)
    return {name: _go_on(kept[name], definition, name) for name in kept}


def _go_on(value: Any, definition: TypeDefinition, name: str) -> Any:
    """Take the summary of nested elements; data types are kept whole."""
    member = definition.members.get(name)
    nested = get_definitions().get_type(member[1]) if member is not None else None
    if nested is None or nested.kind != "nested":
        return value
    if isinstance(value, list):
        return [_summarise(one, nested) if isinstance(one, dict) else one for one in value]
    return _summarise(value, nested) if isinstance(value, dict) else value


def _find(definition: TypeDefinition, name: str) -> Element | None:
    member = definition.members.get(name.removeprefix("_"))
    return member[0] if member is not None else None
