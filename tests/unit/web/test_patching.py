"""JSON Patch against the examples of RFC 6902 and what a hostile patch may try."""

import json
from contextlib import suppress
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oncopolis.web.fhir.bodies import read_patch
from oncopolis.web.fhir.patching import MOST_OPERATIONS, apply_patch, check_patch, is_same
from oncopolis.web.fhir.refusing import RequestError

WORKING = [
    # RFC 6902, appendix A, by its numbers
    ({"foo": "bar"}, [{"op": "add", "path": "/baz", "value": "qux"}], {"foo": "bar", "baz": "qux"}),
    (
        {"foo": ["bar", "baz"]},
        [{"op": "add", "path": "/foo/1", "value": "qux"}],
        {"foo": ["bar", "qux", "baz"]},
    ),
    ({"baz": "qux", "foo": "bar"}, [{"op": "remove", "path": "/baz"}], {"foo": "bar"}),
    ({"foo": ["bar", "qux", "baz"]}, [{"op": "remove", "path": "/foo/1"}], {"foo": ["bar", "baz"]}),
    ({"baz": "qux"}, [{"op": "replace", "path": "/baz", "value": "boo"}], {"baz": "boo"}),
    (
        {"foo": {"bar": "baz", "waldo": "fred"}, "qux": {"corge": "grault"}},
        [{"op": "move", "from": "/foo/waldo", "path": "/qux/thud"}],
        {"foo": {"bar": "baz"}, "qux": {"corge": "grault", "thud": "fred"}},
    ),
    (
        {"foo": ["all", "grass", "cows", "eat"]},
        [{"op": "move", "from": "/foo/1", "path": "/foo/3"}],
        {"foo": ["all", "cows", "eat", "grass"]},
    ),
    ({"foo": ["a", 2]}, [{"op": "test", "path": "/foo/1", "value": 2}], {"foo": ["a", 2]}),
    (
        {"foo": "bar"},
        [{"op": "add", "path": "/child", "value": {"a": {}}}],
        {"foo": "bar", "child": {"a": {}}},
    ),
    (
        {"foo": "bar"},
        [{"op": "add", "path": "/baz", "value": "qux", "xyz": 123}],
        {"foo": "bar", "baz": "qux"},
    ),
    ({"/": 9, "~1": 10}, [{"op": "test", "path": "/~01", "value": 10}], {"/": 9, "~1": 10}),
    ({"foo": ["bar"]}, [{"op": "add", "path": "/foo/-", "value": ["abc"]}], {"foo": ["bar", ["abc"]]}),
    # and more
    ({"a": 1}, [{"op": "replace", "path": "", "value": {"b": 2}}], {"b": 2}),
    ({"a": 1}, [{"op": "copy", "from": "/a", "path": "/b"}], {"a": 1, "b": 1}),
    ({"a": 1}, [{"op": "move", "from": "/a", "path": "/a"}], {"a": 1}),
    ({"": 1}, [{"op": "replace", "path": "/", "value": 2}], {"": 2}),
    ({"a": None}, [{"op": "test", "path": "/a", "value": None}], {"a": None}),
    ({"a": Decimal("1.50")}, [{"op": "test", "path": "/a", "value": Decimal("1.5")}], {"a": Decimal("1.50")}),
]

