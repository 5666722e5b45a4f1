"""Readings of a file are kept, and what was wrong then has an alarm that somebody has to own."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import groupby
from typing import Final

from oncopolis.biobank.watching.alarms import TankAlarm, raise_alarm
from oncopolis.biobank.watching.breaches import Breach, Rule
from oncopolis.biobank.watching.files import Logged
from oncopolis.biobank.watching.limits import Limits
from oncopolis.biobank.watching.rota import CALL, list_calls
from oncopolis.foundation import InputError
from oncopolis.foundation.units import MS_PER_SECOND
from oncopolis.record import Act
from oncopolis.record.biobank.readings import Said, add_readings, list_readings
from oncopolis.record.biobank.watching import list_on_duty
from oncopolis.record.store import Store, Transaction
from oncopolis.record.store.naming import make_id

ACT: Final = "bank_readings"
"""How the audit names it."""


@dataclass(frozen=True, slots=True)
class Excursion:
    """A time in which something was wrong, up to the first good reading after it, or the last of all."""

    rule: Rule
    subject: str
    from_ms: int
    until_ms: int
    worst: float


@dataclass(frozen=True, slots=True)
class Filed:
    """How many readings came in, how many were known, and what was wrong among the new ones."""

    n_new: int
    n_known: int
    excursions: tuple[Excursion, ...]


def find_excursions(readings: Sequence[Said], limits: Limits) -> Iterator[Excursion]:
    """Yield what was wrong by readings in the order of sensor and time."""
    for (subject, kind), some in groupby(readings, key=lambda one: (one.subject, one.kind)):
        rule: Rule | None = {"temperature": "too-warm", "level": "level-low", "oxygen": "oxygen-low"}.get(
            kind
        )  # type: ignore[assignment]
        if rule is None:
            continue
        begun: Said | None = None
        worst = last = 0.0
        for one in some:
            last = one.at_ms
            is_wrong = _is_wrong(rule, one.value, limits)
            if is_wrong:
                worst = one.value if begun is None else _choose_worst(rule, worst, one.value)
                begun = begun or one
            elif begun is not None:
                yield Excursion(rule, subject, begun.at_ms, one.at_ms, worst)
                begun = None
        if begun is not None:
            yield Excursion(rule, subject, begun.at_ms, int(last), worst)


def _is_wrong(rule: Rule, value: float, limits: Limits) -> bool:
    if rule == "too-warm":
        return value >= limits.warm_c
    return value <= (limits.low_level if rule == "level-low" else limits.low_oxygen)


def _choose_worst(rule: Rule, one: float, other: float) -> float:
    return max(one, other) if rule == "too-warm" else min(one, other)


def file_readings(store: Store, logged: Logged, limits: Limits, audited: Act, now_ms: int) -> Filed:
    """Keep readings, all or none; what is known already stays as it is.

    Raises
    ------
    InputError
        A row is wrong (BIO-213).
    """
    if logged.bad:
        raise InputError(
            code="BIO-213", where="file of readings", got=f"{len(logged.bad)} rows that are wrong",
            expected="none", fix="correct them and send the file again; nothing was written",
        )  # fmt: skip

    def write(transaction: Transaction) -> Filed:
        new = _find_new(transaction, logged.readings)
        add_readings(transaction.session, new)
        excursions = tuple(find_excursions(new, limits))
        on_duty = list_on_duty(transaction.session, now_ms)
        for one in excursions:
            alarm = _raise(one, limits, now_ms)
            transaction.put(alarm.to_record())
            for payload, key in list_calls(alarm, on_duty):
                transaction.send(CALL, payload, key=key)
        return Filed(len(new), len(logged.readings) - len(new), excursions)

    return store.submit(write, audited).result()


def _find_new(transaction: Transaction, readings: Sequence[Said]) -> list[Said]:
    new: list[Said] = []
    for (subject, kind), some in groupby(readings, key=lambda one: (one.subject, one.kind)):
        listed = list(some)
        known = list_readings(
            transaction.session, subject, kind, listed[0].at_ms, listed[-1].at_ms + 1
        )  # fmt: skip
        times = {one.at_ms for one in known}
        new += [one for one in listed if one.at_ms not in times]
    return new


def _raise(one: Excursion, limits: Limits, now_ms: int) -> TankAlarm:
    at = datetime.fromtimestamp(one.from_ms / MS_PER_SECOND, UTC)
    breach = Breach(one.rule, one.subject, f"file {at:%Y-%m-%dT%H:%M:%S}", one.worst)
    alarm = raise_alarm(breach, make_id(now_ms), now_ms, limits)
    return replace(alarm, since_ms=one.from_ms, gone_ms=one.until_ms)
