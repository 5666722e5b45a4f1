"""What people are told about an act: that it was done, or why not, in a sentence of their language."""

from typing import Final

from oncopolis.foundation.marking import mark
from oncopolis.web.live.sentences import SENTENCES
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
    "check_in": mark("Checked in with the number {number}."),
}
"""Act -> what is said once it was done."""


def tell_code(words: Words, code: str) -> str:
    """Return what somebody is told about a refusal by its code; a general sentence for those nobody meets."""
    return words.text(SENTENCES.get(code, mark("Something went wrong. Please try again.")))
