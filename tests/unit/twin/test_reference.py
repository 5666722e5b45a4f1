"""The kernels and the plain reference live through the same runs, row by row."""

from datetime import date
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from numpy.typing import NDArray
from tests.drawn import projects
from tests.queues import (
    activity,
    exponential,
    flow,
    pathway,
    queue_project,
    row,
    server,
    share,
    station,
)

from oncopolis.centre import Project
from oncopolis.studies import equip, make_intake
from oncopolis.twin import compile_model, simulating
from oncopolis.twin.gathering import gather
from oncopolis.twin.kernels import tables as k
from oncopolis.twin.kernels.tables import State
from oncopolis.twin.model import Model
from oncopolis.twin.reference import Lived
from oncopolis.twin.reference import run as live
from oncopolis.twin.simulating import simulate

MONDAY = date(2026, 3, 30)
"""A Monday with a holiday on the Friday of its week."""

SCALARS = {
    "events": k.EVENTS,
    "contacts": k.CONTACTS,
    "visits": k.VISITS,
    "entered": k.ENTERED,
    "completed": k.COMPLETED,
    "died": k.DIED,
    "left": k.LEFT,
    "in_system": k.IN_SYSTEM,
    "wait_area": k.WAIT_AREA,
    "wait_sum": k.WAIT_SUM,
}


class Kept:
    """Keeps the journal and the state of a run of the kernels."""

    def __init__(self) -> None:
        self.rows: list[NDArray[np.int64]] = []
        self.state: State | None = None

    def write(self, rows: NDArray[np.int64]) -> None:
        self.rows.append(rows.copy())

    def gather(self, model: Model, state: State, *more: Any) -> Any:
        self.state = state
        return gather(model, state, *more)


@pytest.fixture
def kept(monkeypatch: pytest.MonkeyPatch) -> Kept:
    keeper = Kept()
    monkeypatch.setattr(simulating, "gather", keeper.gather)
    return keeper


def compile_project(project: Project, days: int, history_days: int = 0, start: date = MONDAY) -> Model:
    return compile_model(
        equip(project), make_intake(project), start=start, days=days, history_days=history_days
    )


def compare(
    kept: Kept, model: Model, *, seed: int = 1, days: int, warmup_days: int = 0, rows: bool = True
) -> Lived:
    """Run a model both ways and compare the journals row by row, then everything that is counted."""
    lived = live(model, seed=seed, days=days, warmup_days=warmup_days)
    simulate(model, seed=seed, days=days, warmup_days=warmup_days, journal=kept)
    ours = lived.journal
    theirs = np.concatenate(kept.rows)
    for number, (a, b) in enumerate(zip(ours.tolist(), theirs.tolist(), strict=False)):
        assert a == b, f"row {number} of {len(theirs)}"
    assert len(ours) == len(theirs)
    state = kept.state
    assert state is not None
    assert lived.totals == {name: int(state.scalars[place]) for name, place in SCALARS.items()}
    for name, array in lived.counters.items():
        other = getattr(state, name)
        cut = tuple(slice(n) for n in array.shape)
        np.testing.assert_array_equal(array, other[cut], err_msg=name)
        assert other.sum() == other[cut].sum(), name
    assert len(ours) or not rows
    return lived


def check(kept: Kept, project: Project, *, days: int = 20, seed: int = 1, **more: Any) -> Lived:
    warmup_days = more.pop("warmup_days", 0)
    model = compile_project(project, days + warmup_days, **more)
    return compare(kept, model, seed=seed, days=days, warmup_days=warmup_days)


def minutes(value: float, family: str | None = None, **spread: float) -> dict[str, Any]:
    more: dict[str, Any] = {} if family is None else {"distribution": {"family": family, **spread}}
    return row(value, "min", **more)


def count_outcomes(lived: Lived, outcome: int) -> int:
    return int((lived.journal[:, -1] == outcome).sum())


