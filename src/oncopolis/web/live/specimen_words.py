"""What the pages of the biobank call things."""

from collections.abc import Mapping
from typing import Final

from oncopolis.biobank.consents.scopes import Scope
from oncopolis.biobank.storage.filling import Use
from oncopolis.foundation.marking import mark
from oncopolis.record.biobank.places import Inventory
from oncopolis.record.biobank.specimens import Review, State

KINDS: Final = {
    "site": mark("Site"),
    "room": mark("Room"),
    "tank": mark("Tank"),
    "rack": mark("Rack"),
    "box": mark("Box"),
    "cane": mark("Cane"),
    "paraffin": mark("Store of paraffin blocks"),
}
"""Kinds of containers; others are called what they were called when they were added."""
USES: Final[Mapping[Use, str]] = {
    "taken": mark("taken"),
    "free": mark("free"),
    "reserved": mark("reserved"),
    "blocked": mark("blocked"),
}
INVENTORIES: Final[Mapping[Inventory, str]] = {
    "research": mark("for research"),
    "diagnostic": mark("for diagnosis"),
    "transplant": mark("for transplantation"),
}
STATES: Final[Mapping[State, str]] = {
    "stored": mark("in its place"),
    "out": mark("in somebody's hands"),
    "away": mark("given out"),
    "gone": mark("no more"),
}
REVIEWS: Final[Mapping[Review, str]] = {
    "awaited": mark("pathology has not decided"),
    "surplus": mark("surplus to diagnosis"),
    "needed": mark("needed for diagnosis"),
}
SCOPES: Final[Mapping[Scope, str]] = {
    "research": mark("research"),
    "genetic": mark("genetic research"),
    "commercial": mark("commercial use"),
    "abroad": mark("sending abroad"),
    "cell_lines": mark("cell lines"),
    "recontact": mark("being asked again"),
}
SAMPLES: Final = {
    "TIS": mark("Tissue"),
    "PL1": mark("Plasma"),
    "SER": mark("Serum"),  # codespell:ignore
    "BLD": mark("Blood"),
    "DNA": mark("DNA"),
    "RNA": mark("RNA"),
    "FFPE": mark("Paraffin block"),
}
"""SPREC's codes of types of samples; others are shown as codes."""
EVENTS: Final = {
    "collected": mark("Collected"),
    "imported": mark("Taken over from an inventory"),
    "preserved": mark("Frozen or fixed"),
    "thawed": mark("Thawed"),
    "measured": mark("Measured"),
    "used": mark("Partly used"),
    "divided": mark("Divided"),
    "made": mark("Made of another"),
    "reviewed": mark("Judged by pathology"),
    "stored": mark("Put in its place"),
    "moved": mark("Moved"),
    "taken": mark("Taken out"),
    "handed": mark("Handed over"),
    "reserved": mark("Reserved"),
    "dropped": mark("Taken off the list"),
    "picked": mark("Picked"),
    "issued": mark("Given out"),
    "shipped": mark("Sent"),
    "received": mark("Received"),
    "returned": mark("Returned"),
    "consent withdrawn": mark("Consent withdrawn"),
    "destruction asked": mark("Destruction asked for"),
    "destruction signed": mark("Destruction signed"),
    "destroyed": mark("Destroyed"),
    "added": mark("Added"),
    "closed": mark("Closed"),
    "evacuation begun": mark("Evacuation begun"),
    "evacuation cancelled": mark("Evacuation cancelled"),
    "evacuated": mark("Evacuated"),
    "audited": mark("Looked for in an audit"),
}
"""What happened, as custody has it."""
MEASURED: Final = {
    "rin": mark("RNA integrity (RIN)"),
    "dv200": mark("RNA fragments above 200 nucleotides (DV200), %"),
    "tumour_share": mark("Share of tumour, %"),
    "viability": mark("Viability, %"),
    "concentration": mark("Concentration"),
    "haemolysis": mark("Haemolysis"),
}
"""What quality control measures."""
TAKEN_BY: Final = {
    "SRG": mark("in an operation"),
    "BPS": mark("by biopsy"),
    "PUN": mark("by puncture"),
    "VAC": mark("in an operation, into a vacuum container"),
    "ASN": mark("by fine needle"),
}
"""SPREC's codes of how tissue is collected, as far as they are usual."""
FIXED_BY: Final = {
    "SNP": mark("snap freezing"),
    "NBF": mark("neutral buffered formalin"),
    "FOR": mark("formalin without buffer"),
    "OCT": mark("frozen in embedding medium"),
    "RNL": mark("RNAlater"),
    "PXT": mark("PAXgene tissue"),
    "ALD": mark("aldehyde"),
    "ETH": mark("alcohol"),
    "HST": mark("heat"),
}
"""SPREC's codes of how it is preserved."""
