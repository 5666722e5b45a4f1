"""A case from being sent for until the patient leaves recovery."""

from dataclasses import replace

from oncopolis.foundation import ConflictError, NotFoundError
from oncopolis.operations.arrivals.checking_in import CHECK_IN, Arrival, open_contact
from oncopolis.operations.arrivals.finding import get_contact
from oncopolis.operations.arrivals.indexes import Inside, Queues
from oncopolis.operations.arrivals.rules import get_rules
from oncopolis.operations.arrivals.serving import Finish, Start, finish, start
from oncopolis.operations.arrivals.views import Contact
from oncopolis.operations.booking.views import Booking
from oncopolis.operations.courses.deciders import name_person
from oncopolis.operations.courses.following import mark_done
from oncopolis.operations.courses.views import Course
from oncopolis.operations.deciding import Act, Decision, Moment
from oncopolis.operations.floor import Floor
from oncopolis.operations.lines import make_line
from oncopolis.operations.loop import Fact, Scanned, read_code, take, verify
from oncopolis.operations.theatre.asking import CheckTeam, Enter, OfCase, ToRecovery
from oncopolis.operations.theatre.checklist import Phase, get_checklist, list_missing
from oncopolis.operations.theatre.finding import check_stage, find_ms, get_case, put_case, reach
from oncopolis.operations.theatre.lists import Operations, list_recovery, list_theatres
from oncopolis.operations.theatre.views import Operation, TeamCheck
from oncopolis.operations.wards.indexes import Stays


def send_for(floor: Floor, asked: OfCase, moment: Moment) -> Decision:
    """Send for the patient: they are called to the theatre, wherever they wait or lie."""
    case = get_case(floor, asked, moment)
    check_stage(case, "planned")
    known = _find_contact(floor, case)
    opened = Decision() if known is not None else _open_contact(floor, case, moment)
    made = [view for view in opened.puts if isinstance(view, Contact)]
    contact = known or made[-1]
    if known is not None:
        get_contact(floor, known.id, ("waiting", "called"), "let them come back, or finish there first")
    called_ms = max(moment.at_ms, contact.asked_ms)
    called = replace(contact, state="called", room=case.room, called_ms=called_ms)
    sent = reach(floor, replace(case, contact=contact.id), "sent", moment)
    return opened + Decision((called,)) + sent


def _find_contact(floor: Floor, case: Operation) -> Contact | None:
    """Return the contact in which a case is done, if the patient has come for it."""
    queues = floor.index(Queues)
    known = queues.of_booking.get(case.booking) if case.booking else None
    if known is not None:
        return floor.find(Contact, known)
    visit = floor.index(Inside).of_patient.get(case.patient)
    whole = visit or floor.index(Stays).of_patient.get(case.patient)
    others = () if whole is None else queues.list_of_visit(whole.id)
    return next((one for one in others if one.activity == case.activity), None)


def _open_contact(floor: Floor, case: Operation, moment: Moment) -> Decision:
    """Return what lets a patient come who lies on a ward, or was not checked in."""
    booking = floor.find(Booking, case.booking) if case.booking else None
    if booking is not None and booking.status == "booked":
        return open_contact(floor, booking, moment, moment.at_ms, get_rules(floor.house))
    return CHECK_IN.decide(floor, Arrival(patient=case.patient, activity=case.activity), moment)


def enter_theatre(floor: Floor, asked: Enter, moment: Moment) -> Decision:
    """Let the patient in if wristband and theatre are those of the list; nobody else is in it then."""
    case = get_case(floor, asked, moment)
    check_stage(case, "sent")
    person = name_person(moment, asked.by, f"Procedure/{case.id}")
    patient, place = read_code(asked.patient_code), read_code(asked.place_code)
    room = take(place, "place")
    facts = {
        "patient": Fact(case.patient, take(patient, "patient")),
        "place": Fact(case.room, room),
    }
    scanned = Scanned(
        "theatre", case.patient, f"Procedure/{case.id}", person,
        {"patient": asked.patient_code, "place": asked.place_code}, {"patient": patient, "place": place},
        asked.despite,
    )  # fmt: skip
    verified = verify(floor, scanned, facts, moment)
    if not verified.may_go_on:
        return verified.decision
    if room not in list_theatres(floor.house):
        raise ConflictError(
            code="OPS-254", where=f"Procedure/{case.id}", got=f"unit {room}", expected="a theatre",
            fix="scan the label of the theatre",
        )  # fmt: skip
    units = () if room == case.room else (room,)
    begun = start(floor, Start(contact=case.contact, units=units), moment)
    entered = reach(floor, replace(case, room=room), "inside", moment)
    return verified.decision + begun + entered


