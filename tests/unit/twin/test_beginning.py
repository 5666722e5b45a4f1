"""A run that starts from a state: kernels and reference alike, beds taken, appointments kept."""

from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pytest
from tests.queues import flow, interval, pathway, queue_project, row, server, share
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


def make_model(
    project: Project, *people: Standing, days: int = 30, at_ms: int = 0, nobody: str = ""
) -> Model:
    """A model of a project; `nobody` names a flow of which nobody comes any more."""
    beginning = Beginning(MONDAY, people, at_ms=at_ms)
    intake = make_intake(project)
    inflows = tuple(
        replace(each, per_year=dict.fromkeys(each.per_year, 0.0)) if each.flow == nobody else each
        for each in intake.inflows
    )
    intake = replace(intake, inflows=inflows)
    return compile_model(equip(project), intake, start=MONDAY, days=days, beginning=beginning)


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


@pytest.mark.parametrize(("family", "hour"), [("lognormal", 0), ("gamma", 11), ("fixed", 0)])
def test_kernels_and_reference_begin_alike(kept: Kept, family: str, hour: int) -> None:
    spread = {} if family == "fixed" else {"distribution": {"family": family, "cv": 0.8}}
    project = make_project(minutes(300), BOOKING, **spread)
    model = make_model(project, *make_people(), at_ms=hour * HOUR_MS)
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


def make_flows(**flows: dict[str, Any]) -> Project:
    """These flows on ways of the same names, half an hour of a server each; ``wide`` needs a hundred."""
    return queue_project(
        flows={name: flow(name, **said) for name, said in flows.items()},
        resources={"server": server(90)},
        activities={name: doing((minutes(30), {"server": 100 if name == "wide" else 1})) for name in flows},
        pathways={name: pathway({"id": "serve", "do": [name]}) for name in flows},
    )


def stand(number: int, way: str, **said: Any) -> Standing:
    return Standing(f"{way}-{number}", (way, "", ""), "serve", **said)


def test_who_came_today_is_there_and_the_rest_of_the_day_is_still_to_come(kept: Kept) -> None:
    """From six in the evening on a quarter of the day's people come, and nobody before."""
    project = make_flows(
        people={"between": minutes(4, "exponential")},
        set={"times": ["09:00", "19:00", "20:00"]},
        steady={"between": minutes(100, "uniform", low=90, high=110)},
    )
    evening = 18 * HOUR_MS
    model = make_model(project, stand(0, "people"), days=2, at_ms=evening)
    simulate(model, seed=1, days=2, journal=kept)
    rows = np.concatenate(kept.rows)
    assert rows[:, 5].min() >= evening
    results = [simulate(model, seed=1, replication=i, days=1) for i in range(60)]
    came = np.array([[result.arrivals[i] for i in range(3)] for result in results])
    mean, half = interval(came[:, model.sources.index("flow.people")])
    assert abs(mean - 90) <= half
    assert half < 6
    assert set(came[:, model.sources.index("flow.set")]) == {2}
    assert set(came[:, model.sources.index("flow.steady")]) == {3}


def test_stays_go_on_from_the_time_they_are_known_of() -> None:
    project = make_project(row(9, "year"), {})
    noon = 12 * HOUR_MS
    result = simulate(make_model(project, lie("a", 1.0), at_ms=noon), seed=1, days=10)
    bed = make_model(project).resources.index("bed")
    np.testing.assert_allclose(result.resources.daily_held[:5, bed], [1, 1, 1, 0.5 + 0.75 / 24, 0], atol=1e-9)


@pytest.mark.parametrize("n", [0, 4, 12])
def test_members_who_are_there_are_not_outside_too(n: int) -> None:
    """Each is served every three and a half hours; more than there are members only if so many are there."""
    project = make_flows(closed={"members": 10, "between": row(3, "hour")}, people={"between": minutes(400)})
    model = make_model(project, *(stand(i, "closed") for i in range(n)), days=14)
    result = simulate(model, seed=1, days=14)
    assert result.flow["in_system_at_start"] == max(n, 10)
    done = result.activities.done[result.activities.names.index("closed")]
    assert done == pytest.approx(max(n, 10) * 14 * 24 / 3.5, rel=0.02)


def test_what_only_people_who_are_there_need_has_to_be_there() -> None:
    project = make_flows(people={"between": minutes(400)}, wide={"between": minutes(400)})
    make_model(project, stand(0, "people"), nobody="wide")
    with pytest.raises(InputError, match="TWN-001") as refused:
        make_model(project, stand(0, "wide"), nobody="wide")
    assert "holds 100" in str(refused.value)
