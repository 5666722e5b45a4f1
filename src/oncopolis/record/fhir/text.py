"""JSON of resources: read strictly, written so that nothing of a value is lost.

Decimals are `decimal.Decimal` and keep their digits (``72.50`` stays ``72.50``); members keep their order.
"""

import json
from collections.abc import Callable, Iterable
from decimal import Decimal, InvalidOperation
from json import encoder
from typing import Any, Final, NoReturn

from oncopolis.foundation.errors import InputError

__all__ = ["MAX_DEPTH", "MAX_DIGITS", "Refused", "make_encoder", "parse", "read_stored", "to_text"]

MAX_DEPTH: Final = 64  # structure: deepest nesting of objects and arrays together
MAX_DIGITS: Final = 64  # structure: digits of a number
_MAX_EXPONENT: Final = 308  # structure: beyond it a number is no double any more
_MAX_ZEROS: Final = 20  # structure: zeros after the point before an exponent is easier to read
_SHOWN: Final = 40  # structure: characters of a fault that are shown
_DECIMAL_MARK: Final = "\x00"
_MARKED: Final = '"\\u0000'


class Refused(InputError):  # noqa: N818 - the answer to a text, not a fault of ours
    """A text is not the JSON of a resource."""

    def __init__(self, *, where: str, got: str, expected: str) -> None:
        super().__init__(code="REC-002", where=where, got=got, expected=expected, fix="send it corrected")

    def __reduce__(self) -> tuple[object, ...]:
        return _remake, (self.where, self.got, self.expected)


def parse(data: bytes) -> dict[str, Any]:
    """Resource of a UTF-8 text.

    Raises
    ------
    Refused
        The text is not UTF-8 or not JSON; an object has a name twice; a number is NaN, infinite, longer than
        `MAX_DIGITS` digits or beyond a double; it nests deeper than `MAX_DEPTH`; a text holds a
        null character or half a surrogate pair; the whole is not an object.
    """
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        raise Refused(
            where=f"byte {error.start}", got=repr(data[error.start : error.end]), expected="UTF-8"
        ) from None
    try:
        value = _DECODER.decode(text)
    except json.JSONDecodeError as error:
        got = repr(text[error.pos : error.pos + _SHOWN]) if error.pos < len(text) else "the end of the text"
        where = f"line {error.lineno} column {error.colno}"
        raise Refused(where=where, got=got, expected=f"JSON ({error.msg})") from None
    except RecursionError:
        raise _make_too_deep() from None
    if not isinstance(value, dict):
        raise Refused(where="text", got=type(value).__name__, expected="a JSON object")
    if "\\u" in text or text.count("{") + text.count("[") > MAX_DEPTH:
        _check_within(value, MAX_DEPTH)
    return value


def read_stored(body: bytes) -> dict[str, Any]:
    """Resource of a text that `to_text` has written: what `parse` gives, without checking it again."""
    value: dict[str, Any] = _OF_STORED.decode(body.decode())
    return value


def to_text(resource: dict[str, Any]) -> bytes:
    """Canonical UTF-8 text: no white space, members in their order, decimals with their digits.

    Texts of the resource hold no null character; `parse` never gives one.
    """
    head, *rest = "".join(_encode(resource, 0)).split(_MARKED)
    if not rest:
        return head.encode()
    parts = [head]
    for part in rest:
        literal, _, tail = part.partition('"')
        parts += (literal, tail)
    return "".join(parts).encode()


def _make_object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise Refused(where=repr(twice[:_SHOWN]), got="the name twice in one object", expected="it once")
    return made


def _make_decimal(literal: str) -> Decimal:
    try:
        number = Decimal(literal)
    except InvalidOperation:
        raise _make_too_large(literal) from None
    if len(literal) > MAX_DIGITS and len(number.as_tuple().digits) > MAX_DIGITS:
        raise _make_too_long(literal)
    if abs(number.adjusted()) > _MAX_EXPONENT:
        raise _make_too_large(literal)
    return number


def _make_integer(literal: str) -> int:
    if len(literal.removeprefix("-")) > MAX_DIGITS:
        raise _make_too_long(literal)
    return int(literal)


def _refuse_constant(literal: str) -> NoReturn:
    raise Refused(where="number", got=literal[:_SHOWN], expected="a finite number")


def _check_within(value: Any, depth: int) -> None:
    """Refuse what is deeper than `depth`, and texts that cannot be stored or sent."""
    if isinstance(value, str):
        _check_characters(value)
    elif isinstance(value, dict):
        _check_depth(depth)
        for name, item in value.items():
            _check_characters(name)
            _check_within(item, depth - 1)
    elif isinstance(value, list):
        _check_depth(depth)
        for item in value:
            _check_within(item, depth - 1)


def _check_depth(depth: int) -> None:
    if depth == 0:
        raise _make_too_deep()


def _check_characters(text: str) -> None:
    if "\x00" in text or (not text.isascii() and any("\ud800" <= c <= "\udfff" for c in text)):
        raise Refused(
            where="text",
            got=ascii(text[:_SHOWN]),
            expected="characters without U+0000 and without half surrogate pairs",
        )


def _make_too_deep() -> Refused:
    return Refused(where="text", got="deeper nesting", expected=f"at most {MAX_DEPTH} levels")


def _make_too_long(literal: str) -> Refused:
    return Refused(
        where="number",
        got=f"{literal[:_SHOWN]}…",
        expected=f"at most {MAX_DIGITS} digits",
    )


def _make_too_large(literal: str) -> Refused:
    return Refused(where="number", got=literal[:_SHOWN], expected=f"an exponent within ±{_MAX_EXPONENT}")


def _remake(where: str, got: str, expected: str) -> Refused:
    return Refused(where=where, got=got, expected=expected)


def _mark_decimal(value: object) -> str:
    """A text that stands for a decimal until the whole is written: the encoder has no way for its digits."""
    if isinstance(value, Decimal):
        return _DECIMAL_MARK + _to_literal(value)
    raise TypeError(f"{type(value).__name__} in a resource")


def _to_literal(number: Decimal) -> str:
    """Digits as they came: an exponent only where zeros would claim digits or fill a line."""
    literal = str(number)
    if "E-" in literal and number.adjusted() > -_MAX_ZEROS:
        return f"{number:f}"
    return "0" if literal == "-0" else literal


_DECODER: Final = json.JSONDecoder(
    object_pairs_hook=_make_object,
    parse_float=_make_decimal,
    parse_int=_make_integer,
    parse_constant=_refuse_constant,
)
_OF_STORED: Final = json.JSONDecoder(parse_float=Decimal)
"""Of texts that were checked before they were written."""


def make_encoder(settings: json.JSONEncoder) -> Callable[[dict[str, Any], int], Iterable[str]]:
    """The encoder in C, made once; `json` makes one for each text, which takes as long as a small one."""
    c_make_encoder = getattr(encoder, "c_make_encoder", None)
    if c_make_encoder is None:
        return lambda value, _level: settings.iterencode(value)
    encode: Callable[[dict[str, Any], int], Iterable[str]] = c_make_encoder(
        None,
        settings.default,
        encoder.encode_basestring_ascii if settings.ensure_ascii else encoder.encode_basestring,
        None,
        settings.key_separator,
        settings.item_separator,
        settings.sort_keys,
        settings.skipkeys,
        settings.allow_nan,
    )
    return encode


_encode: Final = make_encoder(
    json.JSONEncoder(
        ensure_ascii=False,
        allow_nan=False,
        check_circular=False,
        separators=(",", ":"),
        default=_mark_decimal,
    )
)
