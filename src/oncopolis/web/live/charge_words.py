"""What charges are called, and what is said of acts on them."""

from typing import Final

from oncopolis.foundation.marking import mark
from oncopolis.operations.charges.views import ChargeState

STATES: Final[dict[ChargeState, str]] = {
    "unpriced": mark("no tariff known"),
    "billable": mark("on no claim yet"),
    "claimed": mark("on a claim"),
    "reversed": mark("taken back"),
}
SENTENCES: Final = {
    "OPS-460": mark("There is no such payer among the tariffs."),
    "OPS-461": mark("No tariff holds for this on that day. Add it to the tariffs first."),
    "OPS-462": mark("This charge is not as you saw it. Look at it again."),
}
DONE: Final = {
    "set_payer": mark("Who pays is noted; it holds for what is charged from now on."),
    "price_charge": mark("Priced."),
    "reverse_charge": mark("Taken back by a line of its own."),
    "make_claims": mark("The claims are drafted."),
}
