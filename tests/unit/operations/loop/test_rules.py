"""Every rule of the closed loop has a case that passes and one that fails."""

import pytest

from oncopolis.operations.loop.checking import Fact, judge
from oncopolis.operations.loop.codes import Read
from oncopolis.operations.loop.rules import CHECK_KINDS, find_override, get_rules

GOOD = {
    "medicine": {
        "patient": Fact("p", "p"), "thing": Fact("b", "b"), "drug": Fact("L01XA01", "L01XA01"),
        "dose": Fact("75 mg", "75 mg"), "route": Fact("intravenous", "intravenous"),
        "released": Fact("released", "released"), "expiry": Fact("2027-03-02T00:00", "2027-03-01T10:00"),
        "time": Fact(("2027-03-01", "2027-03-02"), "2027-03-01"),
    },
    "dose": {
        "patient": Fact("p", "p"), "thing": Fact("d", "d"), "drug": Fact("A04AA01", "A04AA01"),
        "dose": Fact("8 mg", "8 mg"), "route": Fact("oral", "oral"),
        "expiry": Fact("2027-03-02T00:00", "2027-03-01T10:00"),
        "time": Fact(("2027-03-01T09:00", "2027-03-01T11:00"), "2027-03-01T10:00"),
    },
    "specimen": {"patient": Fact("p", "p"), "unused": Fact("unused", "unused")},
    "blood": {
        "patient": Fact("p", "p"), "thing": Fact("W1", "W1"), "product": Fact("E1", "E1"),
        "group": Fact("5100", "5100"), "expiry": Fact("2027-03-01", "2027-03-01"),
    },
    "place": {"patient": Fact("p", "p"), "place": Fact("r", "r")},
    "theatre": {"patient": Fact("p", "p"), "place": Fact("r", "r")},
    "implant": {
        "patient": Fact("p", "p"), "thing": Fact("package", "package"),
        "planned": Fact((), "x"), "expiry": Fact("2027-03-01", "2027-02-28"),
        "unused": Fact("unused", "unused"),
    },
}  # fmt: skip
BAD = {
    ("medicine", "patient"): Fact("p", "q"),
    ("medicine", "thing"): Fact("b", "c"),
    ("medicine", "drug"): Fact("L01XA01", "L01CA02"),
    ("medicine", "dose"): Fact("75 mg", "750 mg"),
    ("medicine", "route"): Fact("intravenous", "intrathecal"),
    ("medicine", "released"): Fact("released", "prepared"),
    ("medicine", "expiry"): Fact("2027-03-01T09:00", "2027-03-01T10:00"),
    ("medicine", "time"): Fact(("2027-03-01", "2027-03-02"), "2027-03-03"),
    ("dose", "patient"): Fact("p", "q"),
    ("dose", "thing"): Fact("d", "e"),
    ("dose", "drug"): Fact("A04AA01", "N02BE01"),
    ("dose", "dose"): Fact("8 mg", "4 mg"),
    ("dose", "route"): Fact("oral", "intravenous"),
    ("dose", "expiry"): Fact("2027-03-01T09:00", "2027-03-01T10:00"),
    ("dose", "time"): Fact(("2027-03-01T09:00", "2027-03-01T11:00"), "2027-03-01T11:01"),
    ("specimen", "patient"): Fact("p", ""),
    ("specimen", "unused"): Fact("unused", "used"),
    ("blood", "patient"): Fact("p", "q"),
    ("blood", "thing"): Fact("", "W2"),
    ("blood", "product"): Fact("E1", "E2"),
    ("blood", "group"): Fact("5100", "6200"),
    ("blood", "expiry"): Fact("2027-02-28", "2027-03-01"),
    ("place", "patient"): Fact("p", "q"),
    ("place", "place"): Fact("r", "s"),
    ("theatre", "patient"): Fact("p", "q"),
    ("theatre", "place"): Fact("r", "s"),
    ("implant", "patient"): Fact("p", "q"),
    ("implant", "thing"): Fact("package", "container"),
    ("implant", "planned"): Fact(("x", "y"), "z"),
    ("implant", "expiry"): Fact("2027-02-27", "2027-02-28"),
    ("implant", "unused"): Fact("unused", "used"),
}
READS = {name: Read("patient", "p") for name in ("patient", "thing", "place")}


def test_every_rule_has_a_case_that_fails_and_one_that_passes() -> None:
    known = {(kind, rule.id) for kind in CHECK_KINDS for rule in get_rules()[kind].rules}
    assert known == BAD.keys()
    assert known == {(kind, rule) for kind, facts in GOOD.items() for rule in facts}


@pytest.mark.parametrize("kind", CHECK_KINDS)
def test_what_matches_passes(kind: str) -> None:
    assert all(one.is_met for one in judge(kind, READS, GOOD[kind]))  # type: ignore[arg-type]


@pytest.mark.parametrize(("kind", "rule"), sorted(BAD))
def test_what_does_not_match_is_stopped_by_its_rule(kind: str, rule: str) -> None:
    verdicts = judge(kind, READS, {**GOOD[kind], rule: BAD[kind, rule]})  # type: ignore[arg-type]
    assert [one.rule for one in verdicts if not one.is_met] == [rule]


@pytest.mark.parametrize(("kind", "rule"), sorted(pair for pair in BAD if pair[1] != "expiry"))
def test_nothing_scanned_is_no_match(kind: str, rule: str) -> None:
    fact = Fact(BAD[kind, rule].expected or "x", "")
    verdicts = judge(kind, READS, {**GOOD[kind], rule: fact})  # type: ignore[arg-type]
    assert [one.rule for one in verdicts if not one.is_met] == [rule]


@pytest.mark.parametrize("kind", CHECK_KINDS)
def test_what_cannot_be_read_is_stopped_and_never_overridden(kind: str) -> None:
    for name in get_rules()[kind].scans:  # type: ignore[index]
        verdicts = judge(kind, {**READS, name: Read("", fault="half")}, GOOD[kind])  # type: ignore[arg-type]
        assert [(one.rule, one.is_met, one.expected) for one in verdicts] == [("readable", False, name)]
    assert find_override(kind, ("readable",)) == "never"  # type: ignore[arg-type]


def test_the_strictest_rule_decides_about_an_override() -> None:
    assert find_override("place", ("place",)) == "reason"
    assert find_override("theatre", ("place",)) == "second"
    assert find_override("theatre", ("place", "patient")) == "never"
    assert find_override("medicine", ("time",)) == "second"


def test_rules_name_their_source() -> None:
    for kind in CHECK_KINDS:
        assert all(rule.source for rule in get_rules()[kind].rules)
