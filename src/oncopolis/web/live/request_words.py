"""What the pages of requests, shipments and evacuations call things, and what they say of acts."""

from typing import Final

from oncopolis.foundation.marking import mark

REQUEST_STATES: Final = {
    "asked": mark("waits for the committee"),
    "approved": mark("approved"),
    "refused": mark("refused"),
    "selected": mark("is being picked"),
    "signed": mark("signed by one person"),
    "issued": mark("given out"),
    "closed": mark("closed"),
}
REQUEST_BADGES: Final = {
    "asked": "wait", "approved": "go", "refused": "stop", "selected": "wait", "signed": "wait",
    "issued": "done", "closed": "quiet",
}  # fmt: skip
PICK_STATES: Final = {
    "listed": mark("to be picked"),
    "picked": mark("picked"),
    "issued": mark("given out"),
    "returned": mark("came back"),
    "dropped": mark("taken off the list"),
}
PICK_BADGES: Final = {
    "listed": "wait", "picked": "go", "issued": "done", "returned": "quiet", "dropped": "stop"
}  # fmt: skip
SEXES: Final = {
    "female": mark("female"),
    "male": mark("male"),
    "other": mark("other"),
    "unknown": mark("unknown"),
}

DONE: Final = {
    "bank_request": mark("The request waits for the committee."),
    "bank_decide_request": mark("The decision is recorded."),
    "bank_select": mark("The pick list is made, and what is on it reserved."),
    "bank_pick": mark("Picked."),
    "bank_drop": mark("Taken off the list."),
    "bank_sign_release": mark("Signed. It is given out when two people have signed."),
    "bank_return": mark("It came back and is in your hands. Put it in its place."),
    "bank_publish": mark("Kept."),
    "bank_publish_own": mark("Kept."),
    "bank_ship": mark("It is on its way."),
    "bank_receive": mark("Received."),
    "bank_withdraw": mark("The consent is withdrawn. Nothing of this donor is given out any more."),
    "bank_sign_destruction": mark("Signed. It is destroyed when two people have signed."),
    "bank_begin_evacuation": mark("The evacuation has begun. Walk along the list."),
    "bank_carry": mark("Carried."),
    "bank_cancel_evacuation": mark("The evacuation was cancelled. What was not carried stays."),
    "bank_permit": mark("The permit is kept."),
    "bank_end_permit": mark("Nothing leaves by this permit any more."),
    "bank_payment": mark("The payment is kept."),
    "bank_open_tank": mark("The tank is in use again."),
}
"""Act -> what is said once it was done."""

_TOO_LATE: Final = mark("This was done already, or something has to be done before. Look at it as it is now.")
SENTENCES: Final = {
    "BIO-006": mark("Nothing has that label."),
    "BIO-007": mark("It was given out or destroyed, by the books."),
    "BIO-017": mark("It is closed for new content."),
    "BIO-021": mark("An evacuation of this tank is under way."),
    "BIO-022": mark("There is no place for everything in this tank. Free positions first."),
    "BIO-023": mark("The tank is empty."),
    "BIO-024": _TOO_LATE,
    "BIO-025": mark("This is not in the tank any more. Cancel the evacuation and begin it again."),
    "BIO-026": mark("This is not in the tank any more. Cancel the evacuation and begin it again."),
    "BIO-027": mark("No evacuation is under way."),
    "BIO-047": mark("Somebody else has it in hand."),
    "BIO-054": mark("No donor is known by that."),
    "BIO-055": mark("No consent is in force: nothing of this donor is given out."),
    "BIO-061": mark("There is no such request."),
    "BIO-062": _TOO_LATE,
    "BIO-063": mark("There are not so many with consent that may be given out."),
    "BIO-064": mark("This is not on the list. A vial beside the right one may have been taken: scan again."),
    "BIO-065": mark("This is not for research."),
    "BIO-066": mark("Pathology has not marked this surplus to diagnosis. It stays here."),
    "BIO-067": mark("The donor does not agree to this. Take it off the list."),
    "BIO-068": mark("No material transfer agreement is named. The committee has to record it."),
    "BIO-069": mark("Something on the list is not in hand yet. Pick it, or take it off the list."),
    "BIO-070": mark("Nothing is left to give out."),
    "BIO-071": mark("The second signature has to be another person's."),
    "BIO-072": mark("There is no such task."),
    "BIO-073": mark("This task is done."),
    "BIO-074": mark("The second signature has to be another person's."),
    "BIO-075": mark("The lower limit has to be below the upper one."),
    "BIO-076": mark("Nothing waits for a courier."),
    "BIO-077": mark("This shipment is not on the road."),
    "BIO-078": mark("This is not on the list."),
    "BIO-080": mark("A row of the logger's file is no time and temperature."),
    "BIO-081": mark("A temperature in the logger's file cannot be. Have the logger looked at."),
    "BIO-082": mark("Times in the logger's file are out of order or too far apart."),
    "BIO-083": mark("The logger's file has no readings. Without proof the specimens are under suspicion."),
    "BIO-183": mark("A permit cannot end before it begins."),
    "BIO-184": mark("A permit with this number is known."),
    "BIO-185": mark("There is no such permit."),
    "BIO-188": mark("It cannot leave the country: consent or a valid permit for it is missing."),
    "BIO-222": mark("The tank is in use, is being emptied, or has an alarm that goes on."),
    "BIO-219": mark("Who asks does not decide. Somebody else of the committee has to."),
    "BIO-220": mark("Only who asked, or the biobank, tells of a publication."),
    "WEB-423": mark("Choose the file of the logger first: text in UTF-8."),
}
"""Code -> what is said of a refusal."""
