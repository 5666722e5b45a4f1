"""Whether a resource is one of FHIR R4: members, types, cardinality, formats.

Tables are built from the definitions at the first use of a type. Profiles are not checked, and of the
bindings only required ones of ``code`` elements. A place in a resource is a chain of names, spelled out for
faults only.
"""

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from typing import Any, Final, NoReturn, TypeAlias

from oncopolis.record.fhir.definitions import CodeList, Element, TypeDefinition, get_definitions
from oncopolis.record.fhir.primitives import PRIMITIVES, Primitive

__all__ = ["MAX_ISSUES", "Issue", "check_resource"]

MAX_ISSUES: Final = 100  # structure: faults of one resource that are told
_SHOWN: Final = 60  # structure: characters of a value that are shown

_Json: TypeAlias = Mapping[str, Any]
_Place: TypeAlias = tuple[Any, str | int] | None
_Check: TypeAlias = Callable[[Any, _Json, _Place, list["Issue"]], None]
"""Test of a member: its value, the object it is a member of, its place, where faults go."""
_Member: TypeAlias = tuple[Callable[[Any], object] | None, _Check]
"""What tells of most values that they are sound, if there is something that does, and the test of all."""


@dataclass(frozen=True, slots=True)
class Issue:
    """One fault of a resource.

    Parameters
    ----------
    path
        Place, such as ``Patient.name[0].given[1]``.
    code
        FHIR's word for the kind: ``structure`` (shape of the JSON), ``required``, ``value`` (format),
        ``code-invalid`` or ``invariant``.
    expected, got
        What is allowed there, and what was found.
    """

    path: str
    code: str
    expected: str
    got: str


class _EnoughError(Exception):
    """As many faults as are told."""


def check_resource(resource: Any) -> list[Issue]:
    """Faults of a resource as `text.parse` gives it, at most `MAX_ISSUES`; none if it is sound."""
    issues: list[Issue] = []
    with suppress(_EnoughError):
        _check_any_resource(resource, {}, None, issues)
    return issues


def _check_any_resource(value: Any, _owner: _Json, place: _Place, issues: list[Issue]) -> None:
    """A resource of whatever type it says it is."""
    if type(value) is not dict:
        _report(issues, place, "structure", "a resource: an object with a resourceType", value)
        return
    name = value.get("resourceType")
    if not isinstance(name, str) or not get_definitions().is_resource_type(name):
        _report(issues, (place, "resourceType"), "structure", "a resource type of FHIR R4", name)
        return
    _get_object_check(name)(value, {}, place or (None, name), issues)


def _check_contained(value: Any, owner: _Json, place: _Place, issues: list[Issue]) -> None:
    _check_any_resource(value, owner, place, issues)
    if type(value) is dict and "contained" in value:
        _report(issues, (place, "contained"), "invariant", "no resources within a contained one", "some")


@cache
def _get_object_check(type_name: str) -> _Check:
    """Test of an object of a complex type, a nested element or a resource."""
    definition = get_definitions().get_type(type_name)
    checks: dict[str, _Member] = {}
    required = tuple((e.name, _list_members(e)) for e in definition.elements.values() if e.min)
    choices = {
        name: (element.name, name.removeprefix("_"))
        for element in definition.elements.values()
        if element.is_choice
        for name in _list_members(element)
    }
    is_extension = type_name == "Extension"

    def check(value: Any, _owner: _Json, place: _Place, issues: list[Issue]) -> None:
        if type(value) is not dict or not value:
            _report(issues, place, "structure", f"an object ({type_name}) that is not empty", value)
            return
        if not checks:
            checks.update(_make_member_checks(definition))
        for name, item in value.items():
            member = checks.get(name)
            if member is None:
                _report(issues, (place, name), "structure", f"a member of {type_name}", name)
            else:
                is_sound, check_member = member
                if is_sound is None or not is_sound(item):
                    check_member(item, value, (place, name), issues)
        for name, members in required:
            if members.isdisjoint(value):
                _report(issues, (place, name), "required", "it to be there", "nothing")
        if choices:
            _check_choices(choices, value, place, issues)
        if is_extension:
            _check_extension(value, place, issues)

    return check


def _make_member_checks(definition: TypeDefinition) -> dict[str, _Member]:
    checks: dict[str, _Member] = {}
    if definition.kind == "resource":
        checks["resourceType"] = None, _accept
    for name, (element, type_name) in definition.members.items():
        primitive = PRIMITIVES.get(type_name)
        if primitive is None:
            check = _check_contained if name == "contained" else _get_type_check(type_name)
            checks[name] = None, check if element.max == 1 else _make_list_check(check)
        elif element.max == 1:
            checks[name] = _make_test(primitive, element.codes), _make_value_check(primitive, element.codes)
        else:
            check = _make_value_check(primitive, element.codes)
            checks[name] = None, _make_values_check(check, f"_{name}")
        if primitive is not None and not element.is_plain:
            check = _get_object_check("Element")
            checks[f"_{name}"] = None, check if element.max == 1 else _make_additions_check(check, name)
    return checks