def test_one_queue(kept: Kept) -> None:
    project = station(between=exponential(100), service=exponential(80), n=1)
    assert len(check(kept, project, days=3).journal) > 200


HOURS = {"office": {"label": "Office hours", "days": ["mon", "tue", "wed", "thu", "fri"]}}
HOURS["office"] |= {"opens": "08:00", "closes": "16:00", "holidays": "closed"}
BREAKS = {"office": HOURS["office"] | {"breaks_min": 45, "overtime_min": 60}}


def build(
    steps: list[dict[str, Any]],
    activities: dict[str, Any],
    resources: dict[str, Any],
    *,
    between: dict[str, Any],
    **sections: Any,
) -> Project:
    """One flow through one pathway, and what else is given."""
    flows = {"people": flow("way", between=between, **sections.pop("flow_more", {}))}
    flows |= sections.pop("more_flows", {})
    pathways = {"way": pathway(*steps, **sections.pop("way_more", {}))} | sections.pop("more_ways", {})
    return queue_project(
        flows=flows, resources=resources, activities=activities, pathways=pathways, **sections
    )


def doing(*phases: tuple[Any, Any], tail: int = 0, **more: Any) -> dict[str, Any]:
    """An activity whose last `tail` phases take place without the patient."""
    made = activity(*phases, **more)
    for phase in made["phases"][len(phases) - tail :]:
        phase["patient"] = False
    return made


def test_priorities_bundles_of_different_size_and_measures(kept: Kept) -> None:
    project = build(
        [
            {"id": "first", "do": ["small", "wide"], "when": {"share": share(0.7), "frailty": share(0.5)}},
            {
                "id": "second",
                "do": [{"activity": "wide", "n": row(1.4, "count", per="patient")}],
                "priority": 3,
            },
        ],
        {
            "small": doing((minutes(20, "gamma", cv=0.7), {"server": 1, "nurse": share(0.5)})),
            "wide": doing(
                (minutes(10, "weibull", cv=1.5), {"server": 2}),
                (minutes(5, "triangular", low=1, high=12), {"nurse": 1}),
                counts={"images": 2},
            ),
        },
        {"server": server(3), "nurse": server(2, kind="room")},
        between=minutes(25),
        measures={"images": {"label": "Images"}},
        more_flows={"urgent": flow("way", between=minutes(90, "lognormal", cv=0.4), priority=1, batch=2)},
    )
    assert check(kept, project, days=12, warmup_days=3).counters["counted"][0] > 500


def test_patience_waiting_limit_overflow_and_where_those_go_who_give_up(kept: Kept) -> None:
    project = build(
        [
            {"id": "one", "do": ["serve"], "patience": minutes(30, "exponential"), "gives_up": "three"},
            {"id": "two", "do": ["limited"]},
            {"id": "three", "do": ["serve"], "patience": minutes(0)},
        ],
        {
            "serve": doing((minutes(20, "exponential"), {"server": 1})),
            "limited": doing((minutes(21, "exponential"), {"desk": 1})),
        },
        {
            "server": server(1, overflow="second"),
            "second": server(1),
            "desk": server(1, waiting=2),
        },
        between=minutes(13),
    )
    assert count_outcomes(check(kept, project, days=20), k.GAVE_UP) > 100


@pytest.mark.parametrize("clock", ["always", "open", "busy"])
def test_breakdowns_and_maintenance(kept: Kept, clock: str) -> None:
    breakdown = {"every": row(9, "hour"), "repair": minutes(70, "gamma", cv=0.5), "clock": clock}
    maintenance = {"every_days": 3, "time": row(2, "hour")}
    project = build(
        [{"id": "one", "do": ["serve"]}, {"id": "two", "do": ["other"], "after": {"earliest_days": 1}}],
        {
            "serve": doing(
                (minutes(40, "exponential"), {"server": 1}), (minutes(10), {"server": 1, "desk": 1})
            ),
            "other": doing((minutes(30), {"desk": 1})),
        },
        {
            "server": server(2, calendar="office", breakdown=breakdown, maintenance=maintenance),
            "desk": server(1, calendar="office"),
        },
        between=minutes(40),
        calendars=BREAKS,
    )
    lived = check(kept, project, days=30)
    assert lived.counters["cuts"].sum() > 4
    assert lived.counters["area_over"].sum() > 0


