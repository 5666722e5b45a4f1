"""The smallest capacity: against trying everything, with and without margins and hints."""

from collections.abc import Mapping
from itertools import product

import pytest

from oncopolis.foundation import InfeasibleError, InputError
from oncopolis.twin.experiments.capacity import Capacity, Counts, Evaluate, Trial, Verdict, find_capacity

LOW = {"linac": 1, "theatre": 0, "bed": 1}
HIGH = {"linac": 12, "theatre": 9, "bed": 60}
PRICES = {"linac": 40.0, "theatre": 10.0, "bed": 1.0}


def judge_sums(counts: Counts) -> list[Verdict]:
    """Needs of their own, and one that beds and theatres can both serve."""
    needs = {
        "fractions": (counts["linac"] * 30, 200, ("linac",)),
        "operations": (min(counts["theatre"] * 5, counts["bed"]), 18, ("theatre", "bed")),
        "census": (counts["bed"] + 3 * counts["theatre"], 50, ("bed", "theatre")),
    }
    return [
        Verdict(target, have >= need, have / need - 1, hints) for target, (have, need, hints) in needs.items()
    ]


def judge_yes_or_no(counts: Counts) -> list[Verdict]:
    return [Verdict(verdict.target, verdict.met) for verdict in judge_sums(counts)]


def list_minimal(evaluate: Evaluate, high: Mapping[str, int] = HIGH) -> list[Counts]:
    """Every solution of which no single count can be lowered, by trying all."""

    def meets(counts: Counts) -> bool:
        return all(verdict.met for verdict in evaluate(counts))

    spaces = [range(LOW[name], high[name] + 1) for name in LOW]
    solutions = [dict(zip(LOW, counts, strict=True)) for counts in product(*spaces)]
    return [
        counts
        for counts in solutions
        if meets(counts)
        and not any(counts[name] > LOW[name] and meets(counts | {name: counts[name] - 1}) for name in counts)
    ]


def price(counts: Counts) -> float:
    return sum(PRICES[name] * count for name, count in counts.items())


def find(evaluate: Evaluate, **more: int) -> Capacity:
    return find_capacity(evaluate, LOW, HIGH, prices=PRICES, most_trials=more.get("most_trials"))


@pytest.mark.parametrize("evaluate", [judge_sums, judge_yes_or_no])
def test_the_answer_is_one_that_trying_everything_finds(evaluate: Evaluate) -> None:
    found = find(evaluate)
    minimal = list_minimal(evaluate)
    assert found.counts in minimal
    assert found.is_proven
    assert not [verdict for verdict in found.verdicts if not verdict.met]
    for name in LOW:
        assert found.least[name] == min(counts[name] for counts in minimal)


def test_with_margins_it_is_the_cheapest_here() -> None:
    assert price(find(judge_sums).counts) == min(map(price, list_minimal(judge_sums)))


def test_one_less_of_anything_misses_what_is_named() -> None:
    found = find(judge_sums)
    for name, targets in found.needed_for.items():
        lower = judge_sums(found.counts | {name: found.counts[name] - 1})
        assert targets == tuple(verdict.target for verdict in lower if not verdict.met) != ()


def test_nothing_is_tried_twice_and_little_is_tried() -> None:
    asked: list[tuple[int, ...]] = []

    def note(counts: Counts) -> list[Verdict]:
        asked.append(tuple(counts.values()))
        return judge_sums(counts)

    told: list[Trial] = []
    found = find_capacity(note, LOW, HIGH, prices=PRICES, on_trial=told.append)
    assert len(asked) == len(set(asked)) == len(found.trials)
    assert list(found.trials) == told
    assert len(asked) < 150 < 12 * 10 * 60


def test_the_lowest_counts_are_taken_where_they_do() -> None:
    found = find_capacity(lambda counts: [Verdict("any", met=True)], LOW, HIGH)
    assert found.counts == LOW
    assert found.is_proven
    assert found.needed_for == {"linac": (), "theatre": (), "bed": ()}


def test_what_even_the_most_cannot_meet_is_named() -> None:
    with pytest.raises(InfeasibleError, match=r"target fractions: .*5 linac.*more of linac.*TWN-049"):
        find_capacity(judge_sums, LOW, HIGH | {"linac": 5})


def test_at_the_limit_the_cheapest_seen_is_returned_unproven() -> None:
    found = find(judge_sums, most_trials=6)
    assert not found.is_proven
    assert len(found.trials) == 6
    assert all(verdict.met for verdict in judge_sums(found.counts))
    assert price(found.counts) == min(price(trial.counts) for trial in found.trials if not trial.missed)
    assert find(judge_sums, most_trials=1).counts == HIGH


def test_what_is_not_monotone_is_proven_all_the_same() -> None:
    """A judge with a hole in it: what is stated has been tried."""

    def judge(counts: Counts) -> list[Verdict]:
        return [Verdict("odd", counts["bed"] >= 20 and counts["bed"] % 7 != 3)]

    found = find_capacity(judge, LOW, HIGH)
    assert found.is_proven
    assert judge(found.counts)[0].met
    assert not judge(found.counts | {"bed": found.counts["bed"] - 1})[0].met


@pytest.mark.parametrize(
    ("low", "high", "prices"),
    [
        ({}, {}, {}),
        ({"a": 1}, {}, {}),
        ({}, {"a": 1}, {}),
        ({"a": 3}, {"a": 2}, {}),
        ({"a": -1}, {"a": 2}, {}),
        ({"a": 1}, {"a": 2}, {"a": 0.0}),
    ],
)
def test_bounds_out_of_order_are_refused(
    low: Mapping[str, int], high: Mapping[str, int], prices: Mapping[str, float]
) -> None:
    with pytest.raises(InputError, match="TWN-048"):
        find_capacity(judge_sums, low, high, prices=prices)
