"""Steps are left out, added, replaced and repeated otherwise with a reason, and that is kept."""

import pytest
from tests.clinic import Data
from tests.courses import PROGRAM, Walk

from oncopolis.foundation import ConflictError, ForbiddenError, InputError, NotFoundError
from oncopolis.operations.booking import Booking, Spot
from oncopolis.operations.courses import Course
from oncopolis.operations.courses.trail import Mark
from oncopolis.record import Who

CLERK = Who("Person", "reception", "Reception")


def get_mark(walk: Walk, course: Course, id_: str) -> Mark:
    mark = walk.get(course).find_mark(id_)
    assert mark is not None
    return mark


def book(walk: Walk, course: Course, step: str, activity: str = "consult", **more: Data) -> Booking:
    """An appointment for a step, on the floor."""
    made = Booking(
        f"b-{step}", "p1", activity, "booked", 30, 0, spot=Spot(walk.at_ms), course=course.id, step=step
    )
    walk.floor.put(made)
    return made


def test_a_step_that_is_due_is_skipped_and_the_course_goes_on() -> None:
    walk = Walk()
    course = walk.start()
    walk.do("skip_step", course=course.id, step="visit", reason="seen elsewhere")
    mark = get_mark(walk, course, "visit")
    assert mark.status == "skipped"
    assert [(one.kind, one.reason, one.by) for one in mark.variances] == [
        ("skipped", "seen elsewhere", "Practitioner/somebody")
    ]
    assert walk.get(course).at == "report"


def test_a_step_further_on_is_skipped_when_its_turn_comes() -> None:
    walk = Walk()
    course = walk.start()
    walk.do("skip_step", course=course.id, step="report", reason="there already")
    assert walk.get(course).at == "visit"
    walk.do("finish_step", course=course.id, step="visit")
    assert walk.get(course).at == "board"


def test_what_was_skipped_has_no_effect() -> None:
    walk = Walk()
    course = walk.start(at="operation")
    walk.do("skip_step", course=course.id, step="operation", reason="operated elsewhere")
    assert walk.get(course).attributes == ()
    pending = walk.get(course).find_pending()
    assert pending is not None
    assert pending.step == "radiotherapy"


def test_a_step_with_an_appointment_is_not_skipped() -> None:
    walk = Walk()
    course = walk.start()
    book(walk, course, "visit")
    with pytest.raises(ConflictError, match="b-visit") as refused:
        walk.do("skip_step", course=course.id, step="visit", reason="seen elsewhere")
    assert refused.value.code == "OPS-086"


@pytest.mark.parametrize(
    ("act", "said"),
    [
        ("skip_step", {"step": "visit"}),
        ("add_step", {"label": "More", "activities": ["consult"]}),
        ("replace_step", {"step": "visit", "label": "More", "activities": ["consult"]}),
        ("set_times", {"step": "visit", "times": 2}),
    ],
)
def test_a_change_needs_a_reason_and_a_name(act: str, said: Data) -> None:
    walk = Walk()
    course = walk.start()
    with pytest.raises(InputError) as refused:
        walk.do(act, course=course.id, reason=" ", **said)
    assert refused.value.code == "OPS-085"
    with pytest.raises(InputError) as unnamed:
        walk.do_as(PROGRAM, act, course=course.id, reason="because", **said)
    assert unnamed.value.code == "OPS-073"
    walk.do_as(PROGRAM, act, course=course.id, reason="because", by="somebody", **said)
    assert any(mark.variances for mark in walk.get(course).marks)


def test_an_added_step_runs_beside_the_way() -> None:
    walk = Walk()
    course = walk.start()
    walk.do(
        "add_step", course=course.id, label="Second opinion", activities=["consult"], in_days=3,
        latest_days=9, reason="wish of the patient",
    )  # fmt: skip
    added = get_mark(walk, course, "added-1")
    assert added.window is not None
    assert [(day - course.since).days for day in (added.window.earliest, added.window.target)] == [0, 3]
    walk.do("finish_step", course=course.id, step="visit")
    assert walk.get(course).at == "report"
    walk.do("finish_step", course=course.id, step="added-1", activity="consult")
    assert get_mark(walk, course, "added-1").status == "done"
    assert walk.get(course).at == "report"


