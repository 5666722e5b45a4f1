"""The whole course is proposed as dated appointments, and what is chosen of it is booked at once."""

from datetime import date, timedelta

import pytest
from tests.courses import Walk

from oncopolis.foundation import ConflictError, InputError, NotFoundError
from oncopolis.operations.booking import Booking, get_diary
from oncopolis.operations.courses import Course, count_work, list_work, mark_done, propose
from oncopolis.operations.courses.proposing import Proposed


def look(walk: Walk, course: Course, days: int = 180) -> dict[tuple[str, int], Proposed]:
    found = propose(walk.floor, course.id, walk.at_ms, days)
    return {(one.foreseen.mark, one.foreseen.turn): one for one in found}


def pick(*proposed: Proposed) -> list[dict[str, object]]:
    return [
        {
            "step": one.foreseen.mark,
            "turn": one.foreseen.turn,
            "activity": stop.activity,
            "start_ms": stop.spot.start_ms,
        }
        for one in proposed
        for stop in one.stops
    ]


def test_everything_up_to_the_end_is_dated_and_behind_a_question_provisional() -> None:
    walk = Walk()
    found = look(walk, walk.start())
    steps = [step for step, _ in found]
    assert steps[:5] == ["visit", "report", "board", "operation", "wound"]
    assert steps[5:] == [*["radiotherapy"] * 5, "imaging", "control", "control"]
    firm = [step for (step, _), one in found.items() if not one.foreseen.is_provisional]
    assert firm == ["visit", "report", "board"]
    assert found["operation", 1].foreseen.undecided == (("board", "branch"),)
    assert found["radiotherapy", 1].foreseen.undecided == (("board", "branch"), ("radiotherapy", "gate"))
    days = [one.day for one in found.values()]
    assert days == sorted(days)


def test_days_keep_to_the_windows_and_series_to_workdays_and_one_machine() -> None:
    walk = Walk()
    found = look(walk, walk.start())
    for one in found.values():
        window = one.foreseen.window
        assert window.earliest <= one.day
        assert window.latest is None or one.day <= window.latest
    fractions = [found["radiotherapy", turn] for turn in range(1, 6)]
    assert all(one.day.weekday() < 5 for one in fractions)
    assert len({one.day for one in fractions}) == 5
    assert len({one.stops[0].spot.units for one in fractions}) == 1
    assert found["control", 2].day - found["control", 1].day >= timedelta(days=30)


def test_a_stay_is_over_when_it_is_over() -> None:
    walk = Walk()
    found = look(walk, walk.start())
    stay = found["operation", 1]
    assert {stop.activity for stop in stay.stops} == {"operation", "stay"}
    assert stay.over - stay.day >= timedelta(days=4)
    assert found["wound", 1].foreseen.window.earliest == stay.over + timedelta(days=5)


def test_an_answer_ahead_makes_what_follows_firm() -> None:
    walk = Walk()
    course = walk.start(at="wound", attributes=["operated"])
    walk.do(
        "decide_branch", course=course.id, step="radiotherapy", to="pass", reasons=["no benefit"],
        at_hand=["margins"],
    )  # fmt: skip
    found = look(walk, course)
    assert [step for step, _ in found] == ["wound", "imaging", "control", "control"]
    assert not any(one.foreseen.is_provisional for one in found.values())
    assert found["imaging", 1].foreseen.optional == (("scan", 1),)
    assert found["imaging", 1].state == "work"


def test_it_looks_no_further_than_it_is_told() -> None:
    walk = Walk()
    assert [step for step, _ in look(walk, walk.start(), days=3)] == ["visit", "report", "board"]


def test_nothing_is_proposed_at_a_time_at_which_the_patient_is_elsewhere() -> None:
    walk = Walk()
    course = walk.start()
    first = look(walk, course)["visit", 1].stops[0].spot
    walk.floor.put(Booking("other", "p1", "consult", "booked", 30, 0, spot=first))
    again = look(walk, course)["visit", 1].stops[0].spot
    assert again.start_ms >= first.start_ms + 30 * 60_000


def test_a_window_that_has_passed_is_late() -> None:
    walk = Walk()
    course = walk.start(at="operation")
    walk.pass_days(60)
    found = look(walk, course)["operation", 1]
    assert found.state == "late"
    assert found.day >= walk.moment().day


