"""What a caller may see, put together from the table: one condition for each type of record."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from oncopolis.record.access.allowing import EVERYTHING, Allowed, Condition
from oncopolis.record.access.caller import Caller
from oncopolis.record.access.conditions import FALSE, both, deny, either, get_number, has_token
from oncopolis.record.access.disclosing import Default, is_harmless, was_told, was_told_everything
from oncopolis.record.access.policy import LAY, Policy, Right, Rule, get_policy
from oncopolis.record.access.relating import relate
from oncopolis.record.access.scoping import narrow

_N_KEPT: Final = 4_096  # structure: conditions of callers who ask again
EMERGENCY: Final = "ETREAT"
"""Purpose of use by which the glass is broken."""


@dataclass(frozen=True, slots=True)
class Rights:
    """What one caller may do; what they may see is `Allowed`.

    Parameters
    ----------
    right
        Which right `restrict` tells of.
    now_ms
        The time, milliseconds since 1970 (UTC): consents have ends.
    default
        Whether a diagnosis counts as disclosed as long as nobody says anything.
    glass
        The patient whose record the broken glass opens.
    """

    caller: Caller
    right: Right
    now_ms: int
    default: Default = "withheld"
    glass: str | None = None
    policy: Policy = field(default_factory=get_policy, compare=False)

    def for_right(self, right: Right) -> "Rights":
        """The same for another right."""
        return Rights(self.caller, right, self.now_ms, self.default, self.glass, self.policy)

    def restrict(self, type_: str, alias: str) -> Condition:
        """The condition on a row of ``resource`` of this type, which the query calls ``alias``."""
        return _restrict(self, self.policy, type_, alias)

    def compile(self, type_: str, alias: str) -> Condition:
        """What `restrict` remembers."""
        return both(
            [
                self.reach(self.right, type_, alias),
                deny(self._is_closed(f"{alias}.rk")),
                narrow(self.caller, self.right, type_, alias),
            ]
        )

    def reach(self, right: Right, type_: str, alias: str) -> Condition:
        """The records that rows of the table give a right to, labels and scopes aside."""
        return either(self._reach(rule, type_, alias) for rule in self.list_rules(right, type_))

    def list_rules(self, right: Right, type_: str) -> tuple[Rule, ...]:
        """Rows that speak of a right to records of a type."""
        caller = self.caller
        return _list_rules(self.policy, caller.roles, caller.purpose, caller.scopes is not None, right, type_)

    def _reach(self, rule: Rule, type_: str, alias: str) -> Condition:
        whose = relate(rule.whose, self.caller, alias, self.now_ms)
        if rule.whose == "clinic" and self.has_broken_glass(rule):
            whose = either([whose, (f"{alias}.patient = ?", (self.glass,))])
        conditions = [whose]
        if rule.only is not None:
            parameter, system, code = rule.only
            conditions.append(has_token(f"{alias}.rk", get_number(type_, parameter), system, [code]))
        if rule.roles <= LAY:
            conditions.append(self._is_shown(rule, type_, alias))
        return both(conditions)

    def has_broken_glass(self, rule: Rule) -> bool:
        """Whether the glass is broken, and that opens what a row reaches."""
        return self.glass is not None and bool(rule.roles & self.caller.roles & self.policy.glass)

    def _is_shown(self, rule: Rule, type_: str, alias: str) -> Condition:
        if rule.whose == "nobody":
            told = was_told_everything(self.caller, self.default)
        else:
            told = was_told(f"{alias}.patient", self.caller, self.default)
        return either([told, is_harmless(type_, self.policy, alias)])

    def _is_closed(self, rk: str) -> Condition:
        """Whether a label closes a record to the caller."""
        closed: dict[str, list[str]] = {}
        for label in self.policy.labels:
            if not label.roles & self.caller.roles:
                closed.setdefault(label.system, []).append(label.code)
        return either(has_token(rk, None, system, codes) for system, codes in closed.items())


@lru_cache(_N_KEPT)
def _list_rules(
    policy: Policy,
    roles: frozenset[str],
    purpose: str,
    is_scoped: bool,
    right: Right,
    type_: str,
) -> tuple[Rule, ...]:
    return tuple(
        rule
        for rule in policy.rules
        if rule.roles & roles
        and right in rule.may
        and type_ in rule.types
        and (not purpose or not rule.purposes or purpose in rule.purposes)
        and ("program" not in rule.roles or is_scoped)
    )


@lru_cache(_N_KEPT)
def _restrict(rights: Rights, _policy: Policy, type_: str, alias: str) -> Condition:
    return rights.compile(type_, alias)


@dataclass(frozen=True, slots=True)
class _Nothing:
    def restrict(self, type_: str, alias: str) -> Condition:  # noqa: ARG002 - nothing is allowed
        return FALSE


NOTHING: Final[Allowed] = _Nothing()
"""For those who may see nothing at all."""


def restrict_any(allowed: Allowed, types: Iterable[str], alias: str) -> Condition:
    """The condition on a row of ``resource`` of any type."""
    if allowed is EVERYTHING:
        return "1 = 1", ()
    by_condition: dict[Condition, list[str]] = {}
    for type_ in types:
        by_condition.setdefault(allowed.restrict(type_, alias), []).append(type_)
    return either(
        both([(f"{alias}.type IN ({', '.join('?' * len(alike))})", tuple(alike)), condition])
        for condition, alike in by_condition.items()
        if condition != FALSE
    )