def test_an_added_step_has_days_in_order_and_known_activities() -> None:
    walk = Walk()
    course = walk.start()
    said: Data = {"course": course.id, "label": "More", "reason": "x"}
    with pytest.raises(InputError) as refused:
        walk.do("add_step", **said, activities=["consult"], in_days=3, latest_days=2)
    assert refused.value.code == "OPS-091"
    with pytest.raises(NotFoundError):
        walk.do("add_step", **said, activities=["nothing"])


@pytest.mark.parametrize("has_effect", [True, False])
def test_a_replaced_step_is_waited_for_and_counts_if_somebody_says_so(has_effect: bool) -> None:
    walk = Walk()
    course = walk.start(at="operation")
    walk.do(
        "replace_step", course=course.id, step="operation", label="Smaller operation",
        activities=["operation"], has_effect=has_effect, reason="frail",
    )  # fmt: skip
    assert get_mark(walk, course, "operation").status == "replaced"
    assert walk.get(course).at == "operation"
    assert get_mark(walk, course, "added-1").window == course.marks[0].window
    walk.do("finish_step", course=course.id, step="added-1", activity="operation")
    assert walk.get(course).attributes == (("operated",) if has_effect else ())
    assert walk.get(course).at == ("wound" if has_effect else "radiotherapy")


def test_only_what_is_due_is_replaced() -> None:
    walk = Walk()
    course = walk.start()
    said: Data = {"course": course.id, "label": "Else", "activities": ["consult"], "reason": "x"}
    with pytest.raises(ConflictError) as refused:
        walk.do("replace_step", **said, step="report")
    assert refused.value.code == "OPS-087"
    walk.do("finish_step", course=course.id, step="visit")
    with pytest.raises(ConflictError) as over:
        walk.do("replace_step", **said, step="visit")
    assert over.value.code == "OPS-090"


def test_a_series_is_made_shorter_but_not_shorter_than_it_was() -> None:
    walk = Walk()
    course = walk.start(at="control")
    walk.do("set_times", course=course.id, step="control", times=3, reason="unsure")
    for _ in range(2):
        walk.do("finish_step", course=course.id, step="control")
    assert walk.get(course).at == "control"
    with pytest.raises(InputError) as refused:
        walk.do("set_times", course=course.id, step="control", times=1, reason="enough")
    assert refused.value.code == "OPS-088"
    walk.do("set_times", course=course.id, step="control", times=2, reason="enough")
    assert walk.get(course).at == "end"


def test_what_was_late_is_explained_once() -> None:
    walk = Walk()
    course = walk.start()
    walk.do("finish_step", course=course.id, step="visit")
    walk.pass_days(20)
    walk.do("finish_step", course=course.id, step="report")
    said: Data = {"course": course.id, "step": "report", "reason": "laboratory closed"}
    walk.do("explain_variance", **said)
    (variance,) = get_mark(walk, course, "report").variances
    assert (variance.kind, variance.reason) == ("late", "laboratory closed")
    with pytest.raises(ConflictError) as refused:
        walk.do("explain_variance", **said)
    assert refused.value.code == "OPS-093"


def test_a_document_is_put_to_a_step() -> None:
    walk = Walk()
    course = walk.start()
    decision = walk.do(
        "attach_document", course=course.id, step="visit", title="Referral", kind="referral",
        content_type="application/pdf", url="Binary/1", language="uz",
    )  # fmt: skip
    (record,) = decision.records
    assert record["resourceType"] == "DocumentReference"
    assert record["context"]["related"] == [{"reference": f"CarePlan/{course.id}"}]
    assert get_mark(walk, course, "visit").documents == (record["id"],)
    with pytest.raises(NotFoundError):
        walk.do(
            "attach_document", course=course.id, step="nowhere", title="R", kind="referral",
            content_type="text/plain", url="Binary/1",
        )  # fmt: skip