def test_what_is_chosen_is_booked_and_proposed_no_more() -> None:
    walk = Walk()
    course = walk.start(at="control")
    found = look(walk, course)
    decision = walk.do("confirm_course", course=course.id, picks=pick(*found.values()), language="uz")
    booked = [view for view in decision.puts if isinstance(view, Booking)]
    assert [(one.step, one.activity, one.course) for one in booked] == [("control", "consult", course.id)] * 2
    assert [one.start_ms for one in booked] == [one.stops[0].spot.start_ms for one in found.values()]
    assert [message.kind for message in decision.sends] == ["patient-notice"]
    again = look(walk, course)
    assert [one.state for one in again.values()] == ["booked", "booked"]
    assert [one.stops[0].booking for one in again.values()] == [one.id for one in booked]


def test_nothing_behind_an_open_question_is_booked() -> None:
    walk = Walk()
    course = walk.start()
    found = look(walk, course)
    with pytest.raises(ConflictError, match="board") as refused:
        walk.do("confirm_course", course=course.id, picks=pick(found["visit", 1], found["wound", 1]))
    assert refused.value.code == "OPS-096"
    assert not list(walk.floor.list(Booking))


def test_what_is_optional_is_booked_if_somebody_names_it() -> None:
    walk = Walk()
    course = walk.start(at="imaging")
    at_ms = walk.floor.house.to_ms(date(2027, 3, 2), 9 * 60)
    said = {"step": "imaging", "turn": 1, "start_ms": at_ms}
    with pytest.raises(InputError, match="scan") as refused:
        walk.do("confirm_course", course=course.id, picks=[said | {"activity": "operation"}])
    assert refused.value.code == "OPS-098"
    walk.do("confirm_course", course=course.id, picks=[said | {"activity": "scan"}])
    assert walk.get(course).marks[0].wanted == (("scan", 1),)


def test_a_day_outside_the_window_needs_a_reason() -> None:
    walk = Walk()
    course = walk.start(at="control")
    early = {
        "step": "control",
        "turn": 1,
        "activity": "consult",
        "start_ms": walk.floor.house.to_ms(date(2027, 3, 3), 9 * 60),
    }
    with pytest.raises(InputError, match="2027-03-21") as refused:
        walk.do("confirm_course", course=course.id, picks=[early])
    assert refused.value.code == "OPS-099"
    decision = walk.do("confirm_course", course=course.id, picks=[early], despite="the patient travels")
    (variance,) = walk.get(course).marks[0].variances
    assert (variance.kind, variance.reason, variance.by) == (
        "early", "the patient travels", "Practitioner/somebody",
    )  # fmt: skip
    (booking,) = (view for view in decision.puts if isinstance(view, Booking))
    after = mark_done(walk.floor, booking, booking.end_ms, "Encounter/1")
    assert after is not None
    assert after.marks[0].variances == (variance,)


def test_what_is_not_there_is_not_booked() -> None:
    walk = Walk()
    course = walk.start(at="control")
    said = pick(look(walk, course)["control", 1])[0]
    with pytest.raises(InputError) as unknown:
        walk.do("confirm_course", course=course.id, picks=[said | {"turn": 7}])
    assert unknown.value.code == "OPS-097"
    assert not get_diary(walk.floor).list_of_patient("p1")


def test_a_time_is_given_to_no_more_than_there_are_rooms() -> None:
    walk = Walk()
    said = pick(look(walk, walk.start(at="control"))["control", 1])[0]
    rooms = walk.floor.house.units_of["consult_room"]
    there = [walk.start(patient=f"q{n}", at="control") for n in range(len(rooms) + 1)]
    for course in there[:-1]:
        walk.do("confirm_course", course=course.id, picks=[said])
    with pytest.raises(ConflictError):
        walk.do("confirm_course", course=there[-1].id, picks=[said])


