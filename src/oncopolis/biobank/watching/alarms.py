"""`TankAlarm`: something that is wrong with a tank until it is over and somebody has owned it, as a Task.

A Task, since it is work that waits for an owner, has one, is passed on and ends; a Flag has no owner, and a
DetectedIssue no end. Each change is a version with its author, which the audit tells of.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Final

from oncopolis.biobank.watching.breaches import QUIET, SERIOUS, Breach, Rule
from oncopolis.biobank.watching.limits import Limits
from oncopolis.foundation.units import MS_PER_SECOND

SYSTEM: Final = "urn:oncopolis:tank-alarm"
_INPUT: Final = "urn:oncopolis:tank-alarm-state"
N_RUNGS: Final = 3  # structure: those on duty, who leads the biobank, the command centre


@dataclass(frozen=True, slots=True)
class TankAlarm:
    """An alarm.

    Parameters
    ----------
    key, rule, subject
        Name of what is wrong, by which rule, and with which tank or room.
    since_ms
        When it was raised, milliseconds since 1970 (UTC), as all moments.
    rung
        Who is told: 0 those on duty, 1 who leads the biobank, 2 the command centre.
    next_ms
        When the next one is told, unless somebody owns it by then.
    gone_ms
        Since when nothing is wrong any more; None while something is.
    owner, name, owned_ms
        Who sees to it, what they are called, and since when; empty for nobody.
    value
        The worst that was measured.
    patience_ms, snooze_ms
        How long an owner has before others are told, and may put it off at most.
    is_drill
        Whether it is an exercise, in which nothing is wrong.
    """

    id: str
    key: str
    rule: Rule
    subject: str
    since_ms: int
    next_ms: int
    patience_ms: int
    snooze_ms: int
    rung: int = 0
    gone_ms: int | None = None
    owner: str = ""
    name: str = ""
    owned_ms: int | None = None
    ended_ms: int | None = None
    value: float | None = None
    is_drill: bool = False

    @property
    def is_open(self) -> bool:
        """Whether it goes on."""
        return self.ended_ms is None

    @property
    def is_serious(self) -> bool:
        """Whether people or specimens come to harm soon."""
        return self.rule in SERIOUS

    def to_record(self) -> dict[str, Any]:
        """Return the Task."""
        status = "completed" if not self.is_open else "in-progress" if self.owner else "requested"
        record: dict[str, Any] = {
            "resourceType": "Task",
            "id": self.id,
            "status": status,
            "intent": "order",
            "priority": "stat" if self.is_serious else "urgent",
            "code": {"coding": [{"system": SYSTEM, "code": self.rule}], "text": self.key},
            "focus": {"display": self.subject},
            "authoredOn": _write(self.since_ms),
            "input": [
                {"type": {"coding": [{"system": _INPUT, "code": name}]}, **_to_value(value)}
                for name, value in self._list_state()
                if value is not None
            ],
        }
        if self.owner:
            record["owner"] = {"reference": self.owner} | ({"display": self.name} if self.name else {})
        if self.ended_ms is not None:
            record["executionPeriod"] = {"start": _write(self.since_ms), "end": _write(self.ended_ms)}
        return record

    def _list_state(self) -> list[tuple[str, int | float | bool | None]]:
        return [(name, getattr(self, name)) for name in _STATE]

    @classmethod
    def is_mine(cls, record: Mapping[str, Any]) -> bool:
        """Whether a Task is an alarm of a tank."""
        return any(one.get("system") == SYSTEM for one in record.get("code", {}).get("coding", ()))

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> "TankAlarm":
        """Read the Task of an alarm."""
        state = {one["type"]["coding"][0]["code"]: _from_value(one) for one in record["input"]}
        return cls(
            id=record["id"],
            key=record["code"]["text"],
            rule=record["code"]["coding"][0]["code"],
            subject=record["focus"]["display"],
            owner=record.get("owner", {}).get("reference", ""),
            name=record.get("owner", {}).get("display", ""),
            **state,
        )


_TIMES: Final = ("since_ms", "next_ms", "gone_ms", "owned_ms", "ended_ms")
_SPANS: Final = ("patience_ms", "snooze_ms", "rung")
_STATE: Final = (*_TIMES, *_SPANS, "value", "is_drill")


def _write(at_ms: int) -> str:
    return datetime.fromtimestamp(at_ms / MS_PER_SECOND, UTC).isoformat(timespec="milliseconds")


def _to_value(value: float | bool) -> dict[str, Any]:
    if isinstance(value, bool):
        return {"valueBoolean": value}
    return {"valueString": repr(value)}


def _from_value(one: Mapping[str, Any]) -> Any:
    if "valueBoolean" in one:
        return one["valueBoolean"]
    text = one["valueString"]
    return int(text) if text.lstrip("-").isdecimal() else float(text)


def raise_alarm(breach: Breach, id_: str, now_ms: int, limits: Limits) -> TankAlarm:
    """Begin."""
    is_quiet = breach.rule in QUIET
    patience_ms = limits.upkeep_patience_ms if is_quiet else limits.patience_ms
    snooze_ms = limits.upkeep_patience_ms if is_quiet else limits.snooze_ms
    return TankAlarm(
        id_, breach.key, breach.rule, breach.subject, now_ms, now_ms + _find_rung_ms(breach.rule, limits),
        patience_ms, snooze_ms, value=_keep(breach.value), is_drill=breach.rule == "drill",
    )  # fmt: skip


def _find_rung_ms(rule: Rule, limits: Limits) -> int:
    """How long an alarm waits for an owner before the next one is told."""
    return limits.upkeep_rung_ms if rule in QUIET else limits.rung_ms


def go_on(alarm: TankAlarm, breach: Breach | None, now_ms: int, limits: Limits) -> TankAlarm:
    """Return what becomes of an alarm with time: told to the next, over, or as it was.

    It ends only when its cause has been gone for a while, and somebody has owned it; whoever did what was
    overdue has owned that.
    """
    if not alarm.is_open:
        return alarm
    rung_ms, is_owned = _find_rung_ms(alarm.rule, limits), bool(alarm.owner) or alarm.rule in QUIET
    if breach is not None and alarm.gone_ms is not None:
        later_ms = now_ms + rung_ms if alarm.owner else alarm.next_ms
        alarm = replace(alarm, gone_ms=None, next_ms=max(alarm.next_ms, later_ms))
    if breach is None and alarm.gone_ms is None and not alarm.is_drill:
        alarm = replace(alarm, gone_ms=now_ms)
    if breach is not None:
        alarm = replace(alarm, value=_keep_worst(alarm, breach))
    if alarm.owner and alarm.is_drill:
        return replace(alarm, gone_ms=now_ms, ended_ms=now_ms)
    if is_owned and alarm.gone_ms is not None and now_ms - alarm.gone_ms >= limits.settled_ms:
        return replace(alarm, ended_ms=now_ms)
    is_seen_to = is_owned and alarm.gone_ms is not None
    if now_ms >= alarm.next_ms and not is_seen_to:
        rung = min(alarm.rung + 1, N_RUNGS - 1)
        return replace(alarm, rung=rung, next_ms=now_ms + rung_ms, owner="", name="", owned_ms=None)
    return alarm


def own(alarm: TankAlarm, owner: str, name: str, now_ms: int) -> TankAlarm:
    """Return it with an owner, who is asked again when it goes on for too long."""
    return replace(alarm, owner=owner, name=name, owned_ms=now_ms, next_ms=now_ms + alarm.patience_ms)


def put_off(alarm: TankAlarm, until_ms: int) -> TankAlarm:
    """Return it with more time for its owner."""
    return replace(alarm, next_ms=until_ms)


def _keep(value: float | None) -> float | None:
    return value if value is not None and abs(value) < float("inf") else None


def _keep_worst(alarm: TankAlarm, breach: Breach) -> float | None:
    values = [one for one in (alarm.value, _keep(breach.value)) if one is not None]
    if not values:
        return None
    is_low = breach.rule in ("oxygen-low", "level-low", "space-short")
    return min(values) if is_low else max(values)
