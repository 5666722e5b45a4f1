"""`Reading`: what a sensor of a tank or of its room says."""

from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

Kind: TypeAlias = Literal["temperature", "level", "lid", "oxygen", "interlock"]
KINDS: Final[tuple[Kind, ...]] = ("temperature", "level", "lid", "oxygen", "interlock")
"""Degrees Celsius; share of full; 1 for open; share of the air; 1 for closed."""

Sensor: TypeAlias = tuple[str, Kind]
"""What it is about (a tank, or a room of tanks), and what it measures."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One value.

    Parameters
    ----------
    subject
        The tank, or the room.
    value
        As it came: it may be no number at all.
    at_ms
        When it was measured by the clock of the unit, milliseconds since 1970 (UTC); None without a clock.
    """

    subject: str
    kind: Kind
    value: float
    at_ms: int | None = None

    @property
    def sensor(self) -> Sensor:
        """Which sensor it is of."""
        return self.subject, self.kind
