"""Numbers of machines, rooms and beds worked out on paper."""

import math

import pytest
from tests.clinic import build, get, lay, plan, plan_small, share, weekdays_open

FRACTIONS = 4000 * 0.5 * 20
LINAC_HOURS = FRACTIONS * 12 / 60
OPEN_HOURS = weekdays_open() * 10
LINAC_NEED = LINAC_HOURS / (OPEN_HOURS * 0.9 * 0.95) * 1.1
BED_NEED = 1000 * 4 / 365.25 / 0.8


def test_hours_held_are_occurrences_times_phases() -> None:
    small = plan_small()
    assert get(small, "measure.fractions") == pytest.approx(FRACTIONS)
    assert get(small, "hours.linac") == pytest.approx(LINAC_HOURS)
    assert get(small, "hours.radiographer") == pytest.approx(FRACTIONS * (2 * 8 + 4) / 60)
    assert get(small, "hours.consult_room") == pytest.approx(4000 * 30 / 60)
    assert get(small, "hours.theatre") == pytest.approx(1000 * 2)
    assert get(small, "hours.bed") == pytest.approx(1000 * 4 * 24)
    assert get(small, "workload.bed_days") == pytest.approx(4000)


def test_contacts_and_visits() -> None:
    small = plan_small()
    contacts = 4000 + FRACTIONS + 1000 + 1000
    assert get(small, "workload.contacts") == pytest.approx(contacts)
    assert get(small, "workload.contacts_per_day") == pytest.approx(contacts / weekdays_open())
    assert get(small, "workload.visits") == pytest.approx(4000 + FRACTIONS)  # inpatient steps are no visits
    assert get(small, "patients.irradiated") == pytest.approx(2000)


def test_linacs_with_spare_in_pairs() -> None:
    small = plan_small()
    assert get(small, "offer.linac") == pytest.approx(OPEN_HOURS)
    assert get(small, "need.linac") == pytest.approx(LINAC_NEED)
    assert math.ceil(LINAC_NEED) == 5
    assert get(small, "resource.linac") == 6


def test_without_pairs_and_spare_fewer_do() -> None:
    data = build()
    sizing = data["resources"]["linac"]["sizing"]
    del sizing["spare"], sizing["multiple_of"]
    small = plan(data)
    assert get(small, "need.linac") == pytest.approx(LINAC_NEED / 1.1)
    assert get(small, "resource.linac") == math.ceil(LINAC_NEED / 1.1)


def test_one_more_than_needed_for_critical_services() -> None:
    need = 2000 / OPEN_HOURS / 0.75
    small = plan_small()
    assert get(small, "need.theatre") == pytest.approx(need)
    assert get(small, "resource.theatre") == math.ceil(need) + 1


@pytest.mark.parametrize(("at_least", "beds"), [(4, 14), (14, 14), (20, 20)])
def test_a_smallest_number(at_least: int, beds: int) -> None:
    assert math.ceil(BED_NEED) == 14
    small = plan(lay(build(), "resources.bed.sizing.at_least", at_least))
    assert get(small, "resource.bed") == beds
    assert get(small, "beds.total") == beds


def test_nothing_is_built_where_nobody_comes() -> None:
    """Neither a smallest number nor one to spare makes a need."""
    data = lay(build(), "pathways.care.steps.2.when.share", share(0.0))
    small = plan(data)
    assert get(small, "resource.theatre") == 0
    assert get(small, "resource.bed") == 0


def test_a_given_number_is_kept_and_its_need_shown() -> None:
    small = plan(lay(build(), "resources.linac.n", 3))
    assert get(small, "resource.linac") == 3
    assert get(small, "need.linac") == pytest.approx(LINAC_NEED)


def test_a_norm_stands_beside() -> None:
    ((label, norm, _),) = plan_small().phases[-1].resources["linac"].norms
    assert label == "Cases a linac"
    assert float(norm.central[0]) == pytest.approx(4.0)


def test_a_closed_department_has_none() -> None:
    first = plan_small().phases[0]
    assert float(first.resources["linac"].n.central[0]) == 0
    assert float(first.resources["bed"].n.central[0]) == 14


def test_an_activity_waits_for_its_department() -> None:
    small = plan_small()
    assert get(small, "measure.fractions", 2029) == 0
    assert get(small, "measure.fractions", 2030) == pytest.approx(FRACTIONS)


def test_while_it_is_closed_the_fallback_is_done() -> None:
    data = lay(build(), "activities.fraction.fallback", "consult")
    small = plan(data)
    assert get(small, "activity.consult", 2029) == pytest.approx(4000 + FRACTIONS)
    assert get(small, "activity.consult", 2030) == pytest.approx(4000)
    assert get(small, "measure.fractions", 2029) == 0


def test_before_it_opens_the_centre_does_nothing() -> None:
    assert get(plan_small(), "workload.contacts", 2026) == 0
