"""Values of one parameter as demands on its index rows."""

from collections.abc import Callable, Sequence
from typing import Final, TypeAlias

from oncopolis.record.access.conditions import TRUE, both, either, is_in
from oncopolis.record.fhir.definitions import get_definitions
from oncopolis.record.fhir.references import read_target
from oncopolis.record.fhir.rows import normalise
from oncopolis.record.oncology.systems import normalise_identifier
from oncopolis.record.search.nodes import AnyOf, Ids, Node, Not, Present, Rows
from oncopolis.record.search.parameters import (
    MODIFIERS,
    NEEDS_TERMINOLOGY,
    Parameter,
    list_modifiers,
    list_targets,
)
from oncopolis.record.search.reach import Reach, intersect, match_any, read_date, read_number, unite
from oncopolis.record.search.refusing import SearchRefused, refuse_unsupported, refuse_value, show, show_name
from oncopolis.record.search.splitting import split, unescape
from oncopolis.record.search.sql import Sql
from oncopolis.record.store.indexing import LONGEST_TEXT, fit

LAST: Final = "\U0010ffff"
"""After every text that begins with what stands before it."""
_COLUMNS: Final = {"date": ("i.low_ms", "i.high_ms")}
_ENDS: Final = ("i.low", "i.high")
_ID_LONGEST: Final = 64  # structure: characters of an id


def make_node(parameter: Parameter, modifier: str, values: Sequence[str], where: str) -> Node:
    """The demand of a parameter with any of several values, which are still escaped.

    Raises
    ------
    SearchRefused
        The modifier or a value is not understood.
    """
    _check_modifier(parameter, modifier, where)
    if modifier == "missing":
        return _make_missing(parameter, values, where)
    if modifier == "not":
        return Not(make_node(parameter, "", values, where))
    if parameter.code == "_id":
        return Ids(parameter.types, tuple(dict.fromkeys(_read_id(where, value) for value in values)))
    make = _BY_MODIFIER.get(modifier) or _BY_KIND[parameter.kind]
    return make(parameter, modifier, values, where)


def _check_modifier(parameter: Parameter, modifier: str, where: str) -> None:
    if not modifier or modifier in list_modifiers(parameter):
        return
    if parameter.kind == "token" and modifier in NEEDS_TERMINOLOGY:
        raise refuse_unsupported(
            where, f":{modifier}", "codes named one by one: there is no terminology server"
        )
    known = [
        f":{name}" for name in MODIFIERS[parameter.kind] if name != "of-type" or parameter.has_identifiers
    ]
    raise SearchRefused(
        code="REC-201",
        where=show_name(where),
        got=f"the modifier {show(modifier)} of a {parameter.kind}",
        expected=f"one of {', '.join(known)}" if known else "no modifier",
        fix="leave the modifier out",
        issue="not-supported",
    )


def _make_missing(parameter: Parameter, values: Sequence[str], where: str) -> Node:
    if list(values) not in (["true"], ["false"]):
        raise refuse_value(where, ",".join(values), "true or false")
    kinds = {"token": ("token", "string"), "reference": ("reference", "token")}
    present = Present(kinds.get(parameter.kind, (parameter.kind,)), parameter.numbers)
    return Not(present) if values[0] == "true" else present


def _read_id(where: str, value: str) -> str:
    text = unescape(value)
    if not text or len(text) > _ID_LONGEST:
        raise refuse_value(where, text, "an id of at most 64 characters")
    return text


def _make_stretch(parameter: Parameter, _modifier: str, values: Sequence[str], where: str) -> Node:
    return make_stretches(parameter, [[read_reach(parameter, where, value) for value in values]])


def read_reach(parameter: Parameter, where: str, value: str) -> Reach:
    """Read a date or a number."""
    read = read_date if parameter.kind == "date" else read_number
    return read(where, unescape(value))


