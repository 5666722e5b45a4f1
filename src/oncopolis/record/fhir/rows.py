"""Index rows of the values a search parameter finds: which row a value of each type becomes.

========= ========================= ==================================================================
kind      values after the number   of
========= ========================= ==================================================================
token     system, code              Coding, CodeableConcept, Identifier, ContactPoint, codes, booleans
string    normalised, exact         texts, parts of names and addresses; what a code or identifier is called
reference type, id, url             references, canonical addresses; url is None on the same server
date      low_ms, high_ms           dates, periods, timings, as `moments` tells
number    low, high                 numbers, ranges; both the same for one number
quantity  system, code, low, high   quantities, money, ranges, sampled data
uri       value                     addresses
tie       patient, type, id         whom a record ties its patient to (`record.access.tying` makes them)
========= ========================= ==================================================================

A national number that is written with spaces or hyphens has a second token: its digits alone.
"""

import math
import unicodedata
from collections.abc import Callable, Mapping
from typing import Any, Final, TypeAlias

from oncopolis.record.fhir.moments import find_stretch_ms
from oncopolis.record.fhir.references import Target, read_reference, read_target
from oncopolis.record.oncology.systems import normalise_identifier

__all__ = ["FAR_FUTURE_MS", "FAR_PAST_MS", "IndexRow", "Writer", "find_writer", "normalise"]

IndexRow: TypeAlias = tuple[str, tuple[Any, ...]]
"""(kind, (parameter number, values...))."""

Add: TypeAlias = Callable[[IndexRow], None]
Writer: TypeAlias = Callable[[Any, Mapping[str, Any], Add], None]
"""Adds the rows of a value of a resource."""

_Json: TypeAlias = Mapping[str, Any]
_Maker: TypeAlias = Callable[[int, str | None], Writer]
"""Makes the writer of a parameter number and the system of codes that do not write theirs."""

FAR_PAST_MS: Final = -62_135_596_800_000  # structure: the first millisecond of the year 1
FAR_FUTURE_MS: Final = 253_402_300_799_999  # structure: the last millisecond of the year 9999
"""Ends of periods that are open."""

_NAME_PARTS: Final = ("family", "given", "text", "prefix", "suffix")
_ADDRESS_PARTS: Final = ("line", "city", "district", "state", "postalCode", "country", "text")
_APOSTROPHES: Final = str.maketrans(dict.fromkeys("ʻʼʹ‘’`´", "'"))
_CURRENCIES: Final = "urn:iso:std:iso:4217"


def find_writer(parameter_type: str, value_type: str, number: int, system: str | None) -> Writer | None:
    """Writer of the values of a type for a parameter of a type; None if such values are not indexed."""
    maker = _MAKERS.get((parameter_type, value_type))
    return maker and maker(number, system)


def normalise(text: str) -> str:
    """Text as searches compare it: case, accents, kinds of apostrophes and of spaces do not count."""
    if not text.isascii():
        parts = unicodedata.normalize("NFKD", text.translate(_APOSTROPHES))
        text = unicodedata.normalize("NFC", "".join(c for c in parts if not unicodedata.combining(c)))
    return " ".join(text.casefold().split())


def _make_coding(number: int, _system: str | None) -> Writer:
    def write(value: Any, _root: _Json, add: Add) -> None:
        code, display = value.get("code"), value.get("display")
        if code is not None:
            add(("token", (number, value.get("system"), code)))
        if display is not None:
            add(("string", (number, normalise(display), display)))

    return write


def _make_concept(number: int, _system: str | None) -> Writer:
    write_coding = _make_coding(number, None)

    def write(value: Any, root: _Json, add: Add) -> None:
        for coding in value.get("coding", ()):
            write_coding(coding, root, add)
        text = value.get("text")
        if text is not None:
            add(("string", (number, normalise(text), text)))

    return write


