"""`make_review`: rules applied to a building, their answers grouped, waived and counted."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import NAMESPACE_URL, uuid5

from oncopolis.design.matching import Matches, match_spaces
from oncopolis.design.model import Building
from oncopolis.design.required import Programme
from oncopolis.design.review.waiving import Waiver, find_waiver, is_in_force
from oncopolis.design.rules import CHECKS, Case, Outcome, Pack, Rule, find_roles
from oncopolis.design.snapshots import Snapshots
from oncopolis.foundation import Finding

REVISION = "revision"
_N_TOLD = 3  # structure: how many places a grouped finding names


@dataclass(frozen=True)
class Group:
    """Outcomes of one rule that say the same of several things."""

    id: str
    """UUID, the same in every review of the project."""
    rule: Rule
    state: str
    """``failed``, ``unknown``, ``waived`` or ``known``."""
    expected: str
    outcomes: tuple[Outcome, ...]
    waiver: Waiver | None = None
    is_expired: bool = False
    """Whether a waiver would cover it, had it not run out."""

    @property
    def is_failing(self) -> bool:
        """Whether it fails the review."""
        return self.state == "failed" and self.rule.severity == "error"

    def tell_actual(self) -> str:
        """Return what was found: the value, or how it ranges."""
        values = Counter(outcome.actual for outcome in self.outcomes)
        if len(values) == 1:
            return next(iter(values))
        shown = [f"{value} ({n})" if n > 1 else value for value, n in values.most_common(_N_TOLD)]
        return "; ".join(shown) + (f"; {len(values) - _N_TOLD} more" if len(values) > _N_TOLD else "")

    def to_finding(self) -> Finding:
        """Return it as a finding of the house."""
        places = [outcome.things[0].words for outcome in self.outcomes if outcome.things]
        more = len(places) - _N_TOLD
        return Finding(
            rule=self.rule.id,
            severity=self.rule.severity if self.state == "failed" else "note",
            where=", ".join(places[:_N_TOLD]) + (f" and {more} more" if more > 0 else ""),
            message=self.rule.message,
            actual=self.tell_actual(),
            expected=self.expected,
            source=", ".join(part for part in (self.rule.source, self.rule.clause) if part),
            fix=self.rule.fix,
        )


@dataclass(frozen=True, slots=True)
class Tally:
    """How often a rule passed, failed or could not be decided."""

    rule: Rule
    pack: str
    n_passed: int
    n_failed: int
    n_unknown: int
    n_waived: int
    n_known: int


@dataclass(frozen=True)
class Review:
    """A building reviewed."""

    case: Case
    groups: tuple[Group, ...]
    tallies: tuple[Tally, ...]
    unused_waivers: tuple[Waiver, ...] = ()
    packs: tuple[str, ...] = ()

    @property
    def is_failing(self) -> bool:
        """Whether anything fails it."""
        return any(group.is_failing for group in self.groups)


@dataclass(frozen=True)
class Ruling:
    """What is let pass, and the day that is judged by."""

    today: date
    waivers: tuple[Waiver, ...] = ()
    baseline: Collection[tuple[str, str]] = field(default_factory=frozenset)


def make_case(
    building: Building, programme: Programme | None, settled: Mapping[str, str], older: Snapshots | None
) -> Case:
    """Find the roles of spaces and match the rest to the programme."""
    roles = find_roles(building)
    if programme is None:
        return Case(building, None, Matches({}), older, roles)
    matches = match_spaces(building, programme, settled, roles)
    # A room of the programme is one, even where its name reads like a passage; docks and lobbies stay both.
    kept = {space: role for space, role in roles.items() if space not in matches.by_space or _is_both(role)}
    return Case(building, programme, matches, older, kept)


def _is_both(role: str) -> bool:
    return role in {"dock", "entrance"}


def make_review(
    case: Case,
    packs: Sequence[Pack],
    ruling: Ruling,
    more: Sequence[tuple[Rule, Sequence[Outcome]]] = (),
) -> Review:
    """Apply rules.

    Parameters
    ----------
    case
        What is reviewed.
    packs
        Rules; those that need a programme are left out where there is none, those of revisions where there is
        no older one.
    ruling
        What is let pass.
    more
        Rules decided elsewhere, such as those of an IDS file, with their answers.
    """
    groups: list[Group] = []
    tallies: list[Tally] = []
    used: set[Waiver] = set()
    decided = [
        (pack.id, rule, list(CHECKS[rule.check].decide(case, rule)))
        for pack in packs
        if pack.id != REVISION or case.older is not None
        for rule in pack.rules
        if case.programme is not None or not CHECKS[rule.check].needs_programme
    ]
    decided += [("ids", rule, list(outcomes)) for rule, outcomes in more]
    for pack_id, rule, outcomes in decided:
        found = _group(rule, outcomes, ruling)
        used |= {group.waiver for group in found if group.waiver}
        groups += found
        tallies.append(_count(rule, pack_id, outcomes, found))
    order = {"error": 0, "warning": 1, "note": 2}
    states = {"failed": 0, "unknown": 1, "known": 2, "waived": 2}
    groups.sort(key=lambda group: (states[group.state], order[group.rule.severity]))
    unused = tuple(waiver for waiver in ruling.waivers if waiver not in used)
    return Review(case, tuple(groups), tuple(tallies), unused, tuple(pack.id for pack in packs))


def _group(rule: Rule, outcomes: Sequence[Outcome], ruling: Ruling) -> list[Group]:
    sorted_out: dict[tuple[str, str, Waiver | None], list[Outcome]] = defaultdict(list)
    for outcome in outcomes:
        if outcome.state == "passed":
            continue
        state, waiver = _judge(rule, outcome, ruling)
        sorted_out[state, outcome.expected, waiver].append(outcome)
    return [
        Group(
            str(uuid5(NAMESPACE_URL, f"oncopolis/{rule.id}/{state}/{expected}")),
            rule,
            state,
            expected,
            tuple(found),
            waiver,
            is_expired=state == "failed" and waiver is not None,
        )
        for (state, expected, waiver), found in sorted_out.items()
    ]


def _judge(rule: Rule, outcome: Outcome, ruling: Ruling) -> tuple[str, Waiver | None]:
    if outcome.state == "unknown":
        return "unknown", None
    waiver = find_waiver(ruling.waivers, rule.id, outcome, ruling.today)
    if waiver and is_in_force(waiver, ruling.today):
        return "waived", waiver
    if outcome.things and (rule.id, outcome.things[0].id) in ruling.baseline:
        return "known", None
    return "failed", waiver


def _count(rule: Rule, pack: str, outcomes: Sequence[Outcome], groups: Sequence[Group]) -> Tally:
    n = Counter(outcome.state for outcome in outcomes)
    by_state: Counter[str] = Counter()
    for group in groups:
        by_state[group.state] += len(group.outcomes)
    return Tally(
        rule, pack, n["passed"], by_state["failed"], n["unknown"], by_state["waived"], by_state["known"]
    )
