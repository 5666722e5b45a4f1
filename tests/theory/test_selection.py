"""Ranking and selection on normal systems: right as often as stated, and cheaper with common numbers."""

import math
from collections.abc import Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from oncopolis.foundation import InputError
from oncopolis.twin.experiments.allocation import compute_allocation, compute_probability, spend_budget
from oncopolis.twin.experiments.selection import Sample, Selection, Turn, select_best

N_TRIALS = 400
Z_999 = 3.29
"""Half-width of a 99.9 % interval in standard errors."""
SLIPPAGE = (0.0, 1.0, 1.0, 1.0, 1.0)
"""The least favourable case: all others worse by just the indifference."""


def make_systems(
    means: tuple[float, ...], seed: int, sds: tuple[float, ...] | None = None, common: float = 0.0
) -> Sample:
    """Normal systems; `common` is the correlation between systems in a replication."""
    rng = np.random.default_rng(seed)
    shared = rng.normal(0, 1, 2001)
    own = rng.normal(0, 1, (len(means), 2001))
    scale = sds or (2.0,) * len(means)

    def sample(turns: Sequence[Turn]) -> list[float]:
        systems, replications = np.array(turns).T
        noise = math.sqrt(common) * shared[replications] + math.sqrt(1 - common) * own[systems, replications]
        values: list[float] = (np.array(means)[systems] + np.array(scale)[systems] * noise).tolist()
        return values

    return sample


def draw(sample: Sample, n_systems: int, n: int) -> NDArray[np.float64]:
    """As many replications of every system; shape (systems, n)."""
    return np.array([sample([(i, r) for r in range(n)]) for i in range(n_systems)])


def try_often(common: float, means: tuple[float, ...] = SLIPPAGE) -> list[Selection]:
    return [
        select_best(
            make_systems(means, seed, common=common),
            len(means),
            indifference=1.0,
            probability=0.9,
            most=2000,
        )
        for seed in range(N_TRIALS)
    ]


@pytest.mark.parametrize("common", [0.0, 0.5])
def test_the_best_is_selected_at_least_as_often_as_stated(common: float) -> None:
    selections = try_often(common)
    assert all(each.is_sure for each in selections)
    right = sum(each.best == 0 for each in selections) / N_TRIALS
    assert right > 0.9 - Z_999 * math.sqrt(0.9 * 0.1 / N_TRIALS)


def test_common_random_numbers_make_it_end_sooner() -> None:
    apart, together = (sum(sum(each.n) for each in try_often(common)) for common in (0.0, 0.8))
    assert together < apart / 2


def test_what_is_plainly_worse_is_dropped_early() -> None:
    selections = try_often(0.0, (0.0, 1.0, 8.0))
    n = np.mean([each.n for each in selections], axis=0)
    assert n[2] < 12 < n[1]


def test_one_is_selected_among_equals_too() -> None:
    selections = try_often(0.0, (0.0, 0.0))
    assert all(each.is_sure for each in selections)
    assert 0.35 < np.mean([each.best for each in selections]) < 0.65


def test_more_is_better_where_so_stated() -> None:
    sample = make_systems((0.0, 5.0, 1.0), 1)
    found = select_best(sample, 3, indifference=1.0, smallest=False)
    assert found.best == 1
    assert found.means[1] == pytest.approx(draw(sample, 2, found.n[1])[1].mean())
    assert select_best(sample, 3, indifference=1.0).best == 0


def test_the_limit_is_told() -> None:
    found = select_best(make_systems((0.0, 0.01), 1), 2, indifference=0.01, most=50)
    assert not found.is_sure
    assert max(found.n) == 50


def test_systems_without_noise_are_told_apart_at_once() -> None:
    found = select_best(lambda turns: [float(system) for system, _ in turns], 3, indifference=0.5)
    assert (found.best, found.n, found.left, found.is_sure) == (0, (10, 10, 10), (0,), True)


def follow_the_paper(values: NDArray[np.float64], indifference: float, probability: float, first: int) -> int:
    """KN as printed, larger is better, c = 1, with means and W; pair by pair."""
    k = len(values)
    eta = 0.5 * ((2 * (1 - probability) / (k - 1)) ** (-2 / (first - 1)) - 1)
    h2 = 2 * eta * (first - 1)
    s2 = {
        (i, j): np.var(values[i, :first] - values[j, :first], ddof=1)
        for i in range(k)
        for j in range(k)
        if i != j
    }
    alive, r = set(range(k)), first
    if first > max(math.floor(h2 * each / indifference**2) for each in s2.values()):
        return int(np.argmax(values[:, :first].mean(axis=1)))
    while True:
        mean = values[:, :r].mean(axis=1)
        old = set(alive)
        alive = {
            i
            for i in old
            if all(
                mean[i] >= mean[j] - max(0.0, indifference / (2 * r) * (h2 * s2[i, j] / indifference**2 - r))
                for j in old - {i}
            )
        }
        if len(alive) == 1:
            return alive.pop()
        r += 1