def _make_identifier(number: int, _system: str | None) -> Writer:
    def write(value: Any, _root: _Json, add: Add) -> None:
        text, called = value.get("value"), value.get("type", {}).get("text")
        if text is not None:
            system = value.get("system")
            add(("token", (number, system, text)))
            digits = normalise_identifier(system, text)
            if digits != text:
                add(("token", (number, system, digits)))
        if called is not None:
            add(("string", (number, normalise(called), called)))

    return write


def _make_contact(number: int, _system: str | None) -> Writer:
    def write(value: Any, _root: _Json, add: Add) -> None:
        text = value.get("value")
        if text is not None:
            add(("token", (number, None, text)))

    return write


def _make_code(number: int, system: str | None) -> Writer:
    return lambda value, _root, add: add(("token", (number, system, value)))


def _make_boolean(number: int, _system: str | None) -> Writer:
    return lambda value, _root, add: add(("token", (number, None, "true" if value else "false")))


def _make_text(number: int, _system: str | None) -> Writer:
    return lambda value, _root, add: add(("string", (number, normalise(value), value)))


def _make_parts(names: tuple[str, ...]) -> _Maker:
    def make(number: int, system: str | None) -> Writer:
        write_text = _make_text(number, system)

        def write(value: Any, root: _Json, add: Add) -> None:
            for name in names:
                part = value.get(name)
                for text in part if isinstance(part, list) else (part,):
                    if text is not None:
                        write_text(text, root, add)

        return write

    return make


def _add_target(number: int, target: Target | None, add: Add) -> None:
    if target is not None:
        add(("reference", (number, *target)))


def _make_reference(number: int, _system: str | None) -> Writer:
    """A reference by identifier becomes a token, which the modifier ``:identifier`` asks for."""
    write_identifier = _make_identifier(number, None)

    def write(value: Any, root: _Json, add: Add) -> None:
        if not value.get("reference", "#").startswith("#"):
            _add_target(number, read_reference(value, root), add)
        if "identifier" in value:
            write_identifier(value["identifier"], root, add)

    return write


def _make_inline(number: int, _system: str | None) -> Writer:
    """A resource that stands where it is pointed at."""

    def write(value: Any, _root: _Json, add: Add) -> None:
        if "id" in value:
            _add_target(number, Target(value["resourceType"], value["id"], None), add)

    return write


def _make_canonical(number: int, _system: str | None) -> Writer:
    return lambda value, _root, add: _add_target(number, read_target(value.partition("|")[0]), add)


def _make_address(number: int, _system: str | None) -> Writer:
    return lambda value, _root, add: _add_target(number, read_target(value), add)


def _make_moment(number: int, _system: str | None) -> Writer:
    def write(value: Any, _root: _Json, add: Add) -> None:
        stretch = find_stretch_ms(value)
        if stretch is not None:
            add(("date", (number, *stretch)))

    return write


def _find_period(period: _Json) -> tuple[int, int] | None:
    """First and last millisecond; an end that is not told lies far away."""
    start, end = period.get("start"), period.get("end")
    if start is None and end is None:
        return None
    first = find_stretch_ms(start) if start else None
    last = find_stretch_ms(end) if end else None
    return first[0] if first else FAR_PAST_MS, last[1] if last else FAR_FUTURE_MS


def _make_period(number: int, _system: str | None) -> Writer:
    def write(value: Any, _root: _Json, add: Add) -> None:
        stretch = _find_period(value)
        if stretch is not None:
            add(("date", (number, *stretch)))

    return write


def _make_timing(number: int, _system: str | None) -> Writer:
    """The outer limits of what is planned."""

    def write(value: Any, _root: _Json, add: Add) -> None:
        stretches = [find_stretch_ms(event) for event in value.get("event", ()) if event is not None]
        stretches.append(_find_period(value.get("repeat", {}).get("boundsPeriod", {})))
        known = [stretch for stretch in stretches if stretch is not None]
        if known:
            add(("date", (number, min(low for low, _ in known), max(high for _, high in known))))

    return write


def _make_number(number: int, _system: str | None) -> Writer:
    return lambda value, _root, add: add(("number", (number, float(value), float(value))))


