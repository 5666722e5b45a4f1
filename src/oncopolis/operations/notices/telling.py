"""Patients are told things: by a record at once, which their page shows, and a message a little later."""

from typing import Final

from oncopolis.operations.deciding import Decision, Message, Moment
from oncopolis.operations.notices.naming import ELSEWHERE, NOWHERE, find_place, find_stop, list_languages
from oncopolis.operations.notices.views import Kind, Notice
from oncopolis.operations.notices.writing import write_notice

PATIENT_NOTICE: Final = "patient-notice"
"""Kind of the messages in the outbox; each names one notice."""
UNDO_MS: Final = 120_000  # structure: default of a setting: how long a notice can be taken back


def tell(
    moment: Moment,
    patient: str,
    kind: Kind,
    *,
    language: str = "",
    activity: str = "",
    unit: str = "",
    start_ms: int | None = None,
    before_ms: int | None = None,
    booking: str = "",
    form: str = "",
) -> Decision:
    """Tell a patient something, beside whatever else an act decides (``decision + tell(...)``).

    Parameters
    ----------
    language
        That the patient wishes; the centre's first one if there are no words in it.
    activity, unit
        What it is about and where, told as kinds and numbers only.
    start_ms, before_ms
        When it is, and was before, milliseconds since 1970 (UTC).
    booking, form
        Ids of the Appointment it is about, and of the Questionnaire to fill in.
    """
    house = moment.house
    stop = find_stop(house, activity) if activity else None
    card = house.cards.get(activity)
    department = card.department if card else ""
    place = NOWHERE if stop in ELSEWHERE else find_place(house, department, unit)
    spoken = language if language in list_languages() else house.centre.languages[0]
    notice = Notice(
        moment.make_id(), patient, kind, spoken,
        write_notice(house, kind, spoken, stop=stop, place=place, start_ms=start_ms, before_ms=before_ms),
        moment.at_ms, stop=stop, place=place, start_ms=start_ms, before_ms=before_ms, booking=booking,
        form=form,
    )  # fmt: skip
    wait_ms = 0 if kind == "come" else UNDO_MS
    message = Message(PATIENT_NOTICE, {"notice": notice.id}, notice.id, moment.at_ms + wait_ms)
    return Decision(puts=(notice,), sends=(message,))
