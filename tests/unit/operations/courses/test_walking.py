"""A course goes on by what is done and decided, in order, and waits at one place."""

import pytest
from tests.clinic import Data
from tests.courses import PROGRAM, Walk, make_course_floor

from oncopolis.centre.pathway import END
from oncopolis.foundation import ConflictError, ForbiddenError, InputError, NotFoundError
from oncopolis.operations.courses import Course
from oncopolis.operations.courses.approval import Approval
from oncopolis.operations.courses.way_record import Way
from oncopolis.operations.courses.ways import get_way
from oncopolis.record import Who
from oncopolis.record.approval import APPROVED, SYSTEM

APPROVAL = Approval.from_record(
    {
        "resourceType": "Basic",
        "id": "oncopolis-approval",
        "code": {"coding": [{"system": SYSTEM, "code": APPROVED}]},
    }
)
NURSE = Who("Practitioner", "nurse-1", "A nurse")
AT_HAND = ("histology", "imaging")


def answer_board(walk: Walk, course: Course, to: str = "radiotherapy") -> None:
    """As if the board had met: its acts are tested elsewhere."""
    from oncopolis.operations.courses.trail import Choice
    from oncopolis.operations.courses.walking import answer

    made = Choice("board", "branch", "tumour_board", to=to, reasons=("unfit",), by="Practitioner/x", at_ms=1)
    walk.floor.put(answer(get_way(walk.floor, course), walk.get(course), made))


def finish(walk: Walk, course: Course, *steps: str) -> None:
    for step in steps:
        walk.do("finish_step", course=course.id, step=step)


def go_to_gate(walk: Walk) -> Course:
    """A course that waits for a doctor to decide on radiotherapy."""
    course = walk.start()
    finish(walk, course, "visit", "report", "board")
    answer_board(walk, course)
    return course


def test_it_goes_on_when_a_step_is_done_and_waits_for_the_next() -> None:
    walk = Walk()
    course = walk.start()
    assert [mark.step for mark in course.list_open()] == ["visit"]
    walk.do("finish_step", course=course.id, step="visit")
    course = walk.get(course)
    (mark,) = course.list_open()
    assert (course.at, mark.step) == ("report", "report")
    assert mark.window is not None
    days = [(day - course.since).days for day in (mark.window.earliest, mark.window.target)]
    assert (days, mark.window.latest and (mark.window.latest - course.since).days) == ([1, 2], 5)


def test_a_branch_is_waited_for_and_not_drawn() -> None:
    walk = Walk()
    course = walk.start()
    finish(walk, course, "visit", "report", "board")
    course = walk.get(course)
    pending = course.find_pending()
    assert pending is not None
    assert (pending.step, pending.part, pending.decider) == ("board", "branch", "tumour_board")
    assert not list(course.list_open())


def test_a_step_for_others_is_passed() -> None:
    walk = Walk()
    course = go_to_gate(walk)
    steps = [mark.step for mark in walk.get(course).marks]
    assert "operation" not in steps
    assert "wound" not in steps


def test_a_decision_lets_it_go_on() -> None:
    walk = Walk()
    course = go_to_gate(walk)
    walk.do(
        "decide_branch", course=course.id, step="radiotherapy", to="do", reasons=["nodes involved"],
        at_hand=["margins"],
    )  # fmt: skip
    course = walk.get(course)
    assert course.at == "radiotherapy"
    (mark,) = course.list_open()
    assert (mark.times, mark.window and (mark.window.earliest - course.since).days) == (5, 7)
    for _ in range(5):
        walk.pass_days(1)
        finish(walk, course, "radiotherapy")
    course = walk.get(course)
    assert course.at == "imaging"
    assert course.attributes == ("irradiated",)


def test_a_decision_against_passes_the_step() -> None:
    walk = Walk()
    course = go_to_gate(walk)
    walk.do(
        "decide_branch", course=course.id, step="radiotherapy", to="pass", reasons=["no benefit"],
        at_hand=["margins"],
    )  # fmt: skip
    assert walk.get(course).at == "imaging"
    assert walk.get(course).attributes == ()


def test_a_decision_ahead_is_taken_when_its_turn_comes() -> None:
    walk = Walk()
    course = walk.start()
    said: Data = {"step": "radiotherapy", "to": "pass", "reasons": ["no benefit"], "at_hand": ["margins"]}
    walk.do("decide_branch", course=course.id, **said)
    assert walk.get(course).at == "visit"
    finish(walk, course, "visit", "report", "board")
    answer_board(walk, course)
    course = walk.get(course)
    assert course.at == "imaging"
    assert course.find_pending() is None


