"""A run that starts from a state: kernels and reference alike, beds taken, appointments kept."""

from datetime import date
from typing import Any

import numpy as np
import pytest
from tests.queues import flow, row, server, share
from tests.unit.twin.test_reference import BOOKING, BREAKS, Kept, build, compare, doing, minutes

from oncopolis.centre import Project
from oncopolis.foundation import InputError
from oncopolis.studies import equip, make_intake
from oncopolis.twin import Beginning, Lying, Model, Standing, compile_model, simulate, simulating
from oncopolis.twin.states import key_tables

MONDAY = date(2026, 3, 30)
DAY_MS, HOUR_MS = 86_400_000, 3_600_000
WAY = ("way", "", "")


@pytest.fixture
def kept(monkeypatch: pytest.MonkeyPatch) -> Kept:
    keeper = Kept()
    monkeypatch.setattr(simulating, "gather", keeper.gather)
    return keeper


def make_project(between: dict[str, Any], booking: dict[str, Any], **stay: Any) -> Project:
    return build(
        [
            {"id": "visit", "do": ["consult"], "setting": "outpatient", "set": ["seen"]},
            {
                "id": "course",
                "do": ["fraction"],
                "setting": "day_case",
                "after": {"earliest_days": 2},
                "modality": "radiotherapy",
                "repeat": {"n": row(5, "count", per="patient"), "workdays": True},
            },
            {
                "id": "stay",
                "do": ["look", "lie"],
                "setting": "inpatient",
                "when": {"share": share(0.7), "frailty": share(0.4)},
            },
            {"id": "control", "do": ["consult"], "setting": "outpatient", "after": {"earliest_days": 9}},
        ],
        {
            "consult": doing((minutes(25, "lognormal", cv=0.6), {"room": 1})),
            "fraction": doing((minutes(14, "exponential"), {"machine": 1})),
            "look": doing((minutes(9), {"nurse": 1})),
            "lie": doing((row(4, "day", **stay), {"bed": 1}), (minutes(45), {"bed": 1}), tail=1),
        },
        {
            "room": server(2, kind="room", calendar="office", booking=booking),
            "machine": server(1, calendar="office", booking=booking),
            "nurse": server(2),
            "bed": server(6, kind="bed", overflow="spare"),
            "spare": server(3, kind="bed"),
        },
        between=between,
        calendars=BREAKS,
        more_flows={"urgent": flow("way", between=row(20, "hour"), priority=2)},
    )


def make_model(project: Project, *people: Standing, days: int = 30) -> Model:
    return compile_model(
        equip(project), make_intake(project), start=MONDAY, days=days, beginning=Beginning(MONDAY, people)
    )


def lie(id_: str, days: float, ward: str = "bed") -> Standing:
    return Standing(id_, WAY, "stay", began_ms=-20 * DAY_MS, lying=Lying("lie", ward, round(days * DAY_MS)))


def make_people() -> list[Standing]:
    people = [lie(f"in-{i}", i / 2, "spare" if i % 4 == 3 else "bed") for i in range(7)]
    for i in range(12):
        dates = tuple(DAY_MS * (i % 3 + n) + HOUR_MS * (8 + i % 4) for n in range(i % 4))
        people.append(
            Standing(
                f"mid-{i}", WAY, "course", i % 3, 5 - i % 3, i * DAY_MS, -i * DAY_MS, appointments_ms=dates
            )
        )
    people += [Standing(f"done-{i}", WAY, "visit", 1, 0, i * HOUR_MS, is_treated=True) for i in range(3)]
    people += [Standing(f"ahead-{i}", WAY, "stay", due_ms=i * HOUR_MS, is_ahead=True) for i in range(4)]
    return [*people, Standing("far", WAY, "control", appointments_ms=(700 * DAY_MS,))]


@pytest.mark.parametrize("family", ["lognormal", "gamma", "fixed"])
def test_kernels_and_reference_begin_alike(kept: Kept, family: str) -> None:
    spread = {} if family == "fixed" else {"distribution": {"family": family, "cv": 0.8}}
    project = make_project(minutes(300), BOOKING, **spread)
    model = make_model(project, *make_people())
    lived = compare(kept, model, days=30)
    assert lived.totals["completed"] > 20
    assert len(lived.journal) > 200


def test_beds_that_were_taken_are_taken_on_the_first_day() -> None:
    project = make_project(row(9, "year"), {})
    model = make_model(project, *(lie(f"in-{i}", 1.0, "spare" if i > 3 else "bed") for i in range(6)))
    result = simulate(model, seed=1, days=10)
    assert result.flow["in_system_at_start"] == 6
    beds = {use: model.resources.index(use) for use in ("bed", "spare")}
    held = {name: result.resources.daily_held[:, r] for name, r in beds.items()}
    assert held["bed"][0] == 4
    assert held["spare"][0] == 2
    # Stays of four days, of which one has passed.
    assert held["bed"][2] == 4
    assert held["bed"][4] == 0


def test_who_is_booked_is_seen_then(kept: Kept) -> None:
    project = make_project(row(9, "year"), {})
    dates = tuple(DAY_MS * day + 10 * HOUR_MS for day in (2, 3, 8))
    model = make_model(project, Standing("p", WAY, "course", 2, 3, appointments_ms=dates))
    simulate(model, seed=1, days=12, journal=kept)
    rows = np.concatenate(kept.rows)
    theirs = rows[:, 0] == key_tables(model.tables, 1, 0).in_key.astype(np.int64)[0]
    fractions = rows[theirs & (rows[:, 1] == 1)]
    assert fractions[:, 4].tolist() == list(dates)
    assert (fractions[:, 6] == fractions[:, 4]).all()


def test_draws_of_somebody_are_their_own() -> None:
    project = make_project(row(9, "year"), {}, distribution={"family": "lognormal", "cv": 0.8})
    alone = simulate(make_model(project, lie("a", 1.0)), seed=1, days=20)
    both = simulate(make_model(project, lie("b", 300.0), lie("a", 1.0)), seed=1, days=20)
    bed = make_model(project).resources.index("bed")
    first, second = alone.resources.daily_held[:, bed], both.resources.daily_held[:, bed]
    assert 0 < second[0] - first[0] < 1
    np.testing.assert_allclose(first[1:], second[1:])


def test_what_the_definition_does_not_have_is_refused() -> None:
    project = make_project(row(9, "year"), {})
    for person in (
        Standing("a", WAY, "gone"),
        Standing("a", ("other", "", ""), "visit"),
        Standing("a", WAY, "visit", lying=Lying("lie", "bed", 0)),
    ):
        with pytest.raises(InputError, match="TWN-008"):
            make_model(project, person)
