"""A sentence for each refusal that a person on a screen may meet."""

from typing import Final

from oncopolis.foundation.marking import mark

_LOOK_AGAIN = mark("This is not so any more: look at it as it is now.")
_ASK = mark("You may not do this. Ask whoever gives out the roles.")

SENTENCES: Final = {
    "WEB-001": mark("You may not open this page. Ask whoever gives out the roles."),
    "WEB-002": mark("Something in the form cannot be so. Please check it."),
    "WEB-003": mark("The record did not answer in time. Look whether it was done before you try again."),
    "WEB-005": mark("This screen has no link that is good. Ask an administrator for another one."),
    "WEB-006": mark("This is not a code we know. Scan it again, or ask at reception."),
    "WEB-007": mark("Too many codes in a short time. Please wait a little."),
    "REC-324": _ASK,
    "OPS-001": mark("That is not there (any more). Look it up again."),
    "OPS-002": mark("The centre does not do this."),
    "OPS-003": mark("There is no such room, machine, bed or place."),
    "OPS-040": mark("This time has passed. Choose a later one."),
    "OPS-041": mark("Appointments begin every five minutes. Choose the time before or after."),
    "OPS-042": mark("This is further ahead than can be booked. Put the patient on the waiting list."),
    "OPS-043": mark("It is closed or out of order then. Choose another time."),
    "OPS-044": mark("The patient has something else then, or could not walk over in time."),
    "OPS-045": mark("What is left of this day is kept for the urgent. Choose another day."),
    "OPS-046": mark("Everything is taken then. Take the first free time, or another one."),
    "OPS-047": mark("There is no free time on these days. Allow later ones, or use the waiting list."),
    "OPS-048": mark("The series cannot be had without a gap. Allow a later begin."),
    "OPS-049": mark("There is no day on which all of these have a time. Allow later days."),
    "OPS-050": mark("This appointment is over, or the patient is here. It cannot be changed any more."),
    "OPS-051": mark("This appointment is not on the waiting list."),
    "OPS-052": mark("Nothing is offered to them now."),
    "OPS-053": mark("The time that was offered is taken by now. They stay on the waiting list."),
    "OPS-054": mark("There is no such patient. Look them up again, or register them first."),
    "OPS-055": mark("This record was merged into another one. Book for that one."),
    "OPS-056": mark("This patient has died."),
    "OPS-057": mark("This record is not in use. Look the patient up again."),
    "OPS-150": mark("Only machines, rooms and places are reported here."),
    "OPS-151": mark("Say when it is expected back: a time to come."),
    "OPS-152": mark("It is in order: somebody else may have reported it."),
    "OPS-153": mark("There is nothing left to take back."),
    "REC-057": mark("Somebody else took this in the same moment. Choose another time."),
    "OPS-100": mark("Nothing more is booked today. Please ask at reception."),
    "OPS-101": mark("This appointment was cancelled. Please ask at reception."),
    "OPS-102": mark("This appointment was given up because nobody came. Please ask at reception."),
    "OPS-103": mark("This appointment has taken place."),
    "OPS-104": mark("This appointment has no time yet. Please ask at reception."),
    "OPS-105": mark("This appointment is on another day. Please ask at reception."),
    "OPS-106": mark(
        "It is too early to check in for this appointment. Please come back later, or ask at reception."
    ),
    "OPS-107": mark("This appointment is in another building. Please check in there."),
    "OPS-108": mark("Name one thing: an appointment, a code, or a patient with what they come for."),
    "OPS-109": mark("Nobody needs to come for this."),
    "OPS-110": _LOOK_AGAIN,
    "OPS-111": mark("This room or machine is out of order. Choose another one."),
    "OPS-112": mark("This room or machine is in use. End there first, or choose another one."),
    "OPS-113": mark("Say to which room, place or machine they are to come."),
    "OPS-114": mark("There is no such department."),
    "OPS-115": mark("Nobody waits for this now."),
    "OPS-116": mark("They wait in another queue. Transfer them first."),
    "OPS-117": mark("Others are before them. Give a reason, or call the next."),
    "OPS-118": mark("They are being served elsewhere. It has to end there first."),
    "OPS-119": mark("Say in which room it is done."),
    "OPS-120": mark("It is too early to give them up. Call again, and wait."),
    "OPS-121": mark("A day is closed when it is over."),
}
