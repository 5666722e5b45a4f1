"""What the parts of a discharge summary are called, and what is said of acts on one."""

from typing import Final

from oncopolis.foundation.marking import mark
from oncopolis.operations.summaries.views import Part, SummaryState

PARTS: Final[dict[Part, str]] = {
    "stay": mark("Admitted, discharged, ward"),
    "diagnoses": mark("Diagnoses"),
    "course": mark("Course of the stay"),
    "procedures": mark("Procedures"),
    "results": mark("Results"),
    "medicines": mark("Medicines"),
    "follow_up": mark("Appointments to come"),
    "advice": mark("Advice"),
}
STATES: Final[dict[SummaryState, str]] = {
    "draft": mark("draft"),
    "signed": mark("signed"),
    "withdrawn": mark("entered in error"),
}
SENTENCES: Final = {
    "OPS-456": mark("The stay has not begun: there is nothing to sum up."),
    "OPS-457": mark("There are open orders or unseen results. Look at them, or say why you sign without."),
    "OPS-458": mark("The summary is not as you saw it. Look at it as it is now."),
}
DONE: Final = {
    "draft_summary": mark("The draft is as the record says now."),
    "write_summary": mark("Written down."),
    "sign_summary": mark("The summary is signed."),
    "give_summary": mark("Noted that it was given."),
    "withdraw_summary": mark("Marked as entered in error."),
}