def _make_test(primitive: Primitive, codes: CodeList | None) -> Callable[[Any], object]:
    """Whether a value is sound, and nothing about why not."""
    if codes is None:
        return primitive.is_valid
    allowed = frozenset(code for code in codes.codes if primitive.is_valid(code))
    return lambda value: type(value) is str and value in allowed


def _get_type_check(type_name: str) -> _Check:
    return _check_any_resource if type_name == "Resource" else _get_object_check(type_name)


def _list_members(element: Element) -> frozenset[str]:
    """Names under which an element may stand in JSON, with those of its primitive extensions."""
    suffixes = [t[0].upper() + t[1:] for t in element.types] if element.is_choice else [""]
    names = [element.name + suffix for suffix in suffixes]
    return frozenset((*names, *(f"_{name}" for name in names)))


def _accept(_value: Any, _owner: _Json, _place: _Place, _issues: list[Issue]) -> None:
    """What was looked at before."""


def _make_value_check(primitive: Primitive, codes: CodeList | None) -> _Check:
    is_valid = primitive.is_valid
    allowed = codes.codes if codes else None

    def check(value: Any, _owner: _Json, place: _Place, issues: list[Issue]) -> None:
        if not is_valid(value):
            code = "value" if type(value) in primitive.json_types else "structure"
            _report(issues, place, code, primitive.expected, value)
        elif allowed is not None and value not in allowed:
            _report(issues, place, "code-invalid", _list_codes(allowed), value)

    return check


def _make_list_check(check_item: _Check) -> _Check:
    def check(value: Any, owner: _Json, place: _Place, issues: list[Issue]) -> None:
        if not _is_filled_list(value, place, issues):
            return
        for index, item in enumerate(value):
            check_item(item, owner, (place, index), issues)

    return check


def _make_values_check(check_value: _Check, additions_name: str) -> _Check:
    """Test of a repeated primitive; null stands where there are only extensions."""

    def check(value: Any, owner: _Json, place: _Place, issues: list[Issue]) -> None:
        if not _is_filled_list(value, place, issues):
            return
        additions = owner.get(additions_name)
        for index, item in enumerate(value):
            if item is None and type(additions) is list and index < len(additions) and additions[index]:
                continue
            check_value(item, owner, (place, index), issues)

    return check


def _make_additions_check(check_item: _Check, values_name: str) -> _Check:
    """Test of the ids and extensions of a repeated primitive, which stand beside its values."""

    def check(value: Any, owner: _Json, place: _Place, issues: list[Issue]) -> None:
        if not _is_filled_list(value, place, issues):
            return
        values = owner.get(values_name)
        if type(values) is list and len(values) != len(value):
            expected = f"{len(values)} entries as in {values_name}, null where there is nothing"
            _report(issues, place, "structure", expected, f"{len(value)} entries")
        if all(item is None for item in value):
            _report(issues, place, "structure", "at least one entry that is not null", value)
        for index, item in enumerate(value):
            if item is not None or type(values) is not list:
                check_item(item, owner, (place, index), issues)

    return check


def _is_filled_list(value: Any, place: _Place, issues: list[Issue]) -> bool:
    if type(value) is list and value:
        return True
    _report(issues, place, "structure", "an array that is not empty", value)
    return False


def _check_choices(
    choices: Mapping[str, tuple[str, str]], value: _Json, place: _Place, issues: list[Issue]
) -> None:
    """An element of many types has one value, of one type."""
    chosen = [choices[name] for name in value if name in choices]
    if len(chosen) <= 1:
        return
    for element in sorted({element for element, _ in chosen}):
        members = sorted({member for name, member in chosen if name == element})
        if len(members) > 1:
            _report(issues, (place, f"{element}[x]"), "structure", "one of its types", ", ".join(members))


def _check_extension(value: _Json, place: _Place, issues: list[Issue]) -> None:
    has_value = any(name.startswith(("value", "_value")) for name in value)
    if has_value == ("extension" in value):
        _report(
            issues, place, "invariant", "a value or extensions, not both", "both" if has_value else "none"
        )


def _report(issues: list[Issue], place: _Place, code: str, expected: str, got: Any) -> None:
    issues.append(Issue(path=_spell(place), code=code, expected=expected, got=_show(got)))
    if len(issues) >= MAX_ISSUES:
        _stop()


def _stop() -> NoReturn:
    raise _EnoughError


def _spell(place: _Place) -> str:
    parts: list[str] = []
    while place is not None:
        place, step = place
        parts.append(f"[{step}]" if isinstance(step, int) else f".{step}")
    return "".join(reversed(parts)).removeprefix(".")


def _show(value: Any) -> str:
    shown = value if type(value) is str else _name_json_type(value)
    return shown if len(shown) <= _SHOWN else shown[:_SHOWN] + "…"


def _name_json_type(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, dict):
        return "an object" if value else "an empty object"
    if isinstance(value, list):
        return "an array" if value else "an empty array"
    return str(value).lower() if isinstance(value, bool) else str(value)


def _list_codes(codes: Iterable[str]) -> str:
    listed = ", ".join(sorted(codes))
    return (
        f"one of {listed}" if len(listed) <= _SHOWN * 4 else f"one of {listed[: _SHOWN * 4]}…"
    )  # structure: lines