def test_a_later_answer_ahead_replaces_an_earlier_one() -> None:
    walk = Walk()
    course = walk.start()
    for to in ("pass", "do"):
        walk.do(
            "decide_branch", course=course.id, step="radiotherapy", to=to, reasons=["x"], at_hand=["margins"]
        )
    assert [choice.to for choice in walk.get(course).choices] == ["do"]


def test_missing_information_is_named_and_may_be_overruled_with_a_reason() -> None:
    walk = Walk()
    course = go_to_gate(walk)
    said: Data = {"course": course.id, "step": "radiotherapy", "to": "do", "reasons": ["nodes involved"]}
    with pytest.raises(InputError, match="margins") as refused:
        walk.do("decide_branch", **said)
    assert refused.value.code == "OPS-084"
    walk.do("decide_branch", **said, despite="bleeding")
    made = walk.get(course).choices[-1]
    assert (made.missing, made.despite) == (("margins",), "bleeding")


def test_a_decision_without_a_reason_is_refused() -> None:
    walk = Walk()
    course = go_to_gate(walk)
    for reasons in ((), (" ",)):
        with pytest.raises(InputError) as refused:
            walk.do(
                "decide_branch", course=course.id, step="radiotherapy", to="do", reasons=reasons,
                at_hand=["margins"],
            )  # fmt: skip
        assert refused.value.code == "OPS-083"


def test_only_the_named_role_decides() -> None:
    walk = Walk()
    course = go_to_gate(walk)
    said: Data = {
        "course": course.id,
        "step": "radiotherapy",
        "to": "do",
        "reasons": ["x"],
        "at_hand": ["margins"],
    }
    with pytest.raises(ForbiddenError, match="doctor") as refused:
        walk.do_as(NURSE, "decide_branch", **said)
    assert refused.value.code == "OPS-076"
    with pytest.raises(InputError) as unnamed:
        walk.do_as(PROGRAM, "decide_branch", **said)
    assert unnamed.value.code == "OPS-073"
    with pytest.raises(ForbiddenError) as borrowed:
        walk.do_as(NURSE, "decide_branch", **said, by="somebody")
    assert borrowed.value.code == "OPS-074"
    walk.do_as(PROGRAM, "decide_branch", **said, by="somebody")
    assert walk.get(course).choices[-1].by == "Practitioner/somebody"


def test_what_the_board_decides_nobody_decides_alone() -> None:
    walk = Walk()
    course = walk.start()
    finish(walk, course, "visit", "report", "board")
    with pytest.raises(ForbiddenError) as refused:
        walk.do(
            "decide_branch", course=course.id, step="board", part="branch", to="operation",
            reasons=["operable"], at_hand=AT_HAND,
        )  # fmt: skip
    assert refused.value.code == "OPS-075"


def test_questions_and_answers_have_to_be_there() -> None:
    walk = Walk()
    course = go_to_gate(walk)
    said: Data = {"course": course.id, "reasons": ["x"], "at_hand": ["margins"]}
    with pytest.raises(InputError) as unknown:
        walk.do("decide_branch", **said, step="visit", to="do")
    assert unknown.value.code == "OPS-080"
    with pytest.raises(InputError, match="do, pass") as answered:
        walk.do("decide_branch", **said, step="radiotherapy", to="maybe")
    assert answered.value.code == "OPS-081"
    walk.do("decide_branch", **said, step="radiotherapy", to="pass")
    with pytest.raises(ConflictError) as again:
        walk.do("decide_branch", **said, step="radiotherapy", to="do")
    assert again.value.code == "OPS-082"


def test_a_step_done_before_its_turn_is_passed_then() -> None:
    walk = Walk()
    course = walk.start()
    finish(walk, course, "report")
    course = walk.get(course)
    assert course.at == "visit"
    ahead = course.find_mark("report")
    assert ahead is not None
    assert [variance.kind for variance in ahead.variances] == ["out_of_order"]
    walk.pass_days(1)
    finish(walk, course, "visit")
    course = walk.get(course)
    assert course.at == "board"
    assert course.since == walk.moment().day


def test_early_and_late_are_told() -> None:
    walk = Walk()
    course = walk.start()
    finish(walk, course, "visit", "report")
    walk.pass_days(30)
    finish(walk, course, "board")
    marks = {mark.id: mark for mark in walk.get(course).marks}
    assert [one.kind for one in marks["report"].variances] == ["early"]
    assert [one.kind for one in marks["board"].variances] == ["late"]
    assert not marks["visit"].variances


