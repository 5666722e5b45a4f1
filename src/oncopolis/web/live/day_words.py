"""What people who see results and work on wards are told: done, or why not."""

from typing import Final

from oncopolis.foundation.marking import mark

DONE: Final = {
    "match_report": mark("The result is with its order now. Somebody still has to see it."),
    "plan_task": mark("On the list."),
    "finish_task": mark("Done."),
    "skip_task": mark("Left out, with the reason."),
    "end_task": mark("Taken off the list."),
    "note_signs": mark("Recorded; what was due of it is done."),
    "add_thing": mark("The thing is known now."),
    "use_thing": mark("Noted."),
    "settle_sightings": mark("Dealt with, and off the list."),
    "note_handover": mark("Noted for the next shift."),
}
"""Act -> what is said once it was done."""

SENTENCES: Final = {
    "OPS-420": mark("This does not wait any more: look at the list as it is now."),
    "OPS-421": mark("The result is about another patient, or about nobody. It is not put to this order."),
    "OPS-422": mark("The result is gone. Take it off the list and say why."),
    "OPS-431": mark("Somebody else has done this: look at the list as it is now."),
    "OPS-432": mark("The ward does this for everybody. Leave it out this time, with a reason."),
    "OPS-433": mark("Enter at least one value."),
    "OPS-434": mark("Nobody can have that value. Correct it."),
    "OPS-435": mark("Enter the upper blood pressure first, then the lower one."),
    "OPS-480": mark("STOPPED: this machine was not checked today. Have its quality checked first."),
    "OPS-481": mark("STOPPED: the check of this machine failed today. Treat with another one."),
    "OPS-482": mark("Repeat the value of the critical result as you read it."),
    "OPS-483": mark("STOPPED: this is not the value of the result. Read it again."),
    "OPS-485": mark("There is no such department."),
    "OPS-486": mark("Something has this tag already."),
    "OPS-487": mark("Somebody else has taken it. Choose another one."),
    "OPS-500": mark("This is on the list of others: leave it to them."),
    "WEB-380": mark("This department has no work list of results."),
}
"""Code of a refusal -> what is said."""

SIGN_NAMES: Final = {
    "respiration": mark("Breaths"),
    "saturation": mark("Oxygen"),
    "systolic": mark("Upper blood pressure"),
    "diastolic": mark("Lower blood pressure"),
    "pressure": mark("Blood pressure"),
    "pulse": mark("Pulse"),
    "temperature": mark("Body temperature"),
    "pain": mark("Pain"),
}
"""Sign, or the two of a blood pressure -> what it is called."""
UNITS: Final = (mark("/min"), mark("mmHg"))
"""Units of signs that are written differently in languages."""
TASKS: Final = {
    "signs": mark("Vital signs"),
    "pain": mark("Ask for pain"),
    "pressure": mark("Look at the risk of pressure ulcers"),
    "isolation": mark("Is the isolation still needed?"),
}
"""Rule of nursing -> what it asks for."""
