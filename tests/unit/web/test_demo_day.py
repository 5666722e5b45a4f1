"""A day of a demonstration: nobody waits for people who do not come, and somebody is called for an alarm."""

from datetime import date
from pathlib import Path
from typing import Any

from tests.live import MONDAY_MS
from tests.results import USUAL, make_result_house

from oncopolis.biobank import Bank
from oncopolis.record.biobank.watching import Duty, list_duties, list_on_duty
from oncopolis.record.store import Store, open_store
from oncopolis.studies.replaying.day import Day, Part, Visited
from oncopolis.web.demo.duties import SHIFT_MS, put_on_duty
from oncopolis.web.demo.easing import WAITED, ease

MIN = 60_000


def make_part(**said: Any) -> Part:
    usual: dict[str, Any] = {
        "step": "s", "activity": "visit", "resource": None, "planned_ms": None, "outcome": "done",
        "is_contact": True,
    }  # fmt: skip
    return Part(**usual | said)


def make_day(*parts: Part) -> Day:
    return Day(
        date(2030, 1, 7), date(2030, 1, 7), 1, 0.1, (Visited(0, ("care", "breast", "II"), parts),), (), ()
    )


def test_waits_are_shorter_and_what_follows_is_sooner() -> None:
    first = make_part(asked_ms=100 * MIN, start_ms=200 * MIN, end_ms=215 * MIN)
    second = make_part(asked_ms=220 * MIN, start_ms=260 * MIN, end_ms=270 * MIN)
    eased = ease(make_day(first, second)).visits[0].parts
    assert [one.start_ms for one in eased] == [(100 + WAITED * 100) * MIN, (140 + WAITED * 40) * MIN]
    assert [one.end_ms - (one.start_ms or 0) for one in eased] == [15 * MIN, 10 * MIN]


def test_nobody_begins_before_their_time_or_later_than_drawn() -> None:
    early = make_part(asked_ms=90 * MIN, planned_ms=120 * MIN, start_ms=130 * MIN, end_ms=140 * MIN)
    gone = make_part(asked_ms=150 * MIN, start_ms=None, end_ms=300 * MIN, outcome="sent_home")
    eased = ease(make_day(early, gone)).visits[0].parts
    assert eased[0].start_ms == 120 * MIN
    assert (eased[1].asked_ms, eased[1].start_ms, eased[1].end_ms) == (140 * MIN, None, 290 * MIN)


def test_somebody_is_called_at_any_hour_of_the_week(tmp_path: Path) -> None:
    house = make_result_house({f"{USUAL}.outpatient": 4})
    with open_store(f"sqlite:///{tmp_path / 'demo.db'}?synchronous=OFF", clock_ms=lambda: MONDAY_MS) as store:
        put_on_duty(store, house, MONDAY_MS)
        put_on_duty(store, house, MONDAY_MS)
        for shift in range(12):
            rungs = [one.rung for one in list_at(store, MONDAY_MS + shift * SHIFT_MS)]
            assert rungs == [0, 1, 2]
        names = {list_at(store, MONDAY_MS + shift * SHIFT_MS)[0].name for shift in range(2)}
        assert len(names) == 2
        every = Bank(store).ask(lambda books: list_duties(books.session, MONDAY_MS))
        assert all(one.name.startswith("Namuna-") for one in every)


def list_at(store: Store, at_ms: int) -> list[Duty]:
    return sorted(Bank(store).ask(lambda books: list_on_duty(books.session, at_ms)), key=lambda one: one.rung)
