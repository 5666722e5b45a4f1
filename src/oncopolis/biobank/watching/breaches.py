"""What is wrong by the sensors of a tank or of its room, now."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias, get_args

from oncopolis.biobank.watching.channels import Channel
from oncopolis.biobank.watching.limits import Limits
from oncopolis.biobank.watching.readings import Kind

Rule: TypeAlias = Literal[
    "oxygen-low", "interlock-open", "too-warm", "warming", "level-low", "lid-open", "doubtful", "silent",
    "intake-silent", "unread", "drill", "alone", "overdue", "space-short",
]  # fmt: skip
RULES: Final[tuple[Rule, ...]] = get_args(Rule)
QUIET: Final[frozenset[Rule]] = frozenset({"overdue", "space-short"})
"""It has an owner and its place on the wall, but nobody is called out of bed for it."""
SERIOUS: Final[frozenset[Rule]] = frozenset(
    {"oxygen-low", "interlock-open", "too-warm", "intake-silent", "alone"}
)
"""People or specimens come to harm soon: it cannot be put off."""


@dataclass(frozen=True, slots=True)
class Breach:
    """Something that is wrong.

    Parameters
    ----------
    detail
        The sensor, where it is about one.
    value
        What was measured; None where nothing was.
    """

    rule: Rule
    subject: str
    detail: str = ""
    value: float | None = None

    @property
    def key(self) -> str:
        """Name of it: there is one alarm of that name at a time."""
        return f"{self.rule}:{self.subject}" + (f":{self.detail}" if self.detail else "")


def find_breaches(
    subject: str, channels: Mapping[Kind, Channel], now_ms: int, limits: Limits, open_keys: Collection[str]
) -> Iterator[Breach]:
    """Yield what is wrong with a tank or a room; what has an alarm has to fall well below its limit.

    Parameters
    ----------
    channels
        Its sensors. One that has never been heard is in `find_never_heard`.
    open_keys
        Names of alarms that are open.
    """
    for kind, channel in channels.items():
        if now_ms - channel.heard_ms >= limits.silent_ms:
            yield Breach("silent", subject, kind)
        elif channel.doubt:
            yield Breach("doubtful", subject, kind, channel.said)
    for breach in _find_all(subject, channels, now_ms, limits, open_keys):
        if breach is not None:
            yield breach


def _find_all(
    subject: str, channels: Mapping[Kind, Channel], now_ms: int, limits: Limits, open_keys: Collection[str]
) -> Iterator[Breach | None]:
    lid = channels.get("lid")
    is_open = lid is not None and lid.value == 1
    is_masked = (
        lid is not None and is_open and not lid.doubt
        and now_ms - lid.heard_ms < limits.silent_ms and now_ms - lid.since_ms < limits.masked_ms
    )  # fmt: skip

    def above(kind: Kind, rule: Rule, limit: float, by: float) -> Breach | None:
        value = _get(channels, kind)
        margin = by if f"{rule}:{subject}" in open_keys else 0.0
        is_wrong = value is not None and (value > limit - margin if margin else value >= limit)
        return Breach(rule, subject, value=value) if is_wrong else None

    def below(kind: Kind, rule: Rule, limit: float, by: float) -> Breach | None:
        value = _get(channels, kind)
        margin = by if f"{rule}:{subject}" in open_keys else 0.0
        is_wrong = value is not None and (value < limit + margin if margin else value <= limit)
        return Breach(rule, subject, value=value) if is_wrong else None

    warm = above("temperature", "too-warm", limits.warm_c, limits.cold_by_c)
    if warm is None or warm.value is None or not is_masked or warm.value >= limits.critical_c:
        yield warm
    if not is_masked:
        yield _find_rise(subject, channels.get("temperature"), limits, open_keys)
    yield below("level", "level-low", limits.low_level, limits.filled_by)
    yield below("oxygen", "oxygen-low", limits.low_oxygen, limits.good_by)
    yield below("interlock", "interlock-open", 0, 0)
    if is_open and lid is not None and now_ms - lid.since_ms >= limits.open_ms:
        yield Breach("lid-open", subject)


def _find_rise(
    subject: str, channel: Channel | None, limits: Limits, open_keys: Collection[str]
) -> Breach | None:
    if channel is None or channel.value is None or channel.lowest is None:
        return None
    margin = limits.cold_by_c if f"warming:{subject}" in open_keys else 0.0
    rise_c = channel.value - channel.lowest
    return Breach("warming", subject, value=channel.value) if rise_c >= limits.rise_c - margin else None


def _get(channels: Mapping[Kind, Channel], kind: Kind) -> float | None:
    channel = channels.get(kind)
    return None if channel is None else channel.value
