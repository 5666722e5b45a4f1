"""What is said of notifications of cancers to a registry."""

from typing import Final

from oncopolis.foundation.marking import mark

ITEMS: Final = {
    "family_name": mark("family name"),
    "given_names": mark("given names"),
    "sex": mark("sex"),
    "birth_date": mark("date of birth"),
    "address": mark("residence"),
    "incidence_date": mark("day it was found"),
    "basis": mark("basis of the diagnosis"),
    "topography": mark("topography"),
    "morphology": mark("morphology"),
    "behaviour": mark("behaviour"),
    "institution": mark("who tells it"),
}
"""Essential items of a notification."""
SENTENCES: Final = {
    "OPS-476": mark("The notification is not as you saw it. Look at the list as it is now."),
}
DONE: Final = {
    "notify_registry": mark("Noted that the registry was told."),
    "registry_refused": mark("Noted: to be mended and told anew."),
}
