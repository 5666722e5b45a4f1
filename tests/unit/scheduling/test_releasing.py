"""A schedule is released by a named person, or not at all."""

from datetime import UTC, datetime
from hashlib import sha256

import pytest
from tests.unit.scheduling.wards import admit, make_problem, make_solution

from oncopolis.foundation import InputError
from oncopolis.scheduling.releasing import release
from oncopolis.scheduling.theatres import check, list_passed_over

AT = datetime(2026, 11, 22, 8, 30, tzinfo=UTC)


def test_who_is_passed_over_is_told_with_what_binds() -> None:
    (out,) = list_passed_over(make_problem(), admit(make_solution(), p1=None))
    assert (out.patient, out.gender, out.age_group, out.day) == ("p1", "B", "adult", 0)
    assert out.binding == ()
    crowded = admit(make_solution(), p2=None, p1=None)
    assert [one.patient for one in list_passed_over(make_problem(), crowded)] == ["p1", "p2"]


def test_the_record_holds_person_digests_and_the_passed_over() -> None:
    verdict = check(make_problem(), make_solution())
    record = release(b"a", b"b", verdict, [{"patient": "p1"}], by=" Ann ", role="head", at=AT).to_dict()
    assert record["by"] == "Ann"
    assert record["at"] == "2026-11-22T08:30:00+00:00"
    assert record["schedule_sha256"] == sha256(b"b").hexdigest()
    assert record["passed_over"] == ({"patient": "p1"},)
    assert record["cost"] == verdict.cost


def test_nobody_releases_what_breaks_a_rule_or_without_a_name() -> None:
    broken = check(make_problem(), admit(make_solution(), p0=None))
    with pytest.raises(InputError) as refused:
        release(b"", b"", broken, (), by="Ann", role="head", at=AT)
    assert refused.value.code == "SCH-062"
    with pytest.raises(InputError) as refused:
        release(b"", b"", check(make_problem(), make_solution()), (), by=" ", role="head", at=AT)
    assert refused.value.code == "SCH-063"