def check_team(floor: Floor, asked: CheckTeam, moment: Moment) -> Decision:
    """Keep what a team has made sure of; what was left out is told, and the case does not go on before."""
    case = get_case(floor, asked, moment)
    stages = {"sign_in": ("inside",), "time_out": ("induction",), "sign_out": ("knife", "close")}
    check_stage(case, *stages[asked.phase])  # type: ignore[arg-type]
    known = {item.id for item in get_checklist()[asked.phase]}
    confirmed = tuple(one for one in dict.fromkeys(asked.confirmed) if one in known)
    not_applicable = tuple(one for one in dict.fromkeys(asked.not_applicable) if one in known)
    person = name_person(moment, asked.by, f"Procedure/{case.id}")
    made = TeamCheck(asked.phase, find_ms(case, moment), person, confirmed, not_applicable)
    after = replace(case, checks=(*case.checks, made))
    missing = list_missing(asked.phase, confirmed, not_applicable)
    return put_case(floor, after, moment) + Decision(
        answer={"missing": missing, "stopped": ["team.incomplete"] if missing else []}
    )


def _insist(case: Operation, phase: Phase) -> None:
    """Refuse to go on before a team has gone through a phase of the checklist, all of it."""
    check = case.find_check(phase)
    if check is None or not check.is_complete:
        raise ConflictError(
            code="OPS-255", where=f"Procedure/{case.id}", got=f"no complete {phase.replace('_', ' ')}",
            expected="every item made sure of", fix="stop together, go through the list, and record it",
        )  # fmt: skip


def begin_induction(floor: Floor, asked: OfCase, moment: Moment) -> Decision:
    """Begin anaesthesia, after the sign-in."""
    case = get_case(floor, asked, moment)
    check_stage(case, "inside")
    _insist(case, "sign_in")
    return reach(floor, case, "induction", moment)


def first_incision(floor: Floor, asked: OfCase, moment: Moment) -> Decision:
    """Begin to operate, after the time-out."""
    case = get_case(floor, asked, moment)
    check_stage(case, "induction")
    _insist(case, "time_out")
    return reach(floor, case, "knife", moment)


def close_wound(floor: Floor, asked: OfCase, moment: Moment) -> Decision:
    """End the operation."""
    case = get_case(floor, asked, moment)
    check_stage(case, "knife")
    return reach(floor, case, "close", moment)


def to_recovery(floor: Floor, asked: ToRecovery, moment: Moment) -> Decision:
    """Let the patient leave the theatre, after the sign-out, for a place in recovery that is free."""
    case = get_case(floor, asked, moment)
    check_stage(case, "close")
    _insist(case, "sign_out")
    is_taken = asked.place in floor.index(Operations).of_place or asked.place in floor.index(Queues).of_unit
    if asked.place not in list_recovery(floor.house) or is_taken:
        raise ConflictError(
            code="OPS-256", where=f"unit {asked.place}",
            got="somebody in it" if is_taken else "no place of recovery",
            expected="a place in recovery that is free", fix="choose another",
        )  # fmt: skip
    ended = finish(floor, Finish(contact=case.contact, more=True), moment)
    return ended + reach(floor, replace(case, recovery=asked.place), "recovery", moment)


def leave_recovery(floor: Floor, asked: OfCase, moment: Moment) -> Decision:
    """Let the patient go to the ward, or home."""
    case = get_case(floor, asked, moment)
    check_stage(case, "recovery")
    resource = floor.house.get_unit(case.recovery).resource
    cards = floor.house.cards.values()
    activity = next((card.id for card in cards if card.is_contact and resource in card.holds), None)
    decision = reach(floor, case, "done", moment)
    if activity is None:
        return decision
    line = make_line(
        case.patient, activity, find_ms(case, moment), "done", resource=resource,
        asked_ms=case.find_ms("recovery"), start_ms=case.find_ms("recovery"),
    )  # fmt: skip
    course = _mark_recovered(floor, case, activity, moment)
    return decision + Decision(() if course is None else (course,), lines=(line,))


def _mark_recovered(floor: Floor, case: Operation, activity: str, moment: Moment) -> Course | None:
    """Return the course on which recovery is done, too, if the operation was booked for one."""
    try:
        booking = floor.get(Booking, case.booking)
    except NotFoundError:
        return None
    recovered = replace(booking, activity=activity)
    return mark_done(floor, recovered, find_ms(case, moment), f"Procedure/{case.id}")


_CONTACT = ("Procedure", "Encounter", "Appointment")
SEND_FOR = Act("send_for", OfCase, send_for, _CONTACT)
ENTER_THEATRE = Act("enter_theatre", Enter, enter_theatre, ("Procedure", "Encounter", "Task"))
CHECK_TEAM = Act("check_team", CheckTeam, check_team, ("Procedure",))
BEGIN_INDUCTION = Act("begin_induction", OfCase, begin_induction, ("Procedure",))
FIRST_INCISION = Act("first_incision", OfCase, first_incision, ("Procedure",))
CLOSE_WOUND = Act("close_wound", OfCase, close_wound, ("Procedure",))
TO_RECOVERY = Act("to_recovery", ToRecovery, to_recovery, (*_CONTACT, "CarePlan"))
LEAVE_RECOVERY = Act("leave_recovery", OfCase, leave_recovery, ("Procedure", "CarePlan"))