def _find_range(value: _Json) -> tuple[float, float] | None:
    low, high = value.get("low", {}).get("value"), value.get("high", {}).get("value")
    if low is None and high is None:
        return None
    return -math.inf if low is None else float(low), math.inf if high is None else float(high)


def _make_number_range(number: int, _system: str | None) -> Writer:
    def write(value: Any, _root: _Json, add: Add) -> None:
        limits = _find_range(value)
        if limits is not None:
            add(("number", (number, *limits)))

    return write


def _add_quantity(number: int, unit: _Json, low: float, high: float, add: Add) -> None:
    """By system and code, and by the unit as it is shown where that is another text."""
    code, shown = unit.get("code"), unit.get("unit")
    if code is not None or shown is None:
        add(("quantity", (number, unit.get("system"), code, low, high)))
    if shown is not None and shown != code:
        add(("quantity", (number, None, shown, low, high)))


def _make_quantity(number: int, _system: str | None) -> Writer:
    def write(value: Any, _root: _Json, add: Add) -> None:
        if "value" not in value:
            return
        low = high = float(value["value"])
        comparator = value.get("comparator", "")
        if comparator.startswith("<"):
            low = -math.inf
        elif comparator.startswith(">"):
            high = math.inf
        _add_quantity(number, value, low, high, add)

    return write


def _make_quantity_range(number: int, _system: str | None) -> Writer:
    def write(value: Any, _root: _Json, add: Add) -> None:
        limits = _find_range(value)
        if limits is not None:
            _add_quantity(number, value.get("low") or value["high"], *limits, add)

    return write


def _make_money(number: int, _system: str | None) -> Writer:
    def write(value: Any, _root: _Json, add: Add) -> None:
        if "value" in value:
            amount = float(value["value"])
            add(("quantity", (number, _CURRENCIES, value.get("currency"), amount, amount)))

    return write


def _make_samples(number: int, _system: str | None) -> Writer:
    """What the samples may reach: their origin and limits."""

    def write(value: Any, _root: _Json, add: Add) -> None:
        origin, factor = value.get("origin", {}), value.get("factor", 1)
        if "value" not in origin:
            return
        ends = [value.get(name) for name in ("lowerLimit", "upperLimit")]
        low, high = (None if end is None else float(origin["value"] + end * factor) for end in ends)
        _add_quantity(
            number, origin, -math.inf if low is None else low, math.inf if high is None else high, add
        )

    return write


def _make_uri(number: int, _system: str | None) -> Writer:
    return lambda value, _root, add: add(("uri", (number, value)))


_MAKERS: Final[Mapping[tuple[str, str], _Maker]] = {
    ("token", "Coding"): _make_coding,
    ("token", "CodeableConcept"): _make_concept,
    ("token", "Identifier"): _make_identifier,
    ("token", "ContactPoint"): _make_contact,
    ("token", "boolean"): _make_boolean,
    **dict.fromkeys([("token", name) for name in ("code", "id", "string", "uri")], _make_code),
    ("string", "string"): _make_text,
    ("string", "markdown"): _make_text,
    ("string", "HumanName"): _make_parts(_NAME_PARTS),
    ("string", "Address"): _make_parts(_ADDRESS_PARTS),
    ("reference", "Reference"): _make_reference,
    ("reference", "Resource"): _make_inline,
    ("reference", "canonical"): _make_canonical,
    ("reference", "uri"): _make_address,
    **dict.fromkeys([("date", name) for name in ("date", "dateTime", "instant")], _make_moment),
    ("date", "Period"): _make_period,
    ("date", "Timing"): _make_timing,
    ("number", "integer"): _make_number,
    ("number", "decimal"): _make_number,
    ("number", "Range"): _make_number_range,
    **dict.fromkeys([("quantity", name) for name in ("Quantity", "Age", "Duration")], _make_quantity),
    ("quantity", "Range"): _make_quantity_range,
    ("quantity", "Money"): _make_money,
    ("quantity", "SampledData"): _make_samples,
    **dict.fromkeys([("uri", name) for name in ("uri", "url", "canonical")], _make_uri),
}
