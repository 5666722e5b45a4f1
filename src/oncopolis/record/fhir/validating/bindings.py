"""Whether coded values are of the value set they are bound to."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from oncopolis.record.fhir.validating.remarks import Remark
from oncopolis.record.fhir.validating.rules import Binding, Codes, get_rules
from oncopolis.record.fhir.validating.walking import Spot

__all__ = ["check_binding", "check_bindings", "is_of"]

_FORMS: Final = {
    "http://hl7.org/fhir/ValueSet/mimetypes": re.compile(
        r"[\w!#$&^.+-]+(?:/[\w!#$&^.+-]+)?(?: *;.*)?", re.ASCII
    ),
}
"""How codes of a value set look that cannot be listed."""

_MANY: Final = 12  # structure: codes that a message lists


def check_bindings(spots: Iterable[Spot]) -> Iterator[Remark]:
    """Yield values outside the required value sets of the base definitions."""
    bindings = get_rules().bindings
    for spot in spots:
        binding = bindings.get(spot.path)
        if binding is not None and spot.value is not None:
            yield from check_binding(binding, spot, "base")


def check_binding(binding: Binding, spot: Spot, rule: str) -> Iterator[Remark]:
    """Yield a remark if a value is not of a value set, or if that cannot be told."""
    codings = list(_list_codings(spot.value, spot.type))
    form = _FORMS.get(binding.url)
    if form is not None:
        if not all(form.fullmatch(code) for _, code in codings):
            yield Remark("error", "code-invalid", spot.place, rule, "expected a MIME type such as image/png")
        return
    if binding.codes is None:
        if codings and binding.is_required:
            text = (
                f"not checked whether it is of the value set {binding.url}, whose codes are not listed here"
            )
            yield Remark("information", "not-supported", spot.place, rule, text)
        return
    if is_of(binding.codes, spot):
        return
    got = ", ".join(_show(coding) for coding in codings) or "no code"
    text = f"got {got}, expected {_list(binding.codes)} of the value set {binding.url}"
    if binding.is_required:
        yield Remark("error", "code-invalid", spot.place, rule, text)
    elif codings:
        yield Remark("warning", "code-invalid", spot.place, rule, f"{text}, unless none of them says it")


def is_of(codes: Codes, spot: Spot) -> bool:
    """Whether one of the codes of a value is in a value set."""
    return any(_has(codes, coding) for coding in _list_codings(spot.value, spot.type))


def _list_codings(value: Any, type_: str) -> Iterator[tuple[str | None, str]]:
    """(system, code) of a coded value; a bare code has any system."""
    if isinstance(value, str):
        yield None, value
    elif isinstance(value, Mapping):
        for one in value.get("coding", ()) if type_ == "CodeableConcept" else (value,):
            if "code" in one:
                yield one.get("system", ""), one["code"]


def _has(codes: Codes, coding: tuple[str | None, str]) -> bool:
    system, code = coding
    if system is None:
        return any(code in of_system for of_system in codes.values())
    return code in codes.get(system, ()) or code in codes.get(None, ())


def _show(coding: tuple[str | None, str]) -> str:
    system, code = coding
    return f"{system}|{code}" if system else code


def _list(codes: Codes) -> str:
    listed = sorted(code for of_system in codes.values() for code in of_system)
    shown = ", ".join(listed[:_MANY])
    return f"one of {shown}" if len(listed) <= _MANY else f"one of {shown} and {len(listed) - _MANY} more"
