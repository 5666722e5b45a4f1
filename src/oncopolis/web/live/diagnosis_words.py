"""What bases, sides, editions and sources of a diagnosis are called."""

from typing import Final

from oncopolis.foundation.marking import mark
from oncopolis.operations.diagnoses.coding import Basis, Classified, Side
from oncopolis.operations.diagnoses.staging import Source

BASES: Final[dict[Basis, str]] = {
    "7": mark("histology of the primary tumour"),
    "6": mark("histology of a metastasis"),
    "8": mark("cytogenetic or molecular test"),
    "5": mark("cytology"),
    "4": mark("specific tumour marker"),
    "2": mark("clinical investigation"),
    "1": mark("clinical only"),
    "0": mark("death certificate only"),
    "9": mark("unknown"),
}
SIDES: Final[dict[Side, str]] = {
    "right": mark("right side"),
    "left": mark("left side"),
    "both": mark("both sides"),
    "midline": mark("midline"),
}
CLASSIFIED: Final[dict[Classified, str]] = {
    "c": mark("clinical"),
    "p": mark("pathological"),
    "yc": mark("clinical, after treatment began"),
    "yp": mark("pathological, after treatment began"),
    "r": mark("at recurrence"),
    "a": mark("at autopsy"),
}
SOURCES: Final[dict[Source, str]] = {
    "clinician": mark("the treating physician"),
    "pathology": mark("the pathologist"),
    "board": mark("the tumour board"),
    "elsewhere": mark("another hospital"),
}
SENTENCES: Final = {
    "OPS-450": mark("A code cannot be so: its form is wrong, or two codes contradict each other."),
    "OPS-451": mark("Say T, N, M or the stage group."),
    "OPS-452": mark("That stage belongs to another tumour."),
    "OPS-453": mark("The day lies ahead. Correct it."),
    "OPS-454": mark("This was entered in error already. Look at it again."),
    "OPS-455": mark("This is no diagnosis of this patient that holds."),
}
DONE: Final = {
    "record_diagnosis": mark("The diagnosis is recorded."),
    "correct_diagnosis": mark("The diagnosis was corrected."),
    "withdraw_diagnosis": mark("Marked as entered in error."),
    "stage_tumour": mark("The stage is recorded."),
    "withdraw_staging": mark("Marked as entered in error."),
}
