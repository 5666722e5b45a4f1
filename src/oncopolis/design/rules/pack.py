"""`Rule` and `Pack`: what is checked, as data with its source."""

from datetime import date
from typing import Literal

from oncopolis.foundation import Frozen, Severity

Standing = Literal["seen", "recalled", "own"]
"""Whether the clause was read in its source, is remembered, or is the house's own judgement."""


class Chosen(Frozen):
    """Which spaces are meant: all of what is given has to hold, any of a list."""

    kinds: tuple[str, ...] = ()
    """Kinds of rooms of the house's classification."""
    names: tuple[str, ...] = ()
    """Names as drawn, compared without case, numbers and punctuation."""
    roles: tuple[str, ...] = ()
    """``corridor``, ``stair``, ``lift``, ``shaft``, ``entrance``, ``dock``, ``roof``, ``yard``, ``site`` or
    ``room`` for what is none of these; ``entered`` for spaces with a door that leads out."""
    zones: tuple[Literal["clean", "dirty"], ...] = ()
    doors: tuple[str, ...] = ()
    """Words of the programme for a room's door, such as ``bed``."""


class Rule(Frozen):
    """One rule."""

    id: str
    """Such as ``programme.area``: its group, then what it asks for."""
    check: str
    """Name of the check that decides it."""
    severity: Severity
    message: str
    """What is wrong where it fails, in one sentence."""
    fix: str
    """What to do."""
    source: str
    """Bibliography id or title."""
    clause: str = ""
    """Chapter, section or table."""
    dated: date | None = None
    """Date of the source."""
    standing: Standing
    chosen: Chosen = Chosen()
    """Spaces it is about; all that the check is for where nothing is said."""
    other: Chosen | None = None
    """Spaces it sets them against."""
    field: str = ""
    """Field of the sheet that is compared: ``load``, ``air``, ``pressure``, ``shielding``, ``gas.<gas>``."""
    places: tuple[str, ...] = ()
    """Names of the properties it is compared with, best first."""
    least: float | None = None
    most: float | None = None
    share: float | None = None
    """Part of one."""
    unit: str = ""
    """Unit of `least` and `most`."""
    may_pass: tuple[str, ...] = ()
    """Roles that a way may lead through."""


class Pack(Frozen):
    """Rules that come together."""

    id: str
    label: str
    """What it is, in one sentence."""
    rules: tuple[Rule, ...]