def test_preemption(kept: Kept) -> None:
    project = build(
        [{"id": "one", "do": ["serve", "next"]}],
        {
            "serve": doing((minutes(40, "exponential"), {"server": 1, "desk": share(0.5)})),
            "next": doing((minutes(15), {"desk": 1}), (minutes(10), {"server": 1})),
        },
        {"server": server(2, preempts=True), "desk": server(2)},
        between=minutes(40),
        more_flows={
            "urgent": flow("way", between=minutes(90), priority=2),
            "utmost": flow("way", between=minutes(200), priority=0),
        },
    )
    assert check(kept, project, days=20).counters["cuts"].sum() > 100


BOOKING = {
    "share": share(0.9),
    "urgent_share": share(0.2),
    "overbooking": share(0.1),
    "no_show": share(0.1),
    "cancelled": share(0.15),
    "lateness": minutes(3, "normal", sd=12),
    "horizon_days": 60,
}


@pytest.mark.slow
@pytest.mark.parametrize("must_fit", [False, True])
def test_appointments_in_a_clinic(kept: Kept, must_fit: bool) -> None:
    project = build(
        [
            {
                "id": "visit",
                "do": ["consult", "scan"],
                "setting": "outpatient",
                "after": {"earliest_days": 1, "latest_days": 6},
            },
            {
                "id": "course",
                "do": ["fraction"],
                "setting": "day_case",
                "after": {"earliest_days": 2},
                "modality": "radiotherapy",
                "repeat": {
                    "n": row(4.5, "count", per="patient"),
                    "workdays": True,
                    "deferral": {"share": share(0.1), "days": 3, "frailty": share(0.4)},
                },
            },
            {"id": "seen", "do": ["consult"], "setting": "outpatient"},
        ],
        {
            "consult": doing((minutes(25, "lognormal", cv=0.6), {"room": 1, "doctor": 1})),
            "scan": doing(
                (minutes(15), {"scanner": 1}),
                (minutes(6, "exponential"), {"scanner": 1}),
                tail=1,
                department="imaging",
            ),
            "fraction": doing((minutes(14, "exponential"), {"machine": 1})),
        },
        {
            "room": server(2, kind="room", calendar="office", booking=BOOKING | {"must_fit": must_fit}),
            "doctor": server(2, calendar="office"),
            "scanner": server(1, calendar="office", department="imaging"),
            "machine": server(2, calendar="office", booking={"no_show": share(0.05), "horizon_days": 9}),
        },
        between=minutes(75),
        calendars=BREAKS,
        departments={
            "hall": {"label": "Hall", "gross": row(1.5, "ratio"), "check_in": minutes(4)},
            "imaging": {"label": "Imaging", "gross": row(1.5, "ratio"), "check_in": minutes(2)},
        },
        campus={
            "buildings": {
                "one": {"label": "One", "departments": ["hall"]},
                "two": {"label": "Two", "departments": ["imaging"]},
            },
            "walks": [{"between": ["one", "two"], "minutes": 5}],
        },
        more_flows={"urgent": flow("way", between=row(5, "hour"), priority=2)},
    )
    lived = check(kept, project, days=40)
    turnout = lived.counters["turnout"].sum(axis=0)
    assert (turnout[[k.DONE, k.NO_SHOW, k.CANCELLED, k.SENT_HOME, k.LATE, k.GAP]] > 3).all(), turnout


