"""Comparing what was expected with what was seen, rule by rule."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from oncopolis.operations.loop.codes import Read
from oncopolis.operations.loop.rules import READABLE, CheckKind, Rule, get_rules


class Fact(NamedTuple):
    """What a rule compares.

    Parameters
    ----------
    expected
        One value, or several for ``among`` and ``between``. Days and moments in ISO form.
    """

    expected: str | tuple[str, ...]
    seen: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came of one rule."""

    rule: str
    is_met: bool
    expected: str
    seen: str


def judge(kind: CheckKind, reads: Mapping[str, Read], facts: Mapping[str, Fact]) -> tuple[Verdict, ...]:
    """Return what came of every rule of a kind of check; of unreadable scans nothing else is judged.

    Parameters
    ----------
    reads
        What was scanned, by the names of the rules.
    facts
        Rule -> what it compares.
    """
    unread = [name for name in get_rules()[kind].scans if reads[name].fault]
    if unread:
        return tuple(Verdict(READABLE, False, name, reads[name].fault) for name in unread)
    return tuple(_judge(rule, facts[rule.id]) for rule in get_rules()[kind].rules)


def _judge(rule: Rule, fact: Fact) -> Verdict:
    several = fact.expected if isinstance(fact.expected, tuple) else (fact.expected,)
    return Verdict(rule.id, _is_met(rule, several, fact.seen), " … ".join(several), fact.seen)


def _is_met(rule: Rule, expected: tuple[str, ...], seen: str) -> bool:
    if not any(expected):
        return rule.is_open
    if not seen:
        return False
    if rule.compare == "until":
        return seen <= expected[0]
    if rule.compare == "between":
        return expected[0] <= seen <= expected[-1]
    return seen in expected
