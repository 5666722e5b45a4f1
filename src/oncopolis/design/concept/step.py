"""`StepFile`: entities written straight as the lines of an IFC file (ISO 10303-21).

A model of a hospital has hundreds of thousands of entities, and ifcopenshell takes some fifty microseconds to
make one; its schema is asked once for each kind how the attributes are to be written.
"""

from collections.abc import Callable
from functools import cache
from typing import Any, NamedTuple

from ifcopenshell import ifcopenshell_wrapper as wrapper

SCHEMA = "IFC4"
MADE = "2000-01-01T00:00:00"
"""Any fixed moment, so that the same plan gives the same bytes."""

_HEADER = """ISO-10303-21;
HEADER;
FILE_DESCRIPTION(('ViewDefinition [ReferenceView_V1.2]'),'2;1');
FILE_NAME('concept.ifc','{made}',('Oncopolis'),(''),'Oncopolis','Oncopolis','');
FILE_SCHEMA(('{schema}'));
ENDSEC;
DATA;
"""
_FOOTER = "ENDSEC;\nEND-ISO-10303-21;\n"
_ASCII = 127  # structure: last character that stands for itself

Encode = Callable[[Any], str]


class Ref(NamedTuple):
    """An entity that was written."""

    id: int
    text: str


class Typed(NamedTuple):
    """A value with its type, such as ``IFCLABEL('x')``."""

    text: str


class StepFile:
    """Lines of an IFC4 file."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def add(self, kind: str, *values: Any) -> Ref:
        """Write an entity by the order of its attributes; those left out at the end are not set."""
        encoders = _list_encoders(kind)
        written = [encode(value) for encode, value in zip(encoders, values, strict=False)]
        written += [_encode_missing(encode) for encode in encoders[len(values) :]]
        ref = Ref(len(self.lines) + 1, f"#{len(self.lines) + 1}")
        self.lines.append(f"{ref.text}={kind.upper()}({','.join(written)});\n")
        return ref

    def to_text(self) -> str:
        """Return the whole file."""
        return "".join((_HEADER.format(made=MADE, schema=SCHEMA), *self.lines, _FOOTER))


def type_value(kind: str, value: Any) -> Typed:
    """Write a value with its type; a whole number that measures something is a real one."""
    if isinstance(value, int) and not isinstance(value, bool):
        value = float(value)
    return Typed(f"{kind.upper()}({_encode(value)})")


def _encode_missing(encode: Encode) -> str:
    return "*" if encode is _encode_derived else "$"


@cache
def _list_encoders(kind: str) -> tuple[Encode, ...]:
    declaration = wrapper.schema_by_name(SCHEMA).declaration_by_name(kind).as_entity()
    assert declaration is not None
    return tuple(
        _encode_derived if is_derived else _encode_word if _is_enumeration(attribute) else _encode
        for attribute, is_derived in zip(declaration.all_attributes(), declaration.derived(), strict=True)
    )


def _is_enumeration(attribute: Any) -> bool:
    named = attribute.type_of_attribute().as_named_type()
    return named is not None and named.declared_type().as_enumeration_type() is not None


def _encode_derived(_value: object) -> str:
    return "*"


def _encode_word(value: str | None) -> str:
    return "$" if value is None else f".{value}."


def _encode(value: Any) -> str:
    if value is None:
        return "$"
    if isinstance(value, Ref | Typed):
        return value.text
    if isinstance(value, bool):
        return ".T." if value else ".F."
    if isinstance(value, float):
        return _encode_real(value)
    if isinstance(value, int):
        return str(value)
    if isinstance(value, str):
        return f"'{_encode_text(value)}'"
    return f"({','.join(_encode(part) for part in value)})"


def _encode_real(value: float) -> str:
    text = repr(value + 0.0)
    mantissa, exponent, power = text.partition("e")
    return f"{mantissa if '.' in mantissa else mantissa + '.'}{exponent.upper()}{power}"


def _encode_text(text: str) -> str:
    text = text.replace("\\", "\\\\").replace("'", "''")
    if text.isascii():
        return text
    return "".join(
        letter if ord(letter) <= _ASCII else f"\\X2\\{letter.encode('utf-16-be').hex().upper()}\\X0\\"
        for letter in text
    )
