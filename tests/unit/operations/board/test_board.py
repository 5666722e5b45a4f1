"""A board has an agenda; what it decides lets the course go on, with who was there and why."""

import pytest
from tests.clinic import Data
from tests.courses import PROGRAM, Walk

from oncopolis.foundation import ConflictError, ForbiddenError, InputError
from oncopolis.operations.board import Case, list_agenda, tell_case
from oncopolis.operations.courses import Course, Post

TUESDAY, WEDNESDAY, SUNDAY = "2027-03-02", "2027-03-03", "2027-03-07"
ANSWER: Data = {
    "step": "board",
    "part": "branch",
    "to": "operation",
    "reasons": ["operable"],
    "at_hand": ["histology", "imaging"],
}
PRESENT = [{"practitioner": "somebody", "role": "doctor"}]


def list_case(walk: Walk, course: Course) -> Case:
    decision = walk.do("put_on_agenda", course=course.id, board="board", day=TUESDAY, question="operate?")
    return walk.floor.get(Case, str(decision.answer["case"]))


def go_to_board(walk: Walk) -> tuple[Course, Case]:
    course = walk.start()
    for step in ("visit", "report"):
        walk.do("finish_step", course=course.id, step=step)
    return course, list_case(walk, course)


def test_the_agenda_has_its_cases_in_the_order_they_came() -> None:
    walk = Walk()
    first = list_case(walk, walk.start())
    walk.at_ms += 60_000
    second = list_case(walk, walk.start(patient="p2"))
    assert list_agenda(walk.floor, "board", first.day) == [first, second]
    told = tell_case(walk.floor, first)
    assert told["next"]["needs"] == ["histology", "imaging"]
    assert [one["to"] for one in told["next"]["options"]] == ["operation", "radiotherapy"]


def test_a_case_is_on_the_agenda_once_on_a_working_day() -> None:
    walk = Walk()
    course = walk.start()
    said: Data = {"course": course.id, "board": "board"}
    for day in (SUNDAY, "2027-02-26"):
        with pytest.raises(InputError) as closed:
            walk.do("put_on_agenda", **said, day=day)
        assert closed.value.code == "OPS-173"
    with pytest.raises(InputError) as contact:
        walk.do("put_on_agenda", course=course.id, board="consult", day=TUESDAY)
    assert contact.value.code == "OPS-171"
    list_case(walk, course)
    with pytest.raises(ConflictError) as again:
        walk.do("put_on_agenda", **said, day=WEDNESDAY)
    assert again.value.code == "OPS-170"


def test_a_case_is_postponed_with_a_reason_to_a_later_day() -> None:
    walk = Walk()
    case = list_case(walk, walk.start())
    with pytest.raises(InputError) as silent:
        walk.do("postpone", case=case.id, day=WEDNESDAY, reason=" ")
    assert silent.value.code == "OPS-085"
    with pytest.raises(InputError) as same:
        walk.do("postpone", case=case.id, day=TUESDAY, reason="no histology")
    assert same.value.code == "OPS-173"
    walk.do("postpone", case=case.id, day=WEDNESDAY, reason="no histology")
    later = walk.floor.get(Case, case.id)
    assert later.day.isoformat() == WEDNESDAY
    assert [(one.day, one.reason) for one in later.postponed] == [(case.day, "no histology")]
    assert not list_agenda(walk.floor, "board", case.day)


def test_a_case_is_taken_off_the_agenda() -> None:
    walk = Walk()
    course = walk.start()
    case = list_case(walk, course)
    decision = walk.do("withdraw_case", case=case.id, reason="moved away")
    assert decision.puts[0].to_record()["status"] == "cancelled"
    assert walk.floor.find(Case, case.id) is None
    assert list_case(walk, course).is_open


def test_a_decision_ends_the_discussion_and_lets_the_course_go_on() -> None:
    walk = Walk()
    course, case = go_to_board(walk)
    decision = walk.do("decide_case", case=case.id, present=PRESENT, answers=[ANSWER], summary="operate")
    course = walk.get(course)
    assert course.at == "operation"
    (choice,) = course.choices
    assert (choice.to, choice.role, choice.case, choice.reasons) == (
        "operation", "board", case.id, ("operable",),
    )  # fmt: skip
    assert decision.puts[0].to_record()["status"] == "completed"
    assert decision.lines[0].step == "board"
    assert decision.answer["at"] == "operation"


