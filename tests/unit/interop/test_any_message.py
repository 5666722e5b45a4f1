"""Whatever stands in the fields of a message, it is read or refused with its place."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.hl7 import admit, book, make_settings, order, register, report

from oncopolis.foundation.errors import OncopolisError
from oncopolis.interop.hl7 import parse
from oncopolis.interop.mapping.reading import read_identity, read_statement
from oncopolis.interop.overlay.merging import make_record
from oncopolis.record.fhir.text import to_text

NAMING = make_settings().get_naming("his")
MESSAGES = (admit(), register(), book(), order(), report())
ODD = st.sampled_from(
    ["", '""', "^", "~", "&", "^^^^^^^^^^^^", "~~~", "^&&^&", "NaN", "1e9999", "-", "99999999", "20260230",
     "\\", "\\X\\", "\\XZZ\\", "\\X00\\", "<", "<5", "^1^-^x", "A^B", "0" * 70, "\u0000", "ﬁ", "𝒳", "-1"]
)  # fmt: skip
VALUE = ODD | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r"), max_size=10)


@given(
    st.sampled_from(MESSAGES), st.lists(st.tuples(st.integers(0, 9), st.integers(1, 46), VALUE), max_size=4)
)
def test_any_field(data: bytes, changes: list[tuple[int, int, str]]) -> None:
    lines = data.decode().rstrip("\r").split("\r")
    for line, field, value in changes:
        number = 1 + line % (len(lines) - 1)
        fields = lines[number].split("|")
        fields += [""] * (field + 1 - len(fields))
        fields[field] = value
        lines[number] = "|".join(fields)
    whole = "\r".join(lines).encode()
    try:
        message = parse(whole)
        read_identity(message, NAMING)
        statement = read_statement(message, NAMING)
    except OncopolisError as error:
        assert error.where, error  # noqa: PT017 - either outcome is fine
        return
    for stated in (statement.patient, *statement.records):
        assert to_text(make_record(stated))


def test_every_segment_may_be_missing() -> None:
    for data in MESSAGES:
        lines = data.decode().rstrip("\r").split("\r")
        for n in range(1, len(lines)):
            message = parse("\r".join(lines[:n] + lines[n + 1 :]).encode())
            if message.find("PID") is None:
                with pytest.raises(OncopolisError, match="INT-005"):
                    read_statement(message, NAMING)
            else:
                try:
                    read_statement(message, NAMING)
                except OncopolisError as error:
                    assert error.expected  # noqa: PT017 - either outcome is fine
