"""Data types that name a thing by a code of a system: CE, CWE, IS."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from oncopolis.interop.hl7.message import Components
from oncopolis.interop.mapping.kinds import Code, drop_empty, pick
from oncopolis.interop.mapping.rows import Repetition
from oncopolis.interop.naming import Naming

__all__ = ["Coded", "Concept"]


@dataclass(frozen=True)
class Concept:
    """CE, CWE / CodeableConcept: up to two codings and the text."""

    default: str = ""
    """URI of a code without a system."""
    name: str = "CWE"

    def read(self, repetition: Repetition, _where: str, naming: Naming) -> dict[str, Any] | None:
        """Return the concept; a code of no system is told by its text only."""
        codings = []
        for first in (1, 4):
            code, display, system = (pick(repetition, first + i) for i in range(3))
            uri = naming.find_code_system(system) or self.default or naming.own
            if code:
                codings.append(drop_empty({"system": uri, "code": code, "display": display}))
        text = pick(repetition, 9) or pick(repetition, 2) or pick(repetition, 5)
        return drop_empty({"coding": codings, "text": text}) or None

    def write(self, value: Mapping[str, Any], naming: Naming) -> Components:
        """Return codings and text."""
        parts: list[str] = []
        for coding in value.get("coding", ())[:2]:
            system = coding.get("system", "")
            name = "" if system in (self.default, naming.own) else naming.find_code_name(system)
            parts += [coding.get("code", ""), coding.get("display", ""), name]
        text = value.get("text", "")
        if not parts:
            return ["", text]
        if text and text not in parts:
            return [*parts, *[""] * (8 - len(parts)), text]
        return parts


@dataclass(frozen=True)
class Coded:
    """IS, CE / Coding of a system of FHIR, by a table."""

    codes: Mapping[str, str]
    system: str
    name: str = "IS"
    inner: Code = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "inner", Code(self.codes))

    def read(self, repetition: Repetition, where: str, naming: Naming) -> dict[str, Any] | None:
        """Return the coding."""
        code = self.inner.read(repetition, where, naming)
        return {"system": self.system, "code": code} if code else None

    def write(self, value: Mapping[str, Any], naming: Naming) -> Components:
        """Return the code of HL7."""
        return self.inner.write(str(value.get("code", "")), naming)