def test_a_theatre_is_blocked_while_no_bed_is_free(kept: Kept) -> None:
    project = build(
        [
            {"id": "operation", "do": ["operate"], "setting": "inpatient"},
            {"id": "stay", "do": ["stay"], "setting": "inpatient"},
        ],
        {
            "operate": doing(
                (minutes(90, "gamma", cv=0.4), {"theatre": 1, "surgeon": 1}),
                (minutes(40, "exponential"), {"bay": 1}),
            ),
            "stay": doing(
                (
                    row(1.2, "day", distribution={"family": "lognormal", "cv": 0.8}),
                    {"bed": 1, "nurse": share(0.3)},
                ),
                (minutes(45), {"bed": 1, "cleaner": 1}),
                tail=1,
            ),
        },
        {
            "theatre": server(2, kind="room"),
            "surgeon": server(2),
            "bay": server(1),
            "bed": server(4, kind="bed"),
            "nurse": server(1),
            "cleaner": server(1),
        },
        between=row(6.5, "hour"),
    )
    lived = check(kept, project, days=60)
    assert lived.counters["area_blocked"].sum() > 0


def test_closed_population_batches_times_and_gaps(kept: Kept) -> None:
    project = build(
        [{"id": "one", "do": ["serve"]}],
        {"serve": doing((minutes(30, "uniform", low=10, high=50), {"server": 1}))},
        {"server": server(2)},
        between=row(4, "hour", distribution={"family": "gamma", "cv": 0.5}),
        flow_more={"members": 7},
        more_flows={
            "groups": flow("way", between=row(9, "hour"), batch=row(2.3, "count", per="patient"), priority=4),
            "clock": flow("way", times=["08:00", "08:30", "13:15"], calendar="office", no_show=share(0.2)),
            "steady": flow("way", between=row(7, "hour", distribution={"family": "lognormal", "cv": 0.2})),
            "daily": flow(
                "way",
                volume=row(900, "patient/year"),
                day=[0, 0, 1, 3, 2, 1, 0.5, 0],
                week=[1, 1, 1, 1, 2, 0.5, 0],
                season=[1, 1, 2, 2, 1, 1, 1, 1, 1, 1, 1, 1],
            ),
        },
        calendars=HOURS,
    )
    check(kept, project, days=25, warmup_days=4)


def test_a_member_who_comes_back_is_treated_anew(kept: Kept) -> None:
    project = build(
        [{"id": "one", "do": ["serve"], "modality": "surgery"}],
        {"serve": doing((minutes(30), {"server": 1}))},
        {"server": server(2)},
        between=row(4, "hour", distribution={"family": "gamma", "cv": 0.5}),
        flow_more={"members": 5},
    )
    model = compile_project(project, 20)
    lived = compare(kept, model, days=20)
    treated = lived.counters["spread_n"][model.tables.sizes[k.R_TREATMENT]]
    assert treated == lived.counters["spread_n"][model.tables.sizes[k.R_STEP]] > 5 * 10


def test_a_visit_ends_with_the_admission_from_it(kept: Kept) -> None:
    project = build(
        [
            {"id": "visit", "do": ["consult"], "setting": "outpatient"},
            {"id": "admission", "do": ["stay"], "setting": "inpatient"},
        ],
        {
            "consult": doing((minutes(30), {"room": 1})),
            "stay": doing((row(2, "day"), {"bed": 1})),
        },
        {"room": server(4), "bed": server(20, kind="bed")},
        between=row(12, "hour"),
    )
    model = compile_project(project, 20)
    lived = compare(kept, model, days=20)
    visits = model.tables.sizes[k.R_VISIT]
    assert lived.counters["spread_n"][visits] > 20
    assert lived.counters["spread_most"][visits] < k.HOUR


