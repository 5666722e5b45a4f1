"""The expectation over a route against sums on paper and against people walking it one by one."""

import random

import numpy as np
import pytest
from tests.routes import make_cadence, make_coefficients, make_route, make_stay, make_stop
from tests.theory.walker import walk

from oncopolis.centre.route import OUT, REST, Route, Stop
from oncopolis.foundation import InfeasibleError
from oncopolis.planning.coefficients import Coefficients
from oncopolis.planning.passage import Passage, compute_passage

NOBODY: frozenset[str] = frozenset()
N_PEOPLE = 20_000
STANDARD_ERRORS = 5
"""Chance that a right solver fails one comparison: below one in a million."""


def pass_through(
    route: Route,
    coefficients: Coefficients,
    attributes: frozenset[str] = NOBODY,
    tracked: frozenset[str] = NOBODY,
) -> Passage:
    return compute_passage(route, None, attributes, coefficients, tracked)


def count_at(passage: Passage, index: int) -> float:
    """Times a stop is done, whatever the attributes; central values."""
    return sum(float(mass.people[0]) for (i, _), mass in passage.done.items() if i == index)


@pytest.mark.parametrize("again", [0.0, 0.1, 0.5, 0.9, 0.99])
def test_a_loop_left_with_chance_p_is_gone_round_one_over_p_times(again: float) -> None:
    route = make_route(make_stop("look", [(0, "again"), (OUT, REST)]))
    passage = pass_through(route, make_coefficients(again=again))
    assert count_at(passage, 0) == pytest.approx(1 / (1 - again), rel=1e-5)
    assert float(passage.ends[NOBODY].people[0]) == pytest.approx(1, abs=1e-6)


def test_the_mean_day_of_a_loop_is_that_of_its_geometric_rounds() -> None:
    again, gap = 0.4, 10
    route = make_route(make_stop("look", [(0, "again"), (OUT, REST)], after_days=gap))
    passage = pass_through(route, make_coefficients(again=again))
    rounds = np.arange(1, 200)
    weights = again ** (rounds - 1)
    assert passage.done[0, NOBODY].day == pytest.approx(gap * float((rounds * weights).sum() / weights.sum()))
    assert passage.ends[NOBODY].day == pytest.approx(gap / (1 - again))


def test_a_loop_over_two_stops_counts_both() -> None:
    route = make_route(make_stop("treat", [(1, None)]), make_stop("look", [(0, "again"), (OUT, REST)]))
    passage = pass_through(route, make_coefficients(again=0.3))
    assert count_at(passage, 0) == pytest.approx(1 / 0.7)
    assert count_at(passage, 1) == pytest.approx(1 / 0.7)


def test_a_loop_nobody_leaves_is_refused() -> None:
    route = make_route(make_stop("look", [(0, None)]))
    with pytest.raises(InfeasibleError, match="loop"):
        pass_through(route, make_coefficients())


def test_branches_multiply() -> None:
    route = make_route(
        make_stop("a", [(1, "p"), (2, "q"), (OUT, REST)]),
        make_stop("b", [(2, "r"), (OUT, REST)]),
        make_stop("c"),
    )
    passage = pass_through(route, make_coefficients(p=0.5, q=0.2, r=0.6))
    assert [count_at(passage, i) for i in range(3)] == pytest.approx([1, 0.5, 0.2 + 0.5 * 0.6])
    assert float(passage.ends[NOBODY].people[0]) == pytest.approx(1)


def test_who_passes_a_stop_by_still_goes_on() -> None:
    route = make_route(make_stop("a", [(1, None)], share="p", skip_to=1), make_stop("b"))
    passage = pass_through(route, make_coefficients(p=0.3))
    assert [count_at(passage, i) for i in range(2)] == pytest.approx([0.3, 1])


def test_attributes_gate_exactly() -> None:
    """The operated, and nobody else, go to follow-up; a share would mix them."""
    done = frozenset({"operated"})
    route = make_route(
        make_stop("operate", [(1, None)], share="p", skip_to=1, sets=done),
        make_stop("ward", [(2, None)], has=done, skip_to=2),
        make_stop("tablets", lacks=done, skip_to=OUT),
    )
    passage = pass_through(route, make_coefficients(p=0.35), tracked=done)
    assert [count_at(passage, i) for i in range(3)] == pytest.approx([0.35, 0.35, 0.65])
    assert float(passage.ends[done].people[0]) == pytest.approx(0.35)
    assert float(passage.ends[NOBODY].people[0]) == pytest.approx(0.65)


def test_an_attribute_brought_along_opens_the_gate() -> None:
    done = frozenset({"operated"})
    route = make_route(make_stop("ward", has=done))
    assert count_at(pass_through(route, make_coefficients(), done, done), 0) == 1
    assert count_at(pass_through(route, make_coefficients(), NOBODY, done), 0) == 0