def test_an_appointment_that_took_place_marks_its_step() -> None:
    walk = Walk()
    course = walk.start(at="control")
    decision = walk.do("confirm_course", course=course.id, picks=pick(look(walk, course)["control", 1]))
    booking = next(view for view in decision.puts if isinstance(view, Booking))
    after = mark_done(walk.floor, booking, booking.end_ms, "Encounter/1")
    assert after is not None
    walk.floor.put(after)
    (mark,) = after.list_open()
    assert mark.n_done == 1
    assert mark.window is not None
    assert mark.window.earliest == walk.floor.house.to_local(booking.end_ms).date() + timedelta(days=30)
    assert mark_done(walk.floor, booking, booking.end_ms, "Encounter/1") is None


def test_what_belongs_to_no_course_marks_nothing() -> None:
    walk = Walk()
    assert mark_done(walk.floor, Booking("b", "p1", "consult", "arrived", 30, 0), walk.at_ms) is None
    stranger = Booking("b", "p1", "consult", "arrived", 30, 0, course="gone", step="visit")
    assert mark_done(walk.floor, stranger, walk.at_ms) is None


def test_a_step_of_which_nobody_said_what_it_takes_is_done_with_the_last_that_is_booked() -> None:
    walk = Walk()
    course = walk.start(at="imaging")
    one, other = (
        Booking(f"b{n}", "p1", "scan", "booked", 20, 0, course=course.id, step="imaging") for n in (1, 2)
    )
    walk.floor.put(one, other)
    after = mark_done(walk.floor, one, walk.at_ms, "Encounter/1")
    assert after is not None
    assert after.at == "imaging"
    walk.floor.put(after)
    walk.floor.drop(Booking, one.id)
    last = mark_done(walk.floor, other, walk.at_ms, "Encounter/2")
    assert last is not None
    assert last.at == "control"


def test_work_lists_show_who_has_to_do_what_by_when() -> None:
    walk = Walk()
    first, second = walk.start(), walk.start(patient="p2", at="operation")
    today = walk.moment().day
    assert {item.kind for item in list_work(walk.floor, today)} == {"book"}
    assert not list_work(walk.floor, today, "doctor")
    walk.do("finish_step", course=first.id, step="visit")
    (item,) = list_work(walk.floor, today, "doctor")
    assert (item.kind, item.step, item.activities) == ("do", "report", ("report",))
    assert item.count_days_left(today) == 5
    walk.pass_days(30)
    later = walk.moment().day
    items = list_work(walk.floor, later)
    left = [item.count_days_left(later) or 0 for item in items]
    assert left == sorted(left)
    assert left[0] == -25
    assert items[0].course == first.id
    assert count_work(items, later) == {"do": 1, "book": 2, "late": 3}
    walk.do("finish_step", course=second.id, step="operation")
    kinds = {(item.kind, item.step) for item in list_work(walk.floor, later)}
    assert ("explain", "operation") in kinds
    assert ("book", "wound") in kinds


def test_questions_are_on_the_list_of_who_decides_and_the_end_on_everybodys() -> None:
    walk = Walk()
    course = walk.start()
    for step in ("visit", "report", "board"):
        walk.do("finish_step", course=course.id, step=step)
    today = walk.moment().day
    decided = [item for item in list_work(walk.floor, today, "tumour_board") if item.kind == "decide"]
    assert [(item.step, item.roles) for item in decided] == [("board", ("tumour_board",))]
    assert not [item for item in list_work(walk.floor, today, "nurse") if item.kind == "decide"]
    late = walk.start(patient="p2", pathway="late")
    walk.do("finish_step", course=late.id, step="visit")
    assert [item.kind for item in list_work(walk.floor, today, "nurse")] == ["start"]


def test_a_proposal_is_asked_for_as_an_act_that_changes_nothing() -> None:
    walk = Walk()
    course = walk.start()
    decision = walk.do("propose_course", course=course.id, days=30)
    assert (decision.puts, decision.records, decision.lines, decision.sends) == ((), (), (), ())
    first, *_, last = decision.answer["proposal"]
    assert (first["step"], first["state"], first["provisional"]) == ("visit", "free", False)
    assert (last["step"], last["provisional"]) == ("radiotherapy", True)
    said = [{key: one[key] for key in ("activity", "start_ms")} for one in first["stops"]]
    walk.do("confirm_course", course=course.id, picks=[one | {"step": "visit"} for one in said])
    with pytest.raises(NotFoundError):
        walk.do("propose_course", course="nothing")
