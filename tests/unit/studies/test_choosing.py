"""The best of several alternatives: the right one, sooner than by equal shares, and what is promised."""

from math import inf
from typing import Any

import numpy as np
import pytest
from tests.folders import PROJECTS

from oncopolis.foundation import InputError
from oncopolis.report.choice import summarise_choice
from oncopolis.studies import Goal, choose_alternative
from oncopolis.studies.choosing import AS_IT_IS, Alternatives, Choice

UNIT = PROJECTS / "infusion_unit"
WAIT = "waiting.activity.infusion.mean_min"
CHAIRS = {
    name: {"resources.chair.n": n} for name, n in {"eleven": "11", "thirteen": "13", "more": "14"}.items()
}
MORE = {"more": CHAIRS["more"]}


def choose(goal: Goal, alternatives: Alternatives = CHAIRS, **options: Any) -> Choice:
    return choose_alternative(UNIT, alternatives, goal, days=10, **options)


def test_most_chairs_are_chosen_with_fewer_replications_than_equal_shares() -> None:
    found = choose(Goal(WAIT, highest=False, indifference=0.5))
    assert (found.chosen, found.probability, found.complete) == ("more", 0.95, True)
    by_name = {each.name: each for each in found.alternatives}
    assert list(by_name) == [AS_IT_IS, *CHAIRS]
    assert by_name["more"].dropped_after is None
    assert by_name["more"].difference is None
    for name in (AS_IT_IS, "eleven", "thirteen"):
        each = by_name[name]
        assert each.dropped_after == each.replications <= by_name["more"].replications
        assert each.difference is not None
        assert each.difference.low > 0
    document = found.to_document()
    assert document["replications"] < document["replications_if_equal"]
    told = summarise_choice(document)
    assert f"more has the lowest {WAIT}" in told
    assert "at least 95 %" in told
    assert "10, then dropped" in told


def test_the_same_seed_chooses_alike() -> None:
    goal = Goal(WAIT, highest=False, indifference=1.0)
    assert choose(goal).to_document() == choose(goal).to_document()
    assert choose(goal, seed=2).to_document() != choose(goal).to_document()


def test_a_budget_is_spent_to_the_last_replication_on_a_target() -> None:
    found = choose(Goal("target.soon", highest=True, budget=53))
    n = [each.replications for each in found.alternatives]
    assert sum(n) == 53
    assert min(n) >= 10
    assert found.chosen == "more"
    assert found.probability is not None
    assert found.probability > 0.9
    assert all(each.dropped_after is None for each in found.alternatives)
    told = summarise_choice(found.to_document(), language="ko")
    assert "target.soon" in told


def test_a_stopped_search_promises_nothing() -> None:
    def stop(what: str, _: float) -> None:
        if what.startswith("40 "):
            raise KeyboardInterrupt

    found = choose(Goal(WAIT, highest=False, budget=50), on_progress=stop)
    assert (found.chosen, found.probability, found.complete) == (None, None, False)
    assert all(np.isfinite(each.figure.half_width) for each in found.alternatives)
    assert "stopped" in summarise_choice(found.to_document())


@pytest.mark.parametrize(
    ("alternatives", "goal", "code"),
    [
        ({}, Goal(WAIT, highest=False, indifference=1.0), "TWN-073"),
        ({"none": {}}, Goal(WAIT, highest=False, indifference=1.0), "TWN-073"),
        ({AS_IT_IS: {"resources.chair.n": "11"}}, Goal(WAIT, highest=False, indifference=1.0), "TWN-073"),
        (MORE, Goal(WAIT, highest=False), "TWN-073"),
        (MORE, Goal(WAIT, highest=False, indifference=1.0, budget=40), "TWN-073"),
        (MORE, Goal(WAIT, highest=False, budget=19), "TWN-047"),
        (MORE, Goal(WAIT, highest=False, indifference=1.0, probability=0.4), "TWN-046"),
        (MORE, Goal(WAIT, highest=False, indifference=-inf), "TWN-046"),
        (MORE, Goal("waiting.nobody", highest=False, indifference=1.0), "TWN-069"),
    ],
)
def test_a_choice_that_makes_no_sense_is_refused(alternatives: Alternatives, goal: Goal, code: str) -> None:
    with pytest.raises(InputError, match=code):
        choose(goal, alternatives)