def make_stretches(parameter: Parameter, demands: Sequence[Sequence[Reach]], *, also: Sql = TRUE) -> Rows:
    """Rows that meet every demand, each of them in any of its ways.

    Parameters
    ----------
    also
        What else a row must have.
    """
    low, high = _COLUMNS.get(parameter.kind, _ENDS)
    row = both((*(match_any(ways, low, high) for ways in demands), also))
    box = intersect([unite([reach.get_box() for reach in ways]) for ways in demands])
    branches = [both((box.limit_low(low), row))]
    if box.may_be_long and box.low_min > float("-inf"):
        span = demands[0][0].span
        long = f"{high} - {low} >= {span}" if span else f"{high} > {low}"
        # The sign keeps SQLite from entering by the low end, which says little of what is long.
        far = both((*(match_any(ways, f"+{low}", high) for ways in demands), also))
        branches.append(both(((long, ()), (f"{high} >= ?", (box.high_min,)), far)))
    return Rows(parameter.kind, parameter.numbers, row, tuple(branches), is_range=True)


def _make_quantities(parameter: Parameter, _modifier: str, values: Sequence[str], where: str) -> Node:
    found = [read_quantity(where, value) for value in values]
    nodes = tuple(make_stretches(parameter, [[reach]], also=unit) for reach, unit in found)
    return nodes[0] if len(nodes) == 1 else AnyOf(nodes)


def read_quantity(where: str, value: str, alias: str = "i.") -> tuple[Reach, Sql]:
    """The number, and the condition on the unit: ``5.4|system|mg``, ``5.4||mg``, ``5.4``."""
    number, *unit = split(value, "|")
    if len(unit) not in (0, 2):
        raise refuse_value(where, value, "number, or number|system|code")
    parts: list[Sql] = []
    if unit and unit[0]:
        parts.append((f"{alias}system = ?", (fit(unescape(unit[0])),)))
    if unit and unit[1]:
        parts.append((f"{alias}code = ?", (fit(unescape(unit[1])),)))
    return read_number(where, unescape(number)), both(parts)


def read_token(where: str, value: str, alias: str = "i.") -> Sql:
    """``code``, ``system|code``, ``|code`` or ``system|`` as a condition.

    A national number of a known system may be written with spaces and hyphens.
    """
    parts = [unescape(part) for part in split(value, "|")]
    if len(parts) > 2 or not any(parts):
        raise refuse_value(
            where, value, "code, system|code, |code or system|", r"write \| for a bar of the code"
        )
    if len(parts) == 1:
        return f"{alias}code = ?", (fit(parts[0]),)
    system, code = parts
    if not code:
        return f"{alias}system = ?", (fit(system),)
    if not system:
        return f"{alias}code = ? AND {alias}system IS NULL", (fit(code),)
    return f"{alias}code = ? AND {alias}system = ?", (fit(normalise_identifier(system, code)), fit(system))


def _make_tokens(parameter: Parameter, _modifier: str, values: Sequence[str], where: str) -> Rows:
    parts = tuple(read_token(where, value) for value in values)
    is_one_place = len(parts) == 1 and ".code" in parts[0][0]
    return Rows("token", parameter.numbers, either(parts), parts, is_one_place=is_one_place)


def _read_text(where: str, value: str) -> str:
    text = normalise(unescape(value))
    if not text:
        raise refuse_value(where, value, "a text")
    return text


def match_start(column: str, text: str) -> Sql:
    """Texts that begin with another; of too long ones only the beginning is kept."""
    if len(text) > LONGEST_TEXT:
        return f"{column} = ?", (fit(text),)
    return f"{column} >= ? AND {column} < ?", (text, text + LAST)


def _make_texts(parameter: Parameter, modifier: str, values: Sequence[str], where: str) -> Rows:
    parts: list[Sql] = []
    for value in values:
        text = _read_text(where, value)
        if modifier == "exact":
            exact = unescape(value)
            parts.append(("i.normalised = ? AND i.exact = ?", (fit(text), fit(exact))))
        elif modifier == "contains":
            parts.append(_match_inside("i.normalised", text))
        else:
            parts.append(match_start("i.normalised", text))
    return Rows("string", parameter.numbers, either(parts), tuple(parts), is_range=True)


def _match_inside(column: str, text: str) -> Sql:
    pattern = text.replace("\\", "\\\\").replace("%", r"\%").replace("_", r"\_")
    return f"{column} LIKE ? ESCAPE '\\'", (f"%{pattern}%",)


def _make_words(parameter: Parameter, _modifier: str, values: Sequence[str], where: str) -> Rows:
    """Texts in which a word begins so: of concepts and codings, or of names."""
    parts: list[Sql] = []
    for value in values:
        text = _read_text(where, value)
        parts.append(either((match_start("i.normalised", text), _match_inside("i.normalised", f" {text}"))))
    return Rows("string", parameter.numbers, either(parts), is_range=True)


