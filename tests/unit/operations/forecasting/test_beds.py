"""The next days of a ward: who leaves, who comes, and how sure that is."""

import random

import pytest
from tests.live import MONDAY_MS
from tests.waiting import BEDS, DAY_MS, HOUR_MS, get_clinic, list_beds, make_day

from oncopolis.operations import Floor
from oncopolis.operations.forecasting import Outlook, foresee_ward
from oncopolis.operations.wards.lying import Lying
from oncopolis.operations.wards.views import Bed, Stay

MEAN_DAYS, SHAPE = 4.0, 4.0
"""The stay of the clinic: gamma with a coefficient of variation of a half."""


def make_stay(i: int, came_ms: float, *, planned: bool = False, due_ms: int | None = None) -> Stay:
    at_ms = round(came_ms)
    beds = (Lying(f"bed.bed.{i}", at_ms),)
    return Stay(
        f"s{i}", f"p{i}", "bed", "stay", "admitted", beds, planned=planned, asked_ms=at_ms, came_ms=at_ms,
        due_ms=due_ms,
    )  # fmt: skip


def look(*stays: Stay, at_ms: int = MONDAY_MS) -> tuple[Outlook, ...]:
    floor = Floor(get_clinic())
    floor.put(*list_beds(), *stays)
    return foresee_ward(floor, "bed", at_ms)


def test_it_reaches_72_hours() -> None:
    assert [outlook.hours for outlook in look()] == list(range(6, 73, 6))
    assert all((one.low, one.high, one.full, one.n_beds) == (0, 0, 0, 4) for one in look())


def test_who_has_been_there_long_leaves_sooner() -> None:
    (fresh, *_), (late, *_) = (
        look(make_stay(1, MONDAY_MS - days * DAY_MS, planned=True)) for days in (0.1, 7)
    )
    assert fresh.leaving < 0.01
    assert late.leaving > 0.1


def test_an_ordered_discharge_is_taken_at_its_word() -> None:
    first, second, *_ = look(make_stay(1, MONDAY_MS, planned=True, due_ms=MONDAY_MS + 7 * HOUR_MS))
    assert (first.low, first.high, second.low, second.high) == (1, 1, 0, 0)


def test_who_is_planned_comes_when_expected() -> None:
    stay = Stay("s1", "p1", "bed", "stay", expected_ms=MONDAY_MS + 10 * HOUR_MS, planned=True)
    first, second, *_ = look(stay)
    assert (first.coming, first.high) == (0, 0)
    assert second.coming == pytest.approx(1)
    assert second.low == 1
    overdue, *_ = look(stay, at_ms=MONDAY_MS + DAY_MS)
    assert overdue.coming == pytest.approx(1, abs=0.01)


def test_unplanned_stays_bring_more_of_them_and_planned_ones_do_not() -> None:
    unplanned = [make_stay(i, MONDAY_MS - i * HOUR_MS) for i in range(4)]
    planned = [make_stay(i, MONDAY_MS - i * HOUR_MS, planned=True) for i in range(4)]
    (*_, others), (*_, none) = look(*unplanned), look(*planned)
    # Four who stay four days are one a day: three in three days, some of whom have left again.
    assert 2.3 < others.coming < 3
    assert none.coming == 0
    assert others.full > none.full


def test_closed_beds_are_no_beds() -> None:
    floor = Floor(get_clinic())
    floor.put(*list_beds(), Bed(BEDS[0], "bed", "closed", reason="broken"))
    assert foresee_ward(floor, "bed", MONDAY_MS)[0].n_beds == 3


def test_a_full_ward_is_foreseen() -> None:
    stays = [make_stay(i, MONDAY_MS - HOUR_MS, planned=True) for i in range(5)]
    first, *_ = look(*stays)
    assert first.full > 0.99
    assert make_day().floor.house is get_clinic()


def live_ward(seed: int) -> tuple[tuple[Outlook, ...], list[int]]:
    """A ward that has been filled for a month by chance, what is foreseen of it, and what it was."""
    draw = random.Random(seed)
    here, later, at = list[tuple[float, float]](), list[tuple[float, float]](), -40.0
    while at < 3:
        at += draw.expovariate(8)
        leaves = at + draw.gammavariate(SHAPE, MEAN_DAYS / SHAPE)
        if leaves > 0:
            (here if at <= 0 else later).append((at, leaves))
    stays = [make_stay(i, MONDAY_MS + came * DAY_MS) for i, (came, _) in enumerate(here)]
    outlooks = look(*stays)
    truth = [sum(came <= one.hours / 24 < leaves for came, leaves in (*here, *later)) for one in outlooks]
    return outlooks, truth


@pytest.mark.slow
def test_eight_of_ten_counts_are_in_the_interval() -> None:
    days = [live_ward(seed) for seed in range(120)]
    for i in (1, 3, 7, 11):
        inside = [outlooks[i].low <= truth[i] <= outlooks[i].high for outlooks, truth in days]
        assert 0.73 <= sum(inside) / len(inside) <= 0.93, f"{days[0][0][i].hours} hours"
        middle = sum(outlooks[i].middle - truth[i] for outlooks, truth in days) / len(days)
        assert abs(middle) < 1
