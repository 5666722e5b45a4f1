"""`Channel`: what is known of one sensor, and whether it can be believed."""

from dataclasses import dataclass, replace
from math import isfinite
from typing import Final, Literal, TypeAlias

from oncopolis.biobank.watching.limits import RISE_MS, Limits
from oncopolis.biobank.watching.readings import Kind, Reading

Doubt: TypeAlias = Literal["", "no number", "impossible", "jump", "clock"]
"""Why the last reading is not believed; empty if it is."""
_CONFIRMED: Final = 3  # structure: readings near each other after which a jump is what it is


@dataclass(frozen=True, slots=True)
class Channel:
    """A sensor.

    Parameters
    ----------
    value, believed_ms
        The last value that was believed, and when it came.
    said, heard_ms, doubt
        The last value that came, when, and why it is not believed.
    since_ms
        Since when a sensor of yes or no says what it says.
    n_jumped
        Values in a row that are near each other, but far from what was believed.
    lowest, low_ms
        The lowest value within the time that a rise is measured in, and when it came.
    """

    kind: Kind
    value: float | None
    believed_ms: int | None
    said: float
    heard_ms: int
    doubt: Doubt = ""
    since_ms: int = 0
    n_jumped: int = 0
    lowest: float | None = None
    low_ms: int = 0


def follow(before: Channel | None, reading: Reading, now_ms: int, limits: Limits) -> Channel:
    """Return what is known once a reading has come; moments are those at which readings come."""
    doubt, n_jumped = _doubt(before, reading, now_ms, limits)
    known = Channel(reading.kind, None, None, reading.value, now_ms) if before is None else before
    heard = replace(known, said=reading.value, heard_ms=now_ms, doubt=doubt, n_jumped=n_jumped)
    if doubt not in ("", "clock"):
        return heard
    # By a clock that is wrong the value may be old: it is doubted aloud, and still counts if it is bad.
    is_new = known.value != reading.value
    lowest, low_ms = _follow_low(known, reading.value, now_ms, is_far=bool(known.n_jumped))
    return replace(
        heard, value=reading.value, believed_ms=now_ms, since_ms=now_ms if is_new else known.since_ms,
        n_jumped=0, lowest=lowest, low_ms=low_ms,
    )  # fmt: skip


def _follow_low(known: Channel, value: float, now_ms: int, *, is_far: bool) -> tuple[float, int]:
    is_over = known.lowest is None or is_far or now_ms - known.low_ms > RISE_MS
    if is_over or known.lowest is None or value <= known.lowest:
        return value, now_ms
    return known.lowest, known.low_ms


def _doubt(before: Channel | None, reading: Reading, now_ms: int, limits: Limits) -> tuple[Doubt, int]:
    """Why a reading is not believed, and how many in a row have jumped."""
    if not isfinite(reading.value):
        return "no number", 0
    if not is_possible(reading.kind, reading.value, limits):
        return "impossible", 0
    if before is not None and before.value is not None and reading.kind == "temperature":
        is_far = abs(reading.value - before.value) > limits.jump_c
        is_near_last = isfinite(before.said) and abs(reading.value - before.said) <= limits.jump_c
        n_jumped = (before.n_jumped if is_near_last else 0) + 1 if is_far else 0
        if 0 < n_jumped < _CONFIRMED:
            return "jump", n_jumped
    if reading.at_ms is not None and abs(reading.at_ms - now_ms) > limits.clock_ms:
        return "clock", 0
    return "", 0


def is_possible(kind: Kind, value: float, limits: Limits) -> bool:
    """Tell whether a sensor of a kind can say a value."""
    if kind == "temperature":
        return limits.lowest_c <= value <= limits.highest_c
    if kind == "oxygen":
        return 0 <= value <= limits.most_oxygen
    if kind == "level":
        return 0 <= value <= 1
    return value in (0, 1)
