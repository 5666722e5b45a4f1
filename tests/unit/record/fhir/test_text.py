"""Texts of resources: what is refused, and that nothing of a value is lost."""

import json
import pickle
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oncopolis.foundation.errors import InputError
from oncopolis.record.fhir.text import MAX_DEPTH, Refused, parse, to_text


def nest(depth: int) -> bytes:
    """Objects within arrays, `depth` levels of both together."""
    openings = ['{"a":' if level % 2 == 0 else "[" for level in range(depth)]
    closings = ["}" if level % 2 == 0 else "]" for level in reversed(range(depth))]
    return "".join([*openings, "1", *closings]).encode()


@pytest.mark.parametrize(
    ("data", "where", "expected"),
    [
        (b"", "line 1 column 1", "JSON"),
        (b"{", "line 1 column 2", "JSON"),
        (b'{"a":1,,}', "line 1 column 8", "JSON"),
        (b'{"a":1} {}', "line 1 column 9", "JSON"),
        (b'{"a":"\x01"}', "line 1 column 7", "JSON"),
        (b"{'a':1}", "line 1 column 2", "JSON"),
        (b'{"a":01}', "line 1 column 7", "JSON"),
        (b'{"a":+1}', "line 1 column 6", "JSON"),
        (b'{"a":.5}', "line 1 column 6", "JSON"),
        (b'\xef\xbb\xbf{"a":1}', "line 1 column 1", "JSON"),
        (b'{"a":"\xff"}', "byte 6", "UTF-8"),
        ('{"a":1}'.encode("utf-16"), "byte 0", "UTF-8"),
        (b'{"a":"\xed\xa0\x80"}', "byte 6", "UTF-8"),
        (b'{"a":1,"a":1}', "'a'", "once"),
        (b'{"x":[{"b":{"a":1,"c":2,"a":1}}]}', "'a'", "once"),
        (b'{"a":1,"\\u0061":1}', "'a'", "once"),
        (b'{"a":NaN}', "number", "finite"),
        (b'{"a":Infinity}', "number", "finite"),
        (b'{"a":-Infinity}', "number", "finite"),
        (b'{"a":' + b"9" * 65 + b"}", "number", "at most 64"),
        (b'{"a":' + b"9" * 5000 + b"}", "number", "at most 64"),
        (b'{"a":0.' + b"9" * 65 + b"}", "number", "at most 64"),
        (b'{"a":' + b"1" * 5000 + b".5}", "number", "at most 64"),
        (b'{"a":1e400}', "number", "exponent"),
        (b'{"a":1e-400}', "number", "exponent"),
        (b'{"a":0e99999999}', "number", "exponent"),
        (b'{"a":1e999999999999999999999}', "number", "exponent"),
        (b'{"a":"\\ud800"}', "text", "surrogate"),
        (b'{"a":"x\\udc00\\ud800"}', "text", "surrogate"),
        (b'{"a":["\\u0000"]}', "text", "U+0000"),
        (b'{"\\u0000":1}', "text", "U+0000"),
        (nest(MAX_DEPTH + 1), "text", "64 levels"),
        (b"[" * 200_000, "text", "64 levels"),
        (b'{"a":' * 200_000, "text", "64 levels"),
        (b"[]", "text", "object"),
        (b"1", "text", "object"),
        (b'"a"', "text", "object"),
        (b"null", "text", "object"),
    ],
)
def test_what_is_not_the_json_of_a_resource_is_refused(data: bytes, where: str, expected: str) -> None:
    with pytest.raises(Refused) as caught:
        parse(data)
    assert caught.value.where == where
    assert expected in caught.value.expected
    assert caught.value.code == "REC-002"
    assert isinstance(caught.value, InputError)
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)


def test_as_deep_as_allowed() -> None:
    assert to_text(parse(nest(MAX_DEPTH))) == nest(MAX_DEPTH)


