"""What searches do while nothing is compiled yet: the same moves as plain Python, and never past the time."""

from itertools import count
from types import ModuleType, SimpleNamespace
from typing import Any

import numpy as np
import pytest
from tests.unit.scheduling import clinics, drawn_wards, teams

from oncopolis.foundation.kernels.compiled import interpreted
from oncopolis.scheduling import beginning, chairs, rosters, theatres
from oncopolis.scheduling.budget import Budget
from oncopolis.scheduling.chairs import solving as of_chairs
from oncopolis.scheduling.chairs.chain import Chain as ChairChain
from oncopolis.scheduling.chairs.kernels import rebuilding
from oncopolis.scheduling.rosters import solving as of_rosters
from oncopolis.scheduling.rosters.chain import Chain as RosterChain
from oncopolis.scheduling.rosters.kernels import annealing as of_nurses
from oncopolis.scheduling.rosters.rough import cover_roughly
from oncopolis.scheduling.theatres import solving as of_theatres
from oncopolis.scheduling.theatres.arrays import make_tables
from oncopolis.scheduling.theatres.chain import Chain as TheatreChain
from oncopolis.scheduling.theatres.kernels import annealing as of_patients
from oncopolis.scheduling.theatres.terms import NOTHING


def make_theatre_chain() -> TheatreChain:
    problem = drawn_wards.draw_problem(3)
    return TheatreChain(problem, NOTHING, make_tables(problem), seed=1, start=None, hot=10.0)


CHAINS: dict[str, tuple[Any, ModuleType, str]] = {
    "theatres": (make_theatre_chain, of_patients, "anneal"),
    "rosters": (lambda: RosterChain(teams.draw_problem(3), 1, None), of_nurses, "anneal"),
    "chairs": (lambda: ChairChain(clinics.draw_problem(3), 1, None), rebuilding, "rebuild"),
}


@pytest.mark.slow
@pytest.mark.parametrize("kind", CHAINS)
def test_plain_python_makes_the_very_moves_of_what_is_compiled(kind: str) -> None:
    make: Any
    make, module, name = CHAINS[kind]
    chain = make()
    kernel, n = getattr(module, name), 200
    plain = make()
    chain.crawl(0)
    plain.crawl(0)
    chances = getattr(chain, "chances", None)
    how = {"theatres": (10.0, 1000, chances, 5.0), "chairs": (5.0, 500, 3), "rosters": (30.0, 300, chances)}
    kernel(chain.tables, chain.state, n, *how[kind])
    with interpreted():
        kernel.py_func(plain.tables, plain.state, n, *how[kind])
    one, two = chain.state.list_fields(), plain.state.list_fields()
    assert one["counts"].any()
    for field in one:
        assert np.array_equal(one[field], two[field]), field


class _Endless:
    """Compiling that does not end."""

    is_going_on = True

    def __init__(self, make_chain: Any) -> None:
        pass

    def wait(self, seconds: float) -> None:
        pass


KINDS = {
    "theatres": (theatres, of_theatres, "anneal", drawn_wards.draw_problem(1)),
    "rosters": (rosters, of_rosters, "anneal", teams.draw_problem(1)),
    "chairs": (chairs, of_chairs, "rebuild", clinics.draw_problem(1)),
}


@pytest.mark.parametrize("kind", KINDS)
def test_a_search_that_is_never_compiled_keeps_every_rule_and_its_time(
    kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    room, solving, name, problem = KINDS[kind]
    monkeypatch.setattr(solving, name, SimpleNamespace(signatures=[]))
    monkeypatch.setattr(beginning, "_Compiling", _Endless)
    ticks = count()
    result = room.solve(problem, seconds=10.0, clock=lambda: next(ticks) * 0.25)
    assert room.check(problem, result.solution).violations == ()
    assert result.seconds <= 12.0
    assert result.stopped == "time"
    assert result.history[-1].cost == result.cost


def test_what_compiling_refuses_is_raised_where_it_is_waited_for() -> None:
    def make_chain() -> ChairChain:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        beginning.begin(SimpleNamespace(signatures=[]), make_chain, Budget(count().__next__, 0.0, 1e9))


@pytest.mark.parametrize("seed", range(5))
def test_a_rough_roster_keeps_every_rule(seed: int) -> None:
    problem = teams.draw_problem(seed)
    assert not {one.rule for one in rosters.check(problem, cover_roughly(problem)).violations} - {
        "least-cover"
    }
