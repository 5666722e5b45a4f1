"""What alarms of tanks are called, on pages and in messages."""

from collections.abc import Mapping
from typing import Final

from oncopolis.biobank.watching.alarms import N_RUNGS
from oncopolis.biobank.watching.breaches import Rule
from oncopolis.foundation.marking import mark

RULES: Final[Mapping[Rule, str]] = {
    "oxygen-low": mark("Too little oxygen: leave the room"),
    "interlock-open": mark("Entry interlock open"),
    "too-warm": mark("Too warm"),
    "warming": mark("Is warming"),
    "level-low": mark("Little nitrogen"),
    "lid-open": mark("Lid open for too long"),
    "doubtful": mark("A sensor cannot be believed"),
    "silent": mark("A sensor is silent"),
    "intake-silent": mark("All sensors are silent"),
    "unread": mark("Something was not understood, or too much came"),
    "drill": mark("Exercise"),
    "alone": mark("Somebody is alone in the room"),
    "overdue": mark("Calibration or maintenance overdue"),
    "space-short": mark("Places run out soon"),
}
RUNGS: Final = (mark("those on duty"), mark("the head of the biobank"), mark("the command centre"))
assert len(RUNGS) == N_RUNGS