def _make_typed_identifiers(parameter: Parameter, _modifier: str, values: Sequence[str], where: str) -> Rows:
    parts: list[Sql] = []
    for value in values:
        pieces = [unescape(piece) for piece in split(value, "|")]
        if len(pieces) != 3 or not all(pieces):  # structure: system, code and value
            raise refuse_value(where, value, "system|code|value, the type of the identifier and its value")
        system, code, text = pieces
        parts.append(
            (
                "i.code = ? AND i.system = ? AND i.second_low IS NULL AND i.second_code = ?",
                (fit(code), fit(system), fit(text)),
            )
        )
    return Rows("compound", parameter.numbers, either(parts), tuple(parts))


def _make_addresses(parameter: Parameter, modifier: str, values: Sequence[str], where: str) -> Rows:
    parts: list[Sql] = []
    for value in values:
        text = unescape(value)
        if not text:
            raise refuse_value(where, value, "a URI")
        if modifier == "above":
            parts.append(is_in("i.value", [fit(one) for one in _list_above(text)]))
        elif modifier == "below":
            start = text.rstrip("/") + "/"
            parts.append(("i.value = ?", (fit(text),)))
            parts.append(match_start("i.value", start))
        else:
            parts.append(("i.value = ?", (fit(text),)))
    is_one_place = len(parts) == 1 and not modifier
    return Rows("uri", parameter.numbers, either(parts), tuple(parts), is_one_place=is_one_place)


def _list_above(text: str) -> list[str]:
    """The address and those it lies below, with a slash at the end and without."""
    scheme, mark, rest = text.partition("://")
    pieces = rest.split("/") if mark else text.split("/")
    starts = ["/".join(pieces[: n + 1]) for n in range(len(pieces))]
    full = [f"{scheme}{mark}{start}" if mark else start for start in starts if start]
    return [text, *(form for one in full for form in (one, f"{one}/"))]


def _make_references(parameter: Parameter, modifier: str, values: Sequence[str], where: str) -> Rows:
    types = (modifier,) if modifier else tuple(list_targets(parameter))
    parts = [_read_reference(parameter, types, modifier, value, where) for value in values]
    if parameter.has_addresses:
        parts += [("i.url = ?", (fit(unescape(value).partition("|")[0]),)) for value in values]
    is_one_place = len(parts) == 1 and " IN " not in parts[0][0] and "url = " not in parts[0][0]
    return Rows("reference", parameter.numbers, either(parts), tuple(parts), is_one_place=is_one_place)


def _read_reference(
    parameter: Parameter, types: tuple[str, ...], modifier: str, value: str, where: str
) -> Sql:
    text = unescape(value)
    if not text or text.startswith("#"):
        raise refuse_value(where, text, "id, Type/id or an address")
    if "/" not in text and ":" not in text and "|" not in text:
        at_type = TRUE if not parameter.targets and not modifier else is_in("i.type", types)
        return both((("i.id = ? AND i.url IS NULL", (fit(text),)), at_type))
    target = read_target(text.partition("|")[0])
    if target is None or target.url is not None or target.type is None:
        return "i.url = ?", (fit(text.partition("|")[0] if target is None else str(target.url)),)
    if modifier and target.type != modifier:
        raise refuse_value(where, text, f"a reference to a {modifier}", "let modifier and reference agree")
    return "i.id = ? AND i.type = ? AND i.url IS NULL", (fit(str(target.id)), target.type)


def make_alive(types: tuple[str, ...]) -> Node:
    """A record whose rows were not taken away with its patient's key."""
    numbers = [get_definitions().find_search_parameter(type_, "_lastUpdated") for type_ in types]
    return Present(("date",), tuple(one.number for one in numbers if one is not None))


_Maker: TypeAlias = Callable[[Parameter, str, Sequence[str], str], Node]
_BY_MODIFIER: Final[dict[str, _Maker]] = {
    "text": _make_words,
    "of-type": _make_typed_identifiers,
    "identifier": _make_tokens,
}
_BY_KIND: Final[dict[str, _Maker]] = {
    "token": _make_tokens,
    "string": _make_texts,
    "reference": _make_references,
    "date": _make_stretch,
    "number": _make_stretch,
    "quantity": _make_quantities,
    "uri": _make_addresses,
}
