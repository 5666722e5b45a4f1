"""What people are told about an act: that it was done, or why not, in a sentence of their language."""

from typing import Final

from oncopolis.foundation.marking import mark
from oncopolis.operations.people import SENTENCES as OF_PEOPLE
from oncopolis.web.live.case_words import DONE as OF_CASES
from oncopolis.web.live.case_words import SENTENCES as ABOUT_CASES
from oncopolis.web.live.day_words import DONE as IN_DAY
from oncopolis.web.live.day_words import SENTENCES as OF_DAY
from oncopolis.web.live.request_words import DONE as OF_REQUESTS
from oncopolis.web.live.request_words import SENTENCES as ABOUT_REQUESTS
from oncopolis.web.live.sentences import SENTENCES
from oncopolis.web.live.unit_words import DONE as IN_UNITS
from oncopolis.web.live.unit_words import SENTENCES as OF_UNITS
from oncopolis.web.live.unit_words import find_stopped
from oncopolis.web.pages.languages import Words

DONE: Final = {
    "call": mark("{number} was called: {room}."),
    "recall": mark("{number} was called again: {room}."),
    "start": mark("Begun."),
    "finish": mark("Ended."),
    "transfer": mark("Now waits in the other queue; the time waited counts."),
    "triage": mark("The rank was changed."),
    "step_out": mark("Out for a while; the place is kept."),
    "return": mark("Back in the queue."),
    "no_show": mark("Given up: nobody came."),
    "leave": mark("The visit is over."),
    "register": mark("Registered."),
    "correct": mark("The record was corrected."),
    "identify": mark("It is known who this is now."),
    "merge": mark("The two records are one now."),
    "unmerge": mark("The two records are two again."),
    "book": mark("Booked."),
    "book_series": mark("The series is booked."),
    "book_trip": mark("All of it is booked on one day."),
    "move": mark("The appointment was moved."),
    "cancel": mark("The appointment was cancelled."),
    "await": mark("On the waiting list."),
    "offer": mark("A time was offered."),
    "accept": mark("The offered time is booked."),
    "decline": mark("The offer was declined; still on the waiting list."),
    "bank_duty": mark("On the rota."),
    "bank_enter_room": mark("Two are in the room."),
    "bank_leave_room": mark("Out of the room."),
    "bank_plan_upkeep": mark("It is on the list."),
    "bank_do_upkeep": mark("Kept; it comes again when it is due."),
    "bank_nitrogen": mark("What is in the bulk tank is kept."),
    "bank_end_duty": mark("Off the rota."),
    "report_down": mark("Out of order. Who was booked there has been moved and told."),
    "report_up": mark("In order again."),
    "check_machine": mark("The check of the day is recorded."),
    "calibrate": mark("The calibration is recorded."),
    "undo_down": mark("Taken back: everybody is where they were, as far as that was free."),
    "reserve_bed": mark("The bed is held."),
    "admit": mark("Admitted."),
    "transfer_bed": mark("Now in another bed."),
    "isolate": mark("The isolation was changed."),
    "cancel_admission": mark("The admission was cancelled."),
    "order_discharge": mark("The discharge is ordered."),
    "discharge": mark("Discharged; the bed is free once they have left and it is clean."),
    "left_bed": mark("The bed was left and has to be cleaned."),
    "cleaned": mark("The bed is clean."),
    "close_bed": mark("The bed is closed."),
    "open_bed": mark("The bed is open again."),
    "order": mark("Ordered."),
    "take": mark("Taken."),
    "result": mark("The result is there."),
    "acknowledge": mark("The result was seen."),
    "revoke": mark("The order was revoked."),
    "start_course": mark("The course has begun."),
    "confirm_course": mark("What was chosen is booked; the patient is told of the first."),
    "add_step": mark("The step was added."),
    "replace_step": mark("Something else takes the place of the step."),
    "set_times": mark("The number was changed."),
    "attach_document": mark("The document is with the course."),
    "finish_step": mark("The step is done."),
    "explain_variance": mark("The reason is noted."),
    "skip_step": mark("The step is skipped."),
    "decide_branch": mark("The decision is recorded."),
    "end_course": mark("The course has ended."),
    "put_on_agenda": mark("On the agenda."),
    "postpone": mark("Postponed."),
    "withdraw_case": mark("Taken off the agenda."),
    "decide_case": mark("The decision of the board is recorded."),
    "hold_posts": mark("Posts and rights are as you said."),
    "take_alarm": mark("It is yours now."),
    "close_alarm": mark("Closed."),
    "bank_own_alarm": mark("It is yours now."),
    "bank_put_off_alarm": mark("Put off."),
    "bank_drill": mark("The exercise has begun."),
    "bank_evidence": mark("Kept."),
    "bank_nonconformity": mark("It is on the list."),
    "bank_own_nonconformity": mark("It has an owner now."),
    "bank_close_nonconformity": mark("Closed."),
    "bank_draw_audit": mark("The sample is drawn. Walk along the list."),
    "bank_check_audit": mark("Kept."),
    "check_in": mark("Checked in with the number {number}."),
    **IN_UNITS,
    **IN_DAY,
    **OF_CASES,
    **OF_REQUESTS,
}
"""Act -> what is said once it was done."""


def tell_code(words: Words, code: str) -> str:
    """Return what somebody is told about a refusal by its code; a general sentence for those nobody meets."""
    listed = (SENTENCES, OF_PEOPLE, OF_UNITS, OF_DAY, ABOUT_CASES, ABOUT_REQUESTS)
    sentence = next((one[code] for one in listed if code in one), None) or find_stopped(code)
    return words.text(sentence or mark("Something went wrong. Please try again."))
