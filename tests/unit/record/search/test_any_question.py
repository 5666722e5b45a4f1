"""Whatever is asked, it is answered or refused with its place: nothing falls through to the database."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.records import make_observation, make_patient
from tests.unit.record.search.conftest import ask, put_all

from oncopolis.foundation.errors import InputError
from oncopolis.record.search import SearchRefused
from oncopolis.record.search.parameters import list_parameters
from oncopolis.record.store import Store

TYPES = (
    "Patient",
    "Observation",
    "MolecularSequence",
    "ValueSet",
    "RiskAssessment",
    "Patient Observation",
    "",
)
CODES = sorted({one.code for type_ in TYPES for name in type_.split() for one in list_parameters(name)})
WORDS = (
    "a 1 -1 1.5 1e400 -1e-300 2026 gt2026-11-22 ap2026 9999-12-31 0001 le0001-01-01 ap0001 zz true false http://a/b"
    " Patient/p1 p1 a|b |b a| a||b 5||g 1|2|3 a$b$1 718-7$gt1 * Observation:subject Patient:* name -_id"
    " \\ \\, \\$ $ % _ ' \" ; ü \U0010ffff \ud800 " + "x" * 300 + " " + "9" * 60
).split(" ")
TEXTS = st.one_of(
    st.sampled_from(WORDS),
    st.lists(st.sampled_from(WORDS), min_size=2, max_size=3).map(",".join),
    st.text(st.characters(exclude_characters="\x00"), max_size=6),
)
MODIFIERS = st.sampled_from(
    [""] * 3
    + [f":{name}" for name in "missing exact contains not text of-type identifier Patient in x".split()]
)
PLAIN = st.tuples(st.sampled_from(CODES), MODIFIERS).map("".join)
LINKS = st.sampled_from(("subject.", "subject:Patient.", "link:Patient.link.", "a.", "."))
CHAINED = st.tuples(LINKS, PLAIN)
HAS = st.tuples(
    st.sampled_from(("_has:Observation:subject:", "_has:x:y:", "_has:", "_has:Patient:link:")), PLAIN
)
ABOUT = st.sampled_from(
    "_sort _count _total _include _include:iterate _revinclude _elements _summary _cursor _type _list"
    " _contained _text _filter _sort:x near".split()
)
NAMES = PLAIN | CHAINED.map("".join) | HAS.map("".join) | ABOUT | st.text(max_size=5)


@pytest.fixture(scope="module")
def some(shared: Store) -> Store:
    put_all(shared, (make_patient(f"p{n}") for n in range(3)))
    put_all(shared, (make_observation(str(n), patient=f"p{n}", id_=f"o{n}") for n in range(3)))
    return shared


def find_refusal(store: Store, types: str, pairs: list[tuple[str, str]], **options: Any) -> InputError | None:
    """What the question is refused with, None if it is answered."""
    try:
        ask(store, types, *pairs, **options)
    except InputError as error:
        return error
    return None


@pytest.mark.slow
@settings(max_examples=250, deadline=None)
@given(
    types=st.sampled_from(TYPES),
    pairs=st.lists(st.tuples(NAMES, TEXTS), max_size=3),
    is_strict=st.booleans(),
    patient=st.sampled_from((None, None, "p1")),
)
def test_any_question_is_answered_or_refused(
    some: Store, types: str, pairs: list[tuple[str, str]], is_strict: bool, patient: str | None
) -> None:
    refused = find_refusal(some, types, pairs, is_strict=is_strict, patient=patient)
    if isinstance(refused, SearchRefused):
        assert refused.where
        assert refused.expected
        assert len(str(refused)) < 8_000
    elif refused is not None:
        # A text that no database can keep, such as half a surrogate pair.
        assert refused.code == "REC-050"