def test_the_procedure_is_the_one_printed() -> None:
    for seed in range(60):
        sample = make_systems((0.0, 0.3, 0.9, 1.0), seed, (1.0, 2.0, 3.0, 1.5))
        values = draw(sample, 4, 2000)
        found = select_best(sample, 4, indifference=0.8, smallest=False, most=2000)
        assert found.best == follow_the_paper(values, 0.8, 0.95, 10)


@pytest.mark.parametrize(
    ("n_systems", "indifference", "probability", "first"),
    [(1, 1.0, 0.9, 10), (3, 0.0, 0.9, 10), (3, 1.0, 0.3, 10), (3, 1.0, 1.0, 10), (3, 1.0, 0.9, 1)],
)
def test_a_selection_that_makes_no_sense_is_refused(
    n_systems: int, indifference: float, probability: float, first: int
) -> None:
    with pytest.raises(InputError, match="TWN-046"):
        select_best(
            lambda turns: [0.0] * len(turns),
            n_systems,
            indifference=indifference,
            probability=probability,
            first=first,
        )


def test_shares_have_the_ratios_of_the_formula() -> None:
    means, sds = np.array([1.0, 2.0, 3.0, 5.0]), np.array([2.0, 1.0, 3.0, 2.0])
    n = compute_allocation(means, sds, 1_000_000)
    assert n.sum() == 1_000_000
    for i, j in ((1, 2), (2, 3), (1, 3)):
        ratio = ((sds[i] / (means[i] - 1)) / (sds[j] / (means[j] - 1))) ** 2
        assert n[i] / n[j] == pytest.approx(ratio, rel=1e-4)
    assert n[0] == pytest.approx(2.0 * math.sqrt(sum((n[i] / sds[i]) ** 2 for i in (1, 2, 3))), rel=1e-4)


def test_shares_turn_round_with_the_sign() -> None:
    means, sds = [1.0, 2.0, 3.0], [1.0, 2.0, 1.0]
    up = compute_allocation([-mean for mean in means], sds, 100, smallest=False)
    np.testing.assert_array_equal(up, compute_allocation(means, sds, 100))


@pytest.mark.parametrize(("means", "sds"), [([1.0, 1.0], [0.0, 0.0]), ([1.0, 1.0, 4.0], [1.0, 1.0, 1.0])])
def test_ties_and_systems_without_noise_leave_nothing_over(means: list[float], sds: list[float]) -> None:
    n = compute_allocation(means, sds, 31)
    assert n.sum() == 31
    assert (n >= 0).all()


def test_probability_of_two_systems_is_that_of_the_normal_table() -> None:
    assert compute_probability([0.0, 1.96], [1.0, 1.0], [2, 2]) == pytest.approx(0.975, abs=1e-4)
    assert compute_probability([0.0, 0.0], [0.0, 0.0], [2, 2]) == 0.5


def test_the_budget_goes_where_the_choice_is_hard_and_is_used_up() -> None:
    means = (0.0, 0.6, 3.0, 4.0, 5.0)
    spent = [spend_budget(make_systems(means, seed), 5, 300, step=10) for seed in range(100)]
    assert all(sum(each.n) == 300 for each in spent)
    n = np.mean([each.n for each in spent], axis=0)
    assert min(n[0], n[1]) > 3 * max(n[2:])


def test_the_same_budget_is_right_more_often_than_equal_shares() -> None:
    means = (0.0, 0.6, 3.0, 4.0, 5.0)
    right = sum(spend_budget(make_systems(means, seed), 5, 200, step=15).best == 0 for seed in range(200))
    equal = 0
    for seed in range(200):
        sample = make_systems(means, seed)
        equal += int(np.argmin(draw(sample, 5, 40).mean(axis=1)) == 0)
    assert right > equal


@pytest.mark.parametrize(("n_systems", "budget", "first"), [(1, 100, 10), (3, 29, 10), (3, 100, 1)])
def test_a_budget_that_does_not_last_is_refused(n_systems: int, budget: int, first: int) -> None:
    with pytest.raises(InputError, match="TWN-047"):
        spend_budget(lambda turns: [0.0] * len(turns), n_systems, budget, first=first)
