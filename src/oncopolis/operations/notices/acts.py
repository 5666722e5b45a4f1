"""What is done about notices: a form is asked for, a notice is taken back, and those that left are marked."""

from dataclasses import replace

from oncopolis.foundation import ConflictError, Frozen
from oncopolis.operations.deciding import Act, Decision, Moment
from oncopolis.operations.floor import Floor
from oncopolis.operations.notices.telling import tell
from oncopolis.operations.notices.views import Notice


class AskForm(Frozen):
    """A patient is to fill in a form."""

    patient: str
    """Id of the Patient."""
    form: str
    """Id of the Questionnaire."""
    language: str = ""
    """Language the patient wishes; the centre's first one if left out."""


class TakeBack(Frozen):
    """A notice is taken back before it has left the house."""

    notice: str
    """Id of the Communication."""


class MarkSent(Frozen):
    """Notices have left the house, or need not leave it."""

    notices: tuple[str, ...]
    """Ids of the Communications."""


def ask_form(_floor: Floor, asked: AskForm, moment: Moment) -> Decision:
    """Tell a patient to fill in a form."""
    told = tell(moment, asked.patient, "form", language=asked.language, form=asked.form)
    return told + Decision(answer={"notice": told.puts[0].id})


def take_back(floor: Floor, asked: TakeBack, _moment: Moment) -> Decision:
    """Take a notice back; once it has left, only another one can correct it."""
    notice = floor.get(Notice, asked.notice)
    if notice.state == "sent":
        raise ConflictError(
            code="OPS-190", where=f"Communication/{notice.id}", got="a notice that has left the house",
            expected="one that has not", fix="tell the patient anew",
        )  # fmt: skip
    return withdraw(notice)


def withdraw(notice: Notice) -> Decision:
    """Return what takes a notice back; nothing for one that has left or was taken back."""
    return Decision(puts=(replace(notice, state="withdrawn"),)) if notice.is_open else Decision()


def mark_sent(floor: Floor, asked: MarkSent, _moment: Moment) -> Decision:
    """Mark notices that have left; repeated, or after one was taken back, it changes nothing."""
    found = (floor.find(Notice, id_) for id_ in dict.fromkeys(asked.notices))
    return Decision(puts=tuple(replace(one, state="sent") for one in found if one is not None))


ACTS = (
    Act("ask_form", AskForm, ask_form, ("Communication",)),
    Act("take_back_notice", TakeBack, take_back, ("Communication",)),
    Act("mark_notices_sent", MarkSent, mark_sent, ("Communication",)),
)
"""Everything that can be done about notices."""
