"""What follows from a decision whatever act made it, in the same transaction."""

from oncopolis.operations.charges import charge_ended
from oncopolis.operations.deciding import Decision, Moment
from oncopolis.operations.floor import Floor
from oncopolis.operations.notifications import note_diagnoses


def add_consequences(floor: Floor, decision: Decision, moment: Moment) -> Decision:
    """Return a decision with the charges of what ends by it, and the notifications of what it diagnoses."""
    return charge_ended(floor, note_diagnoses(floor, decision, moment), moment)
