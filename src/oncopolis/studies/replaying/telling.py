"""`Found`: what came of a replay, as the numbers that are printed."""

from dataclasses import dataclass
from typing import Any, Final

from oncopolis.studies.replaying.day import Day
from oncopolis.studies.replaying.living import Lived
from oncopolis.studies.replaying.machine import find_quantile
from oncopolis.studies.replaying.mirror import Difference

_DIGITS: Final = 2
_MEDIAN, _HIGH = 0.5, 0.99  # structure: which quantiles are told
_MS: Final = 1000  # structure: milliseconds of a second
_MOST: Final = 20  # structure: what fits a screen
"""Differences and breaches that are told one by one."""
FINISH: Final = "finish"
"""The act with which a contact is over that took place."""


@dataclass(frozen=True, slots=True)
class Found:
    """What came of a replay.

    Parameters
    ----------
    differences, breaches
        Where the record is not what the acts give; what may never be and is.
    disk_ms
        Median and 99th percentile of a small write and its sync, on the disk beside.
    cpu_s
        CPU seconds of the server's processes; None if that cannot be known.
    n_broken
        How often an answer did not come, and was asked for again.
    """

    lived: Lived
    differences: tuple[Difference, ...]
    breaches: tuple[str, ...]
    disk_ms: tuple[float, float]
    cpu_s: float | None
    n_broken: int

    @property
    def is_well(self) -> bool:
        """Whether everything is as it has to be."""
        return not (self.differences or self.breaches or self.lived.errors)


def to_document(found: Found, day: Day) -> dict[str, Any]:
    """Return what is printed."""
    lived = found.lived
    n_acts = len(lived.acknowledged)
    seconds = max(lived.seconds, 1e-9)  # structure: not by nought
    n_contacts = len(lived.by_act_ms.get(FINISH, ()))
    return {
        "contacts": n_contacts,
        "changes": lived.changes,
        "rate": round(lived.changes / seconds),
        "write_p50_ms": _round(find_quantile(lived.write_ms, _MEDIAN)),
        "write_p99_ms": _round(find_quantile(lived.write_ms, _HIGH)),
        "differences": len(found.differences),
        "invariant_breaches": len(found.breaches),
        "errors": sum(lived.errors.values()),
        "complete": lived.is_complete,
        "acts": n_acts,
        "acts_per_s": _round(n_acts / seconds),
        "changes_per_contact": _round(lived.changes / n_contacts) if n_contacts else None,
        "seconds": _round(lived.seconds),
        "server_cpu_ms_per_act": None
        if found.cpu_s is None or not n_acts
        else _round(found.cpu_s * _MS / n_acts),
        "server_cpu_s": None if found.cpu_s is None else _round(found.cpu_s),
        "fdatasync_p50_ms": _round(found.disk_ms[0]),
        "fdatasync_p99_ms": _round(found.disk_ms[1]),
        "generator_cpu_ms_per_act": _round(lived.cpu_s * _MS / n_acts) if n_acts else None,
        "generator_late_p99_ms": _round(find_quantile(lived.late_ms, _HIGH)),
        "connections_broken": found.n_broken,
        "refused_as_meant": lived.n_refused_as_meant,
        "turned_down": dict(lived.turned_down),
        "left_out": lived.left_out,
        "errors_by_kind": dict(lived.errors),
        "first_errors": lived.first_errors,
        "first_differences": [str(one) for one in found.differences[:_MOST]],
        "first_breaches": list(found.breaches[:_MOST]),
        "acts_by_name": {
            name: {"n": len(took), "p50_ms": _round(find_quantile(took, _MEDIAN)),
                   "p99_ms": _round(find_quantile(took, _HIGH))}
            for name, took in sorted(lived.by_act_ms.items())
        },
        "day": {
            "lived": day.day.isoformat(), "drawn_from": day.source.isoformat(),
            "twin_days": day.n_source_days, "share_of_people": round(day.share, 3),
            "pace": "even: equally many acts in every second, each after those it depends on",
        },
    }  # fmt: skip


def _round(value: float) -> float:
    return round(value, _DIGITS)
