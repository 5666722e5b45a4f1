"""What is there for the twin alone changes nothing in a plan, held or not."""

import pytest
from tests.clinic import Data, build, get, plan, plan_small, read

from oncopolis.planning.plan import make_plan

KEYS = ("resource.linac", "staff.total", "resource.bed", "hours.consult_room", "money.running")


def with_lamp() -> Data:
    """The clinic with a lamp that consultations hold, and that nobody sizes."""
    data = build()
    lamp = {"kind": "machine", "label": "lamps", "department": "outpatient", "calendar": "day", "n": 1}
    data["resources"] = {**data["resources"], "lamp": lamp}
    data["activities"]["consult"]["phases"][0]["hold"]["lamp"] = 1
    return data


@pytest.mark.parametrize("key", KEYS)
def test_figures_stay_as_they_are(key: str) -> None:
    assert get(plan(with_lamp()), key) == get(plan_small(), key)


def test_its_hours_are_told_but_it_is_not_sized() -> None:
    planned = plan(with_lamp())
    assert get(planned, "hours.lamp") == pytest.approx(get(planned, "hours.consult_room"))
    assert "resource.lamp" not in planned.ledger.figures


def test_a_whole_plan_can_be_made_with_it() -> None:
    """Every table of the plan does without it."""
    assert make_plan(read(with_lamp()), n_draws=0, seed=1).findings is not None


def test_phases_without_the_patient_count_as_any_other() -> None:
    """A turnover that the patient does not wait for holds the theatre all the same."""
    data = build()
    data["activities"]["operation"]["phases"].append(
        {**data["activities"]["operation"]["phases"][0], "id": "turnover", "patient": False}
    )
    assert get(plan(data), "hours.theatre") == pytest.approx(2 * get(plan_small(), "hours.theatre"))
