"""The smallest counts of resources that meet all targets, searched with the twin (or anything) as the judge.

First the least of each resource is found by bisection with all others at their most: no solution has
fewer. From these counts the search climbs, unit by unit where it helps most for its price, until all
targets are met, and then takes away what turned out not to be needed. At the end every count has been
tried one lower, all others as they are, so that the answer is proven minimal one by one. More of a
resource is taken never to harm; where it does, the search may miss a cheaper answer, but what it states
as proven has been tried.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from oncopolis.foundation import InfeasibleError, InputError


@dataclass(frozen=True)
class Verdict:
    """Whether one target is met by some counts."""

    target: str
    met: bool
    margin: float | None = None
    """By how much, as a share of the target: below 0 where missed; None if only yes or no is known."""
    hints: tuple[str, ...] = ()
    """Resources of which more would help, the likeliest first; empty if nothing is known."""


Counts = dict[str, int]
Evaluate = Callable[[Counts], Sequence[Verdict]]
"""Judges counts by resource; the same counts are never asked for twice."""


@dataclass(frozen=True)
class Trial:
    """Counts that were tried."""

    counts: Counts
    verdicts: tuple[Verdict, ...]

    @property
    def missed(self) -> tuple[str, ...]:
        """Targets that were missed."""
        return tuple(verdict.target for verdict in self.verdicts if not verdict.met)


@dataclass(frozen=True)
class Capacity:
    """The end of the search."""

    counts: Counts
    verdicts: tuple[Verdict, ...]
    least: Counts
    """What each resource needs with all others at their most."""
    needed_for: dict[str, tuple[str, ...]]
    """By resource: targets missed with one less of it; empty if it stands at the lowest count allowed."""
    trials: tuple[Trial, ...]
    """Everything that was tried, in this order."""
    is_proven: bool
    """Whether no single count can be lowered; False if the limit of trials came first."""


def find_capacity(
    evaluate: Evaluate,
    low: Mapping[str, int],
    high: Mapping[str, int],
    *,
    prices: Mapping[str, float] | None = None,
    most_trials: int | None = None,
    on_trial: Callable[[Trial], None] | None = None,
) -> Capacity:
    """Find the smallest counts between `low` and `high` that meet all targets.

    Parameters
    ----------
    evaluate
        Judges counts; use the same random numbers each time.
    low, high
        Fewest and most of each resource, both included.
    prices
        Of one unit, in any money; 1 for those left out. Dear resources are spared first.
    most_trials
        Limit of what is tried; at least one is.
    on_trial
        Told of every trial, as it ends.

    Returns
    -------
    Capacity
        At the limit of trials: the cheapest counts seen that meet all targets.

    Raises
    ------
    InputError
        No resource, bounds that do not match, or a price not above 0.
    InfeasibleError
        Targets are missed even with the most of everything; names them.
    """
    _check(low, high, prices or {})
    search = _Search(evaluate, dict(low), dict(high), prices or {}, most_trials, on_trial)
    top = search.judge(search.high)
    if top.missed:
        raise _refuse(top)
    least, counts, proven = dict(low), search.high, False
    try:
        least = search.find_least()
        counts = search.lower(search.climb(least))
        proven = True
    except _LimitReached:
        counts = search.find_cheapest()
    needed_for = {name: search.find_missed_below(counts, name) for name in counts} if proven else {}
    return Capacity(
        counts=counts,
        verdicts=search.judge(counts).verdicts,
        least=least,
        needed_for=needed_for,
        trials=tuple(search.known.values()),
        is_proven=proven,
    )


class _LimitReached(Exception):  # noqa: N818 - not an error: what there is is returned
    pass


class _Search:
    def __init__(
        self,
        evaluate: Evaluate,
        low: Counts,
        high: Counts,
        prices: Mapping[str, float],
        most_trials: int | None,
        on_trial: Callable[[Trial], None] | None,
    ) -> None:
        self.evaluate, self.low, self.high = evaluate, low, high
        self.most_trials, self.on_trial = most_trials, on_trial
        self.prices = {name: float(prices.get(name, 1.0)) for name in low}
        self.dearest_first = sorted(low, key=lambda name: -self.prices[name])
        self.known: dict[tuple[int, ...], Trial] = {}

    def judge(self, counts: Counts) -> Trial:
        """Try counts, once."""
        key = tuple(counts[name] for name in self.low)
        if key not in self.known:
            if self.most_trials is not None and len(self.known) >= max(self.most_trials, 1):
                raise _LimitReached
            trial = Trial(dict(counts), tuple(self.evaluate(dict(counts))))
            self.known[key] = trial
            if self.on_trial:
                self.on_trial(trial)
        return self.known[key]

    def find_least(self) -> Counts:
        """Find what each resource needs with all others at their most."""
        return {name: self._bisect(self.high, name) for name in self.low}

    def climb(self, counts: Counts) -> Counts:
        """Add units where they help most for their price, until all targets are met."""
        while (trial := self.judge(counts)).missed:
            counts = self._step_up(trial)
        return counts

    def lower(self, counts: Counts) -> Counts:
        """Take away what is not needed, the dearest first, until nothing can be taken."""
        before: Counts = {}
        while before != counts:
            before = counts
            for name in self.dearest_first:
                counts = counts | {name: self._step_down(counts, name)}
        return counts

    def find_cheapest(self) -> Counts:
        """Return the cheapest counts seen that meet all targets."""
        met = [trial for trial in self.known.values() if not trial.missed]
        return min(met, key=self._price).counts

    def find_missed_below(self, counts: Counts, name: str) -> tuple[str, ...]:
        """Return what is missed with one less of a resource."""
        if counts[name] == self.low[name]:
            return ()
        return self.judge(counts | {name: counts[name] - 1}).missed

    def _bisect(self, others: Counts, name: str) -> int:
        below, enough = self.low[name] - 1, others[name]
        while enough - below > 1:
            middle = (below + enough) // 2
            if self.judge(others | {name: middle}).missed:
                below = middle
            else:
                enough = middle
        return enough

    def _step_up(self, trial: Trial) -> Counts:
        room = [name for name in self.low if trial.counts[name] < self.high[name]]
        hinted = {name for verdict in trial.verdicts if not verdict.met for name in verdict.hints}
        tried = [
            self.judge(trial.counts | {name: trial.counts[name] + 1})
            for name in [name for name in room if name in hinted] or room
        ]
        before = _sum_shortfalls(trial)
        return max(tried, key=lambda other: self._rate(before - _sum_shortfalls(other), trial, other)).counts

    def _rate(self, gain: float, trial: Trial, other: Trial) -> tuple[float, float]:
        """Return the gain for the money; of those that gain nothing the cheapest is best."""
        cost = self._price(other) - self._price(trial)
        return (gain / cost if gain > 0 else gain, -cost)

    def _step_down(self, counts: Counts, name: str) -> int:
        count = counts[name]
        while count > self.low[name] and not self.judge(counts | {name: count - 1}).missed:
            count -= 1
        return count

    def _price(self, trial: Trial) -> float:
        return sum(self.prices[name] * count for name, count in trial.counts.items())


def _sum_shortfalls(trial: Trial) -> float:
    """Add up by how much targets are missed; one for each of which only yes or no is known."""
    return sum(
        1.0 if verdict.margin is None else max(-verdict.margin, 0.0)
        for verdict in trial.verdicts
        if not verdict.met
    )


def _check(low: Mapping[str, int], high: Mapping[str, int], prices: Mapping[str, float]) -> None:
    wrong = [
        *(name for name in {**low, **high} if not 0 <= low.get(name, 0) <= high.get(name, -1)),
        *(name for name in high if name not in low),
        *(name for name, price in prices.items() if not price > 0),
    ]
    if wrong or not low:
        raise InputError(
            code="TWN-048",
            where="search for the smallest capacity",
            got=f"bounds or a price of {', '.join(dict.fromkeys(wrong))}" if wrong else "no resource",
            expected="a lowest and a highest count for each resource, from 0 and in order, prices above 0",
            fix="state which resources may be changed, and between which counts",
        )


def _refuse(top: Trial) -> InfeasibleError:
    hints = dict.fromkeys(name for verdict in top.verdicts if not verdict.met for name in verdict.hints)
    most = ", ".join(f"{count} {name}" for name, count in top.counts.items())
    return InfeasibleError(
        code="TWN-049",
        where=f"target {', '.join(top.missed)}",
        got=f"missed even with {most}",
        expected="a target that the most allowed can meet",
        fix="allow more" + (f" of {', '.join(hints)}" if hints else "") + ", or ease the target",
    )
