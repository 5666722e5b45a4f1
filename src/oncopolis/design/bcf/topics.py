"""`Topic`: what a BCF file says of one matter."""

import re
from dataclasses import dataclass

GUID = re.compile(r"[0-3][0-9A-Za-z_$]{21}")
"""A GlobalId as IFC writes it: 22 letters of its own alphabet."""

VERSIONS = ("2.1", "3.0")


@dataclass(frozen=True, slots=True)
class Topic:
    """A matter with the objects it is about."""

    id: str
    """UUID."""
    title: str
    kind: str
    """``Error``, ``Warning``, ``Info`` or ``Request``."""
    status: str
    priority: str
    rule: str
    """Rule it comes from; the first label."""
    text: str
    guids: tuple[str, ...]
    centre: tuple[float, float, float] = (0.0, 0.0, 0.0)
    """Where to look, metres."""
    width_m: float = 1.0
    """How much to see."""


@dataclass(frozen=True, slots=True)
class Header:
    """What the topics are about."""

    project: str
    files: tuple[tuple[str, str], ...]
    """Name and GlobalId of the project of each model."""
    day: str
    """ISO 8601."""