@pytest.mark.parametrize(
    ("came", "goes"),
    [
        ("72.50", "72.50"),
        ("72", "72"),
        ("-0.0", "-0.0"),
        ("0.00", "0.00"),
        ("100000000000000000000000000", "100000000000000000000000000"),
        ("0.0000000010", "0.0000000010"),
        ("1.0e2", "1.0E+2"),
        ("1E5", "1E+5"),
        ("1e-3", "0.001"),
        ("1.50e-7", "0.000000150"),
        ("1e-30", "1E-30"),
        ("3.14159265358979323846264338327950288", "3.14159265358979323846264338327950288"),
    ],
)
def test_decimals_keep_their_digits(came: str, goes: str) -> None:
    text = to_text(parse(f'{{"v":{came}}}'.encode()))
    assert text == f'{{"v":{goes}}}'.encode()
    assert Decimal(goes) == Decimal(came)
    assert Decimal(goes).as_tuple() == Decimal(came).as_tuple()
    assert to_text(parse(text)) == text


@given(
    st.from_regex(r"-?(0|[1-9][0-9]{0,40})(\.[0-9]{1,30})?([eE][+-]?[0-9]{1,3})?", fullmatch=True),
)
def test_any_number_that_is_read_is_written_and_read_again(literal: str) -> None:
    try:
        resource = parse(f'{{"v":{literal}}}'.encode())
    except Refused as refusal:
        assert refusal.where == "number"  # noqa: PT017 - numbers may be too long or too large
        return
    text = to_text(resource)
    assert resource["v"] == Decimal(literal)
    assert parse(text) == resource
    assert to_text(parse(text)) == text


def test_members_stay_in_order_and_spaces_go() -> None:
    data = b' {\n "z" : [ 1 , true, null ] ,\t"a" : { "\\u00e9" : "\\/ \\u00e9 \\ud83d\\ude00" } } '
    assert to_text(parse(data)) == '{"z":[1,true,null],"a":{"é":"/ é 😀"}}'.encode()


def test_texts_that_look_like_marks_of_decimals_stay() -> None:
    resource = {"a": '"\\u00001.5"', "b": "\\u00001.5", "c": Decimal("1.5"), "d": "1.5"}
    assert parse(to_text(resource)) == resource


def test_only_values_of_json_are_written() -> None:
    with pytest.raises(TypeError, match="set"):
        to_text({"a": {1}})
    with pytest.raises(ValueError, match="Out of range"):
        to_text({"a": float("nan")})


values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(min_value=-(10**63), max_value=10**63)
    | st.decimals(allow_nan=False, allow_infinity=False, min_value=-1_000_000, max_value=1_000_000, places=4)
    | st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"])),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text('ab_é"\\\n'), inner, max_size=4),
    max_leaves=12,
)


@pytest.mark.slow
@given(st.dictionaries(st.text("abc"), values))
def test_what_is_written_is_read_again(resource: dict[str, Any]) -> None:
    text = to_text(resource)
    assert parse(text) == resource
    assert to_text(parse(text)) == text


@given(
    st.binary() | st.text().map(str.encode) | st.text('{}[]":,0123456789.eE+-nulltrue\\ud ').map(str.encode)
)
def test_any_bytes_are_an_object_or_refused(data: bytes) -> None:
    try:
        resource = parse(data)
    except Refused:
        return
    assert isinstance(resource, dict)
    assert json.loads(to_text(resource)) == json.loads(data)


@pytest.mark.slow
@given(st.dictionaries(st.text("ab"), values, min_size=1), st.data())
def test_damaged_texts_are_an_object_or_refused(resource: dict[str, Any], data: st.DataObject) -> None:
    text = bytearray(to_text(resource))
    for _ in range(data.draw(st.integers(1, 4))):
        position = data.draw(st.integers(0, len(text) - 1))
        text[position : position + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=3))
        if not text:
            break
    try:
        assert isinstance(parse(bytes(text)), dict)
    except Refused as refusal:
        assert refusal.got  # noqa: PT017 - what is refused says why