def test_a_finished_step_is_not_finished_again() -> None:
    walk = Walk()
    course = walk.start()
    finish(walk, course, "visit")
    with pytest.raises(ConflictError) as refused:
        finish(walk, course, "visit")
    assert refused.value.code == "OPS-090"
    with pytest.raises(NotFoundError) as unknown:
        finish(walk, course, "nowhere")
    assert unknown.value.code == "OPS-089"


def test_one_activity_of_a_step_does_not_finish_it() -> None:
    walk = Walk()
    course = walk.start(pathway="care", at="operation")
    walk.do("finish_step", course=course.id, step="operation", activity="operation")
    assert walk.get(course).at == "operation"
    walk.do("finish_step", course=course.id, step="operation", activity="stay")
    assert walk.get(course).at == "wound"
    assert walk.get(course).attributes == ("operated",)


def test_finishing_writes_a_line_of_the_journal() -> None:
    walk = Walk()
    course = walk.start()
    (line,) = walk.do("finish_step", course=course.id, step="visit").lines
    assert (line.case, line.pathway, line.step, line.outcome) == ("p1", "care", "visit", "done")
    assert line.end_ms == walk.at_ms


def test_a_draft_is_marked_and_refused_once_the_server_is_approved() -> None:
    assert Walk().start().is_draft
    approved = Walk(make_course_floor(APPROVAL))
    with pytest.raises(ForbiddenError) as refused:
        approved.start()
    assert refused.value.code == "OPS-070"
    assert not approved.start(pathway="late").is_draft
    withdrawn = Approval.from_record({"resourceType": "Basic", "id": "oncopolis-approval", "code": {}})
    approved.floor.put(withdrawn)
    assert approved.start().is_draft


def test_starting_ties_the_patient_to_the_centre_and_keeps_the_way() -> None:
    decision = Walk().do("start_course", patient="p1", pathway="care")
    plan, episode = decision.records
    assert episode["resourceType"] == "EpisodeOfCare"
    assert episode["status"] == "active"
    assert episode["managingOrganization"] == {"reference": "Organization/centre"}
    assert episode["careManager"] == {"reference": "Practitioner/somebody"}
    (course,) = decision.puts
    assert isinstance(course, Course)
    assert course.way == plan["id"] == Way.from_record(plan).id


def test_a_second_course_for_the_same_disease_is_refused_and_another_is_not() -> None:
    walk = Walk()
    walk.start()
    with pytest.raises(ConflictError) as refused:
        walk.start()
    assert refused.value.code == "OPS-072"
    assert walk.start(pathway="other").is_open
    assert walk.start(patient="p2").is_open


def test_somebody_may_come_in_at_a_step_and_nowhere_else() -> None:
    walk = Walk()
    assert walk.start(at="control").at == "control"
    with pytest.raises(InputError, match="visit, report") as refused:
        walk.start(patient="p2", at="nowhere")
    assert refused.value.code == "OPS-071"
    with pytest.raises(NotFoundError):
        walk.start(patient="p2", pathway="nothing")


def test_what_follows_keeps_what_the_patient_has_and_closes_what_is_over() -> None:
    walk = Walk()
    course = walk.start(at="control", attributes=["operated"])
    finish(walk, course, "control")
    walk.pass_days(31)
    finish(walk, course, "control")
    assert walk.get(course).at == END
    assert walk.get(course).is_open
    later = walk.start(pathway="late", based_on=course.id)
    assert later.attributes == ("operated",)
    assert later.based_on == course.id
    assert walk.floor.find(Course, course.id) is None


def test_what_does_not_follow_needs_a_reason_and_the_same_patient() -> None:
    walk = Walk()
    course = walk.start()
    with pytest.raises(InputError) as unforeseen:
        walk.start(pathway="other", based_on=course.id)
    assert unforeseen.value.code == "OPS-078"
    assert walk.start(pathway="other", based_on=course.id, reason="a second tumour").started_because
    with pytest.raises(InputError) as stranger:
        walk.start(patient="p2", pathway="late", based_on=course.id)
    assert stranger.value.code == "OPS-077"


def test_a_course_keeps_the_version_it_started_on() -> None:
    walk = Walk()
    decision = walk.do("start_course", patient="p1", pathway="care")
    course = walk.floor.get(Course, str(decision.answer["course"]))
    kept = {("PlanDefinition", record["id"]): record for record in decision.records}
    later = Walk(make_course_floor(course, change="shorter"))
    later.n_acts = 100
    later.floor._fetch = lambda type_, id_: kept.get((type_, id_))
    way = get_way(later.floor, course)
    assert way.steps["control"].times == 2
    started = later.start(patient="p2")
    assert started.version == 2
    assert get_way(later.floor, started).steps["control"].times == 1
    finish(later, course, "visit")
    assert later.get(course).version == 1