def test_an_attribute_that_makes_no_difference_is_not_kept_apart() -> None:
    route = make_route(
        make_stop("a", [(1, None)], share="p", skip_to=1, sets=frozenset({"seen"})), make_stop("b")
    )
    assert set(pass_through(route, make_coefficients(p=0.5)).ends) == {NOBODY}


def test_days_add_up_over_stays_repeats_and_waits() -> None:
    route = make_route(
        make_stop("stay", [(1, None)], setting="inpatient", tasks=(make_stay("days_in"),), after_days=3),
        make_stop("beam", [(2, None)], cadence=make_cadence(11, workdays=True)),
        make_stop("look", after_days=20),
    )
    passage = pass_through(route, make_coefficients(days_in=5.0))
    assert [passage.done[i, NOBODY].day for i in range(3)] == pytest.approx([3, 8, 8 + 10 * 7 / 5 + 20])


def test_shares_of_a_branch_that_draws_push_past_one_are_made_to_fit() -> None:
    coefficients = make_coefficients(200, p=(0.4, 0.6, 0.9), q=(0.2, 0.4, 0.8))
    route = make_route(make_stop("a", [(1, "p"), (2, "q"), (OUT, REST)]), make_stop("b"), make_stop("c"))
    passage = pass_through(route, coefficients)
    assert coefficients.get("p").max() + coefficients.get("q").max() > 1
    np.testing.assert_allclose(passage.ends[NOBODY].people, 1)
    assert max(float(mass.people.max()) for mass in passage.done.values()) <= 1 + 1e-12


def test_every_draw_stands_alone() -> None:
    coefficients = make_coefficients(50, again=(0.1, 0.3, 0.6))
    route = make_route(make_stop("look", [(0, "again"), (OUT, REST)]))
    counted = pass_through(route, coefficients).done[0, NOBODY].people
    np.testing.assert_allclose(counted, 1 / (1 - coefficients.get("again")), rtol=1e-6)


def make_random_route(seed: int) -> tuple[Route, dict[str, float]]:
    """A route of six stops with loops, gates, shares, waits, stays and repeats, drawn from a seed."""
    dice = random.Random(seed)
    values: dict[str, float] = {}
    n_stops = 6

    def invent(name: str, low: float, high: float) -> str:
        values[name] = dice.uniform(low, high)
        return name

    stops: list[Stop] = []
    for i in range(n_stops):
        on = i + 1 if i + 1 < n_stops else OUT
        exits: list[tuple[int, str | None]] = [(on, None)]
        if dice.random() < 0.6:
            further = dice.choice(list(range(i + 1, n_stops)) or [OUT])
            exits = [
                (dice.randrange(i + 1), invent(f"back{i}", 0.05, 0.3)),
                (further, invent(f"on{i}", 0.1, 0.5)),
                (on, REST),
            ]
        gate = frozenset({dice.choice("xy")})
        stops.append(
            make_stop(
                f"s{i}",
                exits,
                share=invent(f"share{i}", 0.3, 0.95) if dice.random() < 0.5 else None,
                skip_to=on,
                sets=frozenset({dice.choice("xy")}) if dice.random() < 0.4 else NOBODY,
                has=gate if dice.random() < 0.2 else NOBODY,
                lacks=gate if dice.random() < 0.2 else NOBODY,
                after_days=dice.randrange(20),
                cadence=make_cadence(dice.randrange(1, 9), dice.randrange(1, 8))
                if dice.random() < 0.3
                else None,
            )
        )
    return make_route(*stops), values


@pytest.mark.parametrize("seed", range(12))
def test_people_who_walk_the_route_agree_with_its_expectation(seed: int) -> None:
    route, values = make_random_route(seed)
    tracked = frozenset("xy")
    passage = pass_through(route, make_coefficients(**values), tracked=tracked)
    walked = walk(route, values, N_PEOPLE, seed=1000 + seed)
    assert set(walked.done) <= set(passage.done)
    for node, mass in passage.done.items():
        mean = walked.done[node] / N_PEOPLE
        error = np.sqrt(
            max(walked.squares[node] / N_PEOPLE - mean**2, float(mass.people[0]) / N_PEOPLE) / N_PEOPLE
        )
        assert mean == pytest.approx(float(mass.people[0]), abs=STANDARD_ERRORS * float(error)), node
        if walked.done[node] > 1000:
            assert walked.days[node] / walked.done[node] == pytest.approx(mass.day, rel=0.1, abs=1), node
    for attributes, mass in passage.ends.items():
        part = float(mass.people[0])
        error = np.sqrt(max(part * (1 - part), 1 / N_PEOPLE) / N_PEOPLE)
        assert walked.ends[attributes] / N_PEOPLE == pytest.approx(part, abs=STANDARD_ERRORS * float(error))