FAILING = [
    ({"baz": "qux"}, [{"op": "test", "path": "/baz", "value": "bar"}]),
    ({"foo": "bar"}, [{"op": "add", "path": "/baz/bat", "value": "qux"}]),
    ({"/": 9, "~1": 10}, [{"op": "test", "path": "/~01", "value": "10"}]),
    ({"a": 1}, [{"op": "test", "path": "/a", "value": True}]),
    ({"a": [1]}, [{"op": "remove", "path": "/a/01"}]),
    ({"a": [1]}, [{"op": "remove", "path": "/a/1"}]),
    ({"a": [1]}, [{"op": "remove", "path": "/a/-"}]),
    ({"a": [1]}, [{"op": "add", "path": "/a/2", "value": 1}]),
    ({"a": [1]}, [{"op": "add", "path": "/a/-1", "value": 1}]),
    ({"a": 1}, [{"op": "replace", "path": "/b", "value": 1}]),
    ({"a": 1}, [{"op": "remove", "path": "/b"}]),
    ({"a": 1}, [{"op": "remove", "path": ""}]),
    ({"a": {"b": 1}}, [{"op": "move", "from": "/a", "path": "/a/c"}]),
    ({"a": 1}, [{"op": "copy", "from": "/x", "path": "/a"}]),
    ({"a": "text"}, [{"op": "add", "path": "/a/0", "value": 1}]),
    ({"a": [1]}, [{"op": "copy", "from": "/a", "path": "/a/-"}] * 40),
    ({"a": {}}, [{"op": "copy", "from": "", "path": "/a/b"}] * 200),
]

MALFORMED = [
    b"{}",
    b'[{"op": "add", "path": "/a"}]',
    b'[{"op": "fly", "path": "/a"}]',
    b'[{"path": "/a"}]',
    b'[{"op": "remove"}]',
    b'[{"op": "remove", "path": "a"}]',
    b'[{"op": "remove", "path": "/~2"}]',
    b'[{"op": "move", "path": "/a"}]',
    b'[{"op": ["add"], "path": "/a"}]',
    b'[{"op": "remove", "path": 1}]',
    b"[1]",
    b"null",
    b'[], "x": [',
    b'[], "x": []',
    b'[]}, {"patch": []',
    json.dumps([{"op": "remove", "path": "/a"}] * (MOST_OPERATIONS + 1)).encode(),
]

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.text("ab/~", max_size=2),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text("ab/~0", max_size=2), inner, max_size=3)
    ),
    max_leaves=6,
)


@pytest.mark.parametrize(("document", "patch", "expected"), WORKING)
def test_what_the_rfc_shows(document: Any, patch: Any, expected: Any) -> None:
    before = json.dumps(document, default=str)
    assert is_same(apply_patch(document, check_patch(patch)), expected)
    assert json.dumps(document, default=str) == before


@pytest.mark.parametrize(("document", "patch"), FAILING)
def test_what_cannot_be_done_is_refused_with_its_operation(document: Any, patch: Any) -> None:
    with pytest.raises(RequestError) as refused:
        apply_patch(document, check_patch(patch))
    assert refused.value.status == 422
    assert refused.value.where.startswith("patch[")


@pytest.mark.parametrize("text", MALFORMED)
def test_malformed_patches_are_bad_requests(text: bytes) -> None:
    with pytest.raises(Exception) as refused:  # noqa: PT011 - the reader of JSON has an error of its own
        read_patch(text)
    assert getattr(refused.value, "status", 400) == 400
    assert type(refused.value).__name__ in ("RequestError", "Refused")


def test_a_copy_is_no_second_name() -> None:
    patch: list[dict[str, Any]] = [
        {"op": "copy", "from": "/a", "path": "/b"},
        {"op": "add", "path": "/b/0", "value": 1},
        {"op": "add", "path": "/c", "value": []},
        {"op": "add", "path": "/c/-", "value": 1},
    ]
    assert apply_patch({"a": []}, check_patch(patch)) == {"a": [], "b": [1], "c": [1]}
    assert patch[2]["value"] == []


OPERATIONS = st.lists(
    st.tuples(
        st.sampled_from(("add", "remove", "replace", "move", "copy", "test")),
        st.text("/ab01-~", max_size=5),
        st.text("/ab01-~", max_size=5),
        VALUES,
    ),
    max_size=4,
)


@given(VALUES, OPERATIONS)
def test_any_patch_works_or_is_refused_and_never_touches_its_document(
    document: Any, drawn: list[tuple[str, str, str, Any]]
) -> None:
    before = json.dumps(document)
    patch = [{"op": op, "path": path, "from": source, "value": value} for op, path, source, value in drawn]
    with suppress(RequestError):
        apply_patch(document, check_patch(patch))
    assert json.dumps(document) == before
