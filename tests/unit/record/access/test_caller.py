"""Who asks, kept for what is done later in their name."""

import json

import pytest

from oncopolis.record import Who
from oncopolis.record.access import Caller

NURSE = Caller(
    Who("Practitioner", "n1", "Nurse"),
    roles=frozenset({"nurse", "manager"}),
    clinics=frozenset({"c1"}),
    practitioner="n1",
    scopes=("user/*.rs",),
    purpose="TREAT",
)
PATIENT = Caller(Who("Patient", "p1"), patients=frozenset({"p1", "p2"}))


@pytest.mark.parametrize("caller", [NURSE, PATIENT])
def test_a_caller_comes_back_the_same(caller: Caller) -> None:
    assert Caller.from_json(json.loads(json.dumps(caller.to_json()))) == caller