def episodes_project() -> Project:
    again = {"id": "again", "do": ["serve"], "after": {"earliest_days": 2}}
    return build(
        [
            {"id": "one", "do": ["serve"], "set": ["seen"], "modality": "surgery"},
            {
                "id": "two",
                "do": ["serve"],
                "after": {"earliest_days": 3},
                "next": {"options": [{"to": "two", "share": share(0.4)}, {"to": "end", "share": "rest"}]},
            },
        ],
        {"serve": doing((minutes(50, "exponential"), {"server": 1}))},
        {"server": server(1)},
        between=row(9, "hour"),
        way_more={
            "survival": {"hazard": row(5.0, "1/year")},
            "episodes": [
                {"id": "after", "start": "later", "when": "completion", "share": share(0.5), "has": ["seen"]},
                {"id": "timed", "start": "later", "when": "time", "mean": row(30, "day"), "set": ["late"]},
                {"id": "ill", "start": "sick", "when": "rate", "rate": row(20, "1/year")},
                {"id": "dead", "start": "sick", "when": "death"},
            ],
        },
        more_ways={
            "later": pathway(
                again | {"modality": "surgery"}, lasts="life", survival={"hazard": row(8.0, "1/year")}
            ),
            "sick": pathway(again | {"when": {"lacks": ["late"]}}),
        },
    )


def test_episodes(kept: Kept) -> None:
    lived = check(kept, episodes_project(), days=120)
    assert lived.totals["died"] > 5


def test_a_start_that_is_not_empty(kept: Kept) -> None:
    project = episodes_project()
    check(kept, project, days=20, history_days=60)


@pytest.mark.parametrize("seed", [3, 4])
def test_everything_at_once_after_a_history(kept: Kept, seed: int) -> None:
    project = build(
        [
            {"id": "visit", "do": ["consult"], "setting": "outpatient", "after": {"earliest_days": 2}},
            {
                "id": "operation",
                "do": ["operate", "stay"],
                "setting": "inpatient",
                "after": {"earliest_days": 5},
                "modality": "surgery",
            },
            {
                "id": "course",
                "do": ["consult", "paper"],
                "setting": "outpatient",
                "repeat": {"n": row(3, "count", per="patient"), "every_days": 7},
                "after": {"earliest_days": 14},
            },
        ],
        {
            "consult": doing((minutes(30), {"room": 1})),
            "operate": doing(
                (minutes(120, "gamma", cv=0.3), {"theatre": 1}), (minutes(20), {"theatre": 1}), tail=1
            ),
            "stay": doing((row(2, "day", distribution={"family": "exponential"}), {"bed": 1})),
            "paper": doing((minutes(12), {"clerk": 1}), contact=False),
        },
        {
            "room": server(1, calendar="office", booking=BOOKING),
            "theatre": server(1, kind="room", calendar="office", booking={"must_fit": True}),
            "bed": server(4, kind="bed"),
            "clerk": server(1, calendar="office"),
        },
        between=row(9, "hour"),
        calendars=BREAKS,
    )
    check(kept, project, days=25, history_days=40, seed=seed)


def test_whoever_clears_up_is_cut_off_by_a_breakdown_too(kept: Kept) -> None:
    project = build(
        [{"id": "one", "do": ["serve"]}],
        {"serve": doing((minutes(20), {"server": 1}), (minutes(40, "exponential"), {"server": 1}), tail=1)},
        {"server": server(2, breakdown={"every": row(4, "hour"), "repair": minutes(30), "clock": "open"})},
        between=minutes(50),
    )
    assert check(kept, project, days=20).counters["cuts"].sum() > 50


def test_who_comes_before_opening_is_seen_at_opening(kept: Kept) -> None:
    project = build(
        [{"id": "visit", "do": ["consult"], "setting": "outpatient"}],
        {"consult": doing((minutes(10), {"room": 1}))},
        {"room": server(1, calendar="office", booking={"must_fit": True})},
        between=row(20000, "day"),
        more_flows={"early": flow("way", times=["07:00"], calendar="office")},
        calendars=HOURS,
    )
    compared = compile_project(project, 4)
    journal = compare(kept, compared, days=4).journal
    assert (journal[:, 6] % k.DAY == 8 * k.HOUR).all()


