"""What scopes of a shared case are called, and what is said of acts on one."""

from typing import Final

from oncopolis.foundation.marking import mark
from oncopolis.operations.sharing.views import Scope

SCOPES: Final[dict[Scope, str]] = {
    "diagnosis": mark("diagnoses, stages and findings"),
    "procedures": mark("procedures"),
    "results": mark("reports"),
    "medicines": mark("medicines"),
}
SENTENCES: Final = {
    "OPS-465": mark("The case is not on the agenda any more."),
    "OPS-466": mark("Choose a last day from today on, at most a year ahead."),
    "OPS-467": mark("Look through the documents first, and say that none names the patient."),
    "OPS-468": mark("This partner sees the case already. Withdraw that consent first."),
    "OPS-469": mark("The consent was withdrawn or has run out."),
    "OPS-470": mark("Only members of the partner centre may do this."),
    "OPS-471": mark("There is no such partner centre."),
    "OPS-472": mark("This is no document of this patient."),
    "OPS-473": mark("Confirm that you answer for the opinion with your name."),
    "WEB-390": mark("This case is not shared with you (any more)."),
    "REC-268": mark("Another account has this sign-in name. Please choose another."),
    "REC-266": mark("Something in the form cannot be so. Please check it."),
}
DONE: Final = {
    "add_partner": mark("The partner centre is added."),
    "end_partner_member": mark("They see nothing of it any more."),
    "share_case": mark("The partner sees the case from now on."),
    "withdraw_share": mark("Withdrawn: the partner sees nothing of it any more."),
    "remark_on_case": mark("Sent to the partner."),
    "comment_case": mark("Sent."),
    "give_opinion": mark("Your opinion is signed and on the agenda of the board."),
}