def test_ending_before_the_end_names_what_is_open_and_cancels_it_if_told_to() -> None:
    walk = Walk()
    course = walk.start()
    book(walk, course, "visit")
    with pytest.raises(InputError) as silent:
        walk.do("end_course", course=course.id)
    assert silent.value.code == "OPS-085"
    with pytest.raises(ConflictError, match=r"step visit.*b-visit") as refused:
        walk.do("end_course", course=course.id, reason="moved away")
    assert refused.value.code == "OPS-094"
    decision = walk.do("end_course", course=course.id, reason="moved away", cancels=True)
    ended = next(view for view in decision.puts if isinstance(view, Course))
    assert (ended.status, ended.ended_because) == ("revoked", "moved away")
    assert ended.marks[0].status == "stopped"
    assert decision.answer["cancelled"] == ["b-visit"]
    assert decision.records[0]["status"] == "cancelled"
    assert [message.kind for message in decision.sends] == ["patient-notice"]
    assert walk.floor.find(Booking, "b-visit") is None


def test_nobody_is_told_of_a_death() -> None:
    walk = Walk()
    course = walk.start()
    book(walk, course, "visit")
    decision = walk.do("end_course", course=course.id, reason="died", cancels=True, died=True)
    assert not decision.sends


def test_a_course_is_not_ended_while_the_patient_is_here_for_it() -> None:
    from dataclasses import replace

    walk = Walk()
    course = walk.start()
    walk.floor.put(replace(book(walk, course, "visit"), status="arrived"))
    with pytest.raises(ConflictError) as refused:
        walk.do("end_course", course=course.id, reason="x", cancels=True)
    assert refused.value.code == "OPS-095"


def test_at_its_end_a_course_is_completed() -> None:
    walk = Walk()
    course = walk.start(pathway="late")
    walk.do("finish_step", course=course.id, step="visit")
    decision = walk.do("end_course", course=course.id)
    (ended,) = decision.puts
    assert isinstance(ended, Course)
    assert ended.status == "completed"
    assert decision.records[0]["status"] == "finished"


def test_nothing_is_changed_on_a_course_that_has_ended() -> None:
    walk = Walk()
    course = walk.start(pathway="late")
    kept = walk.do("end_course", course=course.id, reason="x", cancels=True).puts[0].to_record()
    walk.floor._fetch = lambda type_, id_: kept if (type_, id_) == ("CarePlan", course.id) else None
    with pytest.raises(ConflictError) as refused:
        walk.do("finish_step", course=course.id, step="visit")
    assert refused.value.code == "OPS-079"


def test_what_somebody_has_to_decide_about_is_not_skipped_by_others() -> None:
    walk = Walk()
    course = walk.start()
    with pytest.raises(ConflictError, match="doctor") as refused:
        walk.do("skip_step", course=course.id, step="radiotherapy", reason="no benefit")
    assert refused.value.code == "OPS-092"


def test_what_lies_behind_is_not_done_ahead() -> None:
    walk = Walk()
    course = walk.start(at="control")
    for act in ("skip_step", "set_times"):
        with pytest.raises(NotFoundError) as refused:
            walk.do(
                act, course=course.id, step="visit", reason="x", **({"times": 2} if act[1] == "e" else {})
            )
        assert refused.value.code == "OPS-089"


def test_reception_starts_a_course_in_a_doctors_name_and_decides_nothing() -> None:
    walk = Walk()
    said: Data = {"patient": "p1", "pathway": "care"}
    with pytest.raises(InputError) as unnamed:
        walk.do_as(CLERK, "start_course", **said)
    assert unnamed.value.code == "OPS-073"
    started = walk.do_as(CLERK, "start_course", **said, by="somebody")
    course = next(view for view in started.puts if isinstance(view, Course))
    assert course.started_by == "Practitioner/somebody"
    with pytest.raises(ForbiddenError) as refused:
        walk.do_as(
            CLERK, "decide_branch", course=course.id, step="radiotherapy", to="do", reasons=["x"],
            at_hand=["margins"], by="somebody",
        )  # fmt: skip
    assert refused.value.code == "OPS-074"