@pytest.mark.parametrize("first", ["room", "doctor"])
def test_who_lacks_what_has_closed_goes_home_whatever_else_is_lacking(kept: Kept, first: str) -> None:
    """The room is taken until 17:00 by somebody who began before the doctor's day ended."""
    hold = {"room": 1, "doctor": 1} if first == "room" else {"doctor": 1, "room": 1}
    project = build(
        [{"id": "visit", "do": ["consult"], "setting": "outpatient"}],
        {"consult": doing((minutes(70), hold))},
        {"room": server(1), "doctor": server(1, calendar="office")},
        between=row(20000, "day"),
        more_flows={"daily": flow("way", times=["15:50", "16:30"], calendar="office")},
        calendars=HOURS,
    )
    lived = check(kept, project, days=4)
    assert count_outcomes(lived, k.SENT_HOME) == 4


def test_who_is_cut_off_after_closing_goes_home(kept: Kept) -> None:
    breakdown = {"every": minutes(60), "repair": minutes(10), "clock": "busy"}
    project = build(
        [{"id": "visit", "do": ["scan"], "setting": "outpatient"}],
        {"scan": doing((minutes(60), {"scanner": 1}))},
        {"scanner": server(1, calendar="office", breakdown=breakdown)},
        between=row(20000, "day"),
        more_flows={"daily": flow("way", times=["15:55"], calendar="office")},
        calendars=HOURS,
    )
    lived = check(kept, project, days=40)
    cut = int(lived.counters["cuts"].sum())
    assert cut > 10
    assert count_outcomes(lived, k.SENT_HOME) > 10
    assert lived.totals["wait_area"] < cut * k.HOUR  # nobody waits through a night


@pytest.mark.slow
@settings(max_examples=8, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(projects())
def test_definitions_drawn_at_random(project: Project) -> None:
    keeper = Kept()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(simulating, "gather", keeper.gather)
        compare(keeper, compile_project(project, 10), days=10, rows=False)


def phased_project(opens: int, **more: Any) -> Project:
    """What a department does, and what is done instead until it opens."""
    return build(
        [
            {
                "id": "course",
                "do": ["new"],
                "setting": "outpatient",
                "after": {"earliest_days": 2},
                "repeat": {"n": row(3, "count", per="patient"), "workdays": True},
            }
        ],
        {
            "new": doing((minutes(10), {"machine": 1}), department="annex", fallback="old"),
            "old": doing((minutes(20), {"room": 1})),
        },
        {
            "machine": server(1, calendar="office", department="annex", **more),
            "room": server(2, calendar="office", **more),
        },
        between=row(9, "hour"),
        calendars=HOURS,
        departments={
            "hall": {"label": "Hall", "gross": row(1.5, "ratio")},
            "annex": {"label": "Annex", "gross": row(1.5, "ratio")},
        },
        openings=[
            {"id": "hall", "label": "Hall", "year": 2026, "sized_for": 2026, "departments": ["hall"]},
            {"id": "annex", "label": "Annex", "year": opens, "sized_for": opens, "departments": ["annex"]},
        ],
    )


@pytest.mark.parametrize("more", [{}, {"booking": {"horizon_days": 60}}])
def test_until_a_department_opens_its_fallback_is_booked_and_done(kept: Kept, more: dict[str, Any]) -> None:
    early = compile_project(phased_project(2040, **more), 20)
    compare(kept, early, days=20)
    state = kept.state
    assert state is not None
    done = dict(zip(early.names.activities, state.turnout[:, k.DONE].tolist(), strict=False))
    assert done["old"] > 50
    assert done["new"] == 0
    kept.rows.clear()
    later = compile_project(phased_project(2027, **more), 40, start=date(2026, 12, 7))
    compare(kept, later, days=40)
    state = kept.state
    assert state is not None
    done = dict(zip(later.names.activities, state.turnout[:, k.DONE].tolist(), strict=False))
    assert min(done["old"], done["new"]) > 40