def test_it_decides_what_comes_later_too_and_changes_steps() -> None:
    walk = Walk()
    course, case = go_to_board(walk)
    later = {"step": "radiotherapy", "to": "pass", "reasons": ["no benefit"], "at_hand": ["margins"]}
    walk.do(
        "decide_case", case=case.id, present=PRESENT, answers=[ANSWER | {"to": "radiotherapy"}, later],
        changes=[
            {"step": "imaging", "reason": "done elsewhere"},
            {"label": "Second opinion", "activities": ["consult"], "reason": "wish of the patient"},
            {"step": "control", "times": 4, "reason": "high risk"},
        ],
    )  # fmt: skip
    course = walk.get(course)
    assert course.at == "control"
    marks = {mark.id: mark for mark in course.marks}
    assert marks["imaging"].status == "skipped"
    assert marks["added-1"].is_open
    assert marks["control"].times == 4


def test_all_of_a_decision_happens_or_nothing() -> None:
    walk = Walk()
    course, case = go_to_board(walk)
    before = walk.get(course)
    with pytest.raises(ConflictError):
        walk.do(
            "decide_case", case=case.id, present=PRESENT, answers=[ANSWER],
            changes=[{"step": "visit", "reason": "x"}],
        )  # fmt: skip
    assert walk.get(course) == before
    assert walk.floor.get(Case, case.id) == case


def test_missing_information_and_missing_members_are_named() -> None:
    walk = Walk()
    _, case = go_to_board(walk)
    with pytest.raises(InputError, match="imaging") as unready:
        walk.do("decide_case", case=case.id, present=PRESENT, answers=[ANSWER | {"at_hand": ["histology"]}])
    assert unready.value.code == "OPS-084"
    walk.floor.put(Post("post-2", "sister", "nurse"))
    nurse = [{"practitioner": "sister", "role": "nurse"}]
    with pytest.raises(InputError, match="doctor") as absent:
        walk.do("decide_case", case=case.id, present=nurse, answers=[ANSWER])
    assert absent.value.code == "OPS-176"
    decision = walk.do("decide_case", case=case.id, present=nurse, answers=[ANSWER], despite="a bleeding")
    assert decision.puts[0].to_record()["extension"][-1]["valueString"] == "a bleeding"


def test_members_are_there_in_roles_they_hold() -> None:
    walk = Walk()
    _, case = go_to_board(walk)
    said = [{"practitioner": "somebody", "role": "physicist"}]
    with pytest.raises(InputError, match="physicist") as refused:
        walk.do("decide_case", case=case.id, present=said, answers=[ANSWER])
    assert refused.value.code == "OPS-174"


def test_what_another_role_decides_it_decides_only_with_that_role_there() -> None:
    walk = Walk()
    _, case = go_to_board(walk)
    walk.floor.put(Post("post-2", "sister", "nurse"))
    later = {"step": "radiotherapy", "to": "pass", "reasons": ["x"], "at_hand": ["margins"]}
    said: Data = {"case": case.id, "answers": [ANSWER, later], "despite": "one only"}
    with pytest.raises(ForbiddenError, match="doctor") as refused:
        walk.do("decide_case", **said, present=[{"practitioner": "sister", "role": "nurse"}])
    assert refused.value.code == "OPS-175"
    walk.do("decide_case", **said, present=PRESENT)


def test_a_case_is_decided_once_and_by_somebody_with_a_name() -> None:
    walk = Walk()
    _, case = go_to_board(walk)
    said: Data = {"case": case.id, "present": PRESENT, "answers": [ANSWER]}
    with pytest.raises(InputError) as unnamed:
        walk.do_as(PROGRAM, "decide_case", **said)
    assert unnamed.value.code == "OPS-073"
    kept = walk.do_as(PROGRAM, "decide_case", **said, by="somebody").puts[0].to_record()
    walk.floor._fetch = lambda type_, id_: kept if (type_, id_) == ("Task", case.id) else None
    with pytest.raises(ConflictError) as again:
        walk.do("decide_case", **said)
    assert again.value.code == "OPS-172"
