"""What people who see results and work on wards are told: done, or why not."""

from typing import Final

from oncopolis.foundation.marking import mark

DONE: Final = {
    "match_report": mark("The result is with its order now. Somebody still has to see it."),
}
"""Act -> what is said once it was done."""

SENTENCES: Final = {
    "OPS-420": mark("This does not wait any more: look at the list as it is now."),
    "OPS-421": mark("The result is about another patient, or about nobody. It is not put to this order."),
    "OPS-422": mark("The result is gone. Take it off the list and say why."),
    "WEB-380": mark("This department has no work list of results."),
}
"""Code of a refusal -> what is said."""
