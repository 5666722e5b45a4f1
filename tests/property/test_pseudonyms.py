"""Whatever somebody is called and wherever it stands in a text: no word of it is left."""

import unicodedata

from hypothesis import assume, given
from hypothesis import strategies as st

from oncopolis.operations.sharing.pseudonyms import TAKEN_OUT, find_words, hide

LETTERS = st.characters(categories=("Lu", "Ll", "Lo"))
NAMES = st.text(LETTERS, min_size=3, max_size=12)
AROUND = st.sampled_from([" ", ", ", "\n", "(", ")", ": ", "«", "-", ""])


@given(family=NAMES, given=NAMES, before=AROUND, after=AROUND)
def test_no_name_is_left_where_it_stands_as_a_word(family: str, given: str, before: str, after: str) -> None:
    for name in (family, given):
        assume(unicodedata.normalize("NFC", name) == name and name.casefold() == name.lower())
    patient = {"name": [{"family": family, "given": [given]}]}
    words = find_words(patient)
    told = f"x{before or ' '}{family}{after or ' '}y {given}."
    hidden = hide(told, words)
    assert TAKEN_OUT in hidden
    left = hidden.replace(TAKEN_OUT, "").casefold()
    for name in (family, given):
        assert f" {name.casefold()} " not in f" {left} "


@given(text=st.text(max_size=50))
def test_a_text_without_a_name_stays_as_it_is(text: str) -> None:
    assert hide(text, frozenset()) == text
