"""When to stop replicating: cases on paper, and the rule applied by hand to noise."""

import math
from collections.abc import Sequence

import numpy as np
import pytest
from scipy import stats

from oncopolis.foundation import InputError
from oncopolis.twin.experiments.replications import Precision, RunMany, replicate

NOISE = np.random.default_rng(7).normal(100, 10, 2000)


def read_off(*columns: Sequence[float]) -> RunMany:
    names = "abc"
    return lambda numbers: [{names[j]: float(column[i]) for j, column in enumerate(columns)} for i in numbers]


def stop_by_hand(values: Sequence[float], share: float, look: int = 5, least: int = 3) -> tuple[int, int]:
    """The paper's rule with scipy's interval, every prefix anew: replications needed, and run."""
    reached = None
    for n in range(least, len(values) + 1):
        some = np.array(values[:n])
        half = stats.t.ppf(0.975, n - 1) * some.std(ddof=1) / math.sqrt(n)
        if half > share * abs(some.mean()):
            reached = None
            continue
        reached = reached or n
        if n - reached >= (look if reached <= 100 else look * reached // 100):
            return reached, n
    raise AssertionError


@pytest.mark.parametrize("share", [0.01, 0.02, 0.05, 0.1])
@pytest.mark.parametrize("at_once", [1, 2, 7])
def test_stops_where_the_paper_does_however_many_run_at_once(share: float, at_once: int) -> None:
    found = replicate(read_off(NOISE.tolist()), {"a": Precision(share)}, at_once=at_once)
    assert (found.needed, found.n) == stop_by_hand(NOISE.tolist(), share)
    assert found.complete
    np.testing.assert_array_equal(found.values["a"], NOISE[: found.n])


def test_look_ahead_grows_in_proportion_above_a_hundred() -> None:
    found = replicate(read_off(NOISE.tolist()), {"a": Precision(0.01)})
    assert found.needed is not None
    assert found.needed > 100
    assert found.n == found.needed + 5 * found.needed // 100


def test_a_chance_hit_does_not_last() -> None:
    values = [10.0, 10.0, 10.0, 30.0, *([12.0] * 400)]
    found = replicate(read_off(values), {"a": Precision(0.05)})
    assert found.table[2].is_met
    assert not found.table[3].is_met
    assert found.needed == stop_by_hand(values, 0.05)[0] > 4


def test_equal_values_stop_at_once_after_the_look_ahead() -> None:
    found = replicate(read_off([5.0] * 20), {"a": Precision(0.05)})
    assert (found.needed, found.n) == (3, 8)
    assert found.get_interval("a").half_width == 0


def test_every_output_has_to_be_within_its_own_precision() -> None:
    steady, noisy = [5.0] * 2000, NOISE.tolist()
    wanted = {"a": Precision(0.05), "b": Precision(0.02)}
    found = replicate(read_off(steady, noisy), wanted)
    assert found.needed == stop_by_hand(noisy, 0.02)[0]
    assert found.reached["a"] == 3
    assert {row.output for row in found.table} == {"a", "b"}
    assert len(found.table) == 2 * found.n


def test_an_amount_serves_where_the_mean_is_near_nought() -> None:
    values = (NOISE - 100).tolist()
    found = replicate(read_off(values), {"a": Precision(share=0.05, amount=3.0)})
    assert found.needed is not None
    assert found.get_interval("a").half_width <= 3.0


def test_the_limit_ends_the_search_and_says_so() -> None:
    found = replicate(read_off(NOISE.tolist()), {"a": Precision(0.001)}, most=20)
    assert (found.needed, found.n, found.complete) == (None, 20, True)
    assert found.reached == {"a": None}


def test_stopped_runs_end_the_search_and_say_so() -> None:
    full = read_off(NOISE.tolist())
    found = replicate(lambda numbers: full([i for i in numbers if i < 6]), {"a": Precision(0.001)})
    assert (found.needed, found.n, found.complete) == (None, 6, False)


def test_no_replication_is_run_in_vain_one_at_a_time() -> None:
    asked: list[int] = []
    full = read_off([5.0] * 20)

    def note(numbers: Sequence[int]) -> Sequence[dict[str, float]]:
        asked.extend(numbers)
        return [dict(row) for row in full(numbers)]

    assert replicate(note, {"a": Precision(0.05)}).n == len(asked) == 8


def test_an_output_missing_here_and_there_is_judged_by_those_that_have_it() -> None:
    def run(numbers: Sequence[int]) -> Sequence[dict[str, float]]:
        return [{"a": 5.0 + i % 2, "rare": 2.0} if i % 3 else {"a": 5.0 + i % 2} for i in numbers]

    found = replicate(run, {"a": Precision(0.1), "rare": Precision(0.1)})
    assert found.needed is not None
    interval = found.get_interval("rare")
    assert (interval.value, interval.half_width) == (2.0, 0.0)
    assert interval.n < found.n


def test_what_is_not_judged_is_kept() -> None:
    found = replicate(read_off([5.0] * 20, NOISE.tolist()), {"a": Precision(0.05)})
    assert found.get_interval("b").n == found.n == 8


@pytest.mark.parametrize("wanted", [{}, {"a": Precision()}, {"a": Precision(0.1), "b": Precision(0.0)}])
def test_a_precision_that_cannot_be_met_is_refused(wanted: dict[str, Precision]) -> None:
    with pytest.raises(InputError, match="TWN-034"):
        replicate(read_off([1.0]), wanted)


@pytest.mark.parametrize(("least", "most"), [(1, 5), (6, 5)])
def test_limits_out_of_order_are_refused(least: int, most: int) -> None:
    with pytest.raises(InputError, match="TWN-035"):
        replicate(read_off([1.0]), {"a": Precision(0.1)}, least=least, most=most)
