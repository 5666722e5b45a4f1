"""Small projects drawn at random: any mix of what a definition can say, never a sensible clinic."""

from typing import Any

from hypothesis import strategies as st
from tests.queues import activity, flow, pathway, queue_project, row, share

from oncopolis.centre import Project

Data = dict[str, Any]
NAMES = ("a", "b", "c", "d")
CALENDARS = {
    "early": {"label": "Early", "days": ["mon", "tue", "wed", "thu", "fri"], "opens": "07:30"}
    | {"closes": "13:00", "holidays": "closed", "overtime_min": 40},
    "long": {"label": "Long", "days": ["mon", "tue", "thu", "fri", "sat"], "opens": "08:00"}
    | {"closes": "19:00", "holidays": "closed", "breaks_min": 60},
}


def _time(minutes: float, spread: Data | None) -> Data:
    more: Data = {} if spread is None else {"distribution": spread}
    return row(minutes, "min", **more)


SPREADS: st.SearchStrategy[Data | None] = st.sampled_from(
    [
        None,
        {"family": "exponential"},
        {"family": "gamma", "cv": 0.6},
        {"family": "lognormal", "cv": 0.9},
        {"family": "uniform", "cv": 0.3},
    ]
)


@st.composite
def times(draw: st.DrawFn, low: int = 5, high: int = 90) -> Data:
    """A time of some minutes."""
    return _time(draw(st.integers(low, high)), draw(SPREADS))


@st.composite
def resources(draw: st.DrawFn) -> Data:
    """Four resources; the last two may stand in for the first two."""
    made: Data = {}
    for name in NAMES:
        one: Data = {"label": name, "department": draw(st.sampled_from(["hall", "annex"]))}
        one |= {"kind": draw(st.sampled_from(["place", "room", "bed"])), "n": draw(st.integers(2, 3))}
        one["calendar"] = draw(st.sampled_from(["always", "always", "early", "long"]))
        if draw(st.integers(0, 2)) == 0:
            one["breakdown"] = {
                "every": row(draw(st.integers(5, 60)), "hour"),
                "repair": draw(times()),
                "clock": draw(st.sampled_from(["always", "open", "busy"])),
            }
        one["preempts"] = draw(st.integers(0, 2)) == 0
        if draw(st.integers(0, 3)) == 0:
            one["waiting"] = draw(st.integers(0, 3))
        if one["calendar"] != "always" and draw(st.booleans()):
            one["booking"] = {
                "no_show": share(0.1),
                "cancelled": share(0.1),
                "urgent_share": share(0.25),
                "horizon_days": draw(st.integers(2, 12)),
                "must_fit": draw(st.booleans()),
                "lateness": _time(2, {"family": "normal", "sd": 15}),
            }
        if name in NAMES[:2] and draw(st.integers(0, 3)) == 0:
            one["overflow"] = draw(st.sampled_from(NAMES[2:]))
        made[name] = one
    return made


@st.composite
def activities(draw: st.DrawFn) -> Data:
    """Three activities of up to three phases, the last perhaps without the patient."""
    made: Data = {}
    for name in ("one", "two", "three"):
        phases = []
        for _ in range(draw(st.integers(1, 3))):
            held = draw(st.lists(st.sampled_from(NAMES), min_size=1, max_size=2, unique=True))
            phases.append((draw(times()), {key: draw(st.sampled_from([1, 1, 2])) for key in held}))
        made[name] = activity(*phases, department=draw(st.sampled_from(["hall", "annex"])))
        if len(phases) > 1 and draw(st.booleans()):
            made[name]["phases"][-1]["patient"] = False
        if draw(st.integers(0, 4)) == 0:
            made[name]["contact"] = False
    return made


@st.composite
def steps(draw: st.DrawFn, name: str) -> Data:
    """A step of one or two activities."""
    step: Data = {
        "id": name,
        "do": draw(st.lists(st.sampled_from(["one", "two", "three"]), min_size=1, max_size=2)),
        "setting": draw(st.sampled_from(["none", "outpatient", "day_case", "inpatient", "remote"])),
        "after": {"earliest_days": draw(st.integers(0, 3))},
    }
    if draw(st.integers(0, 2)) == 0:
        step["repeat"] = {
            "n": row(draw(st.sampled_from([2.0, 2.5, 4.0])), "count", per="patient"),
            "workdays": draw(st.booleans()),
            "deferral": {"share": share(0.2), "days": 2},
        }
    if draw(st.integers(0, 3)) == 0:
        step["patience"] = draw(st.one_of(times(5, 200), st.just(_time(0, None))))
    if draw(st.integers(0, 3)) == 0:
        step["priority"] = draw(st.integers(0, 9))
    if draw(st.integers(0, 3)) == 0:
        step["when"] = {"share": share(0.6), "frailty": share(0.5)}
    return step


@st.composite
def projects(draw: st.DrawFn) -> Project:
    """A project of two pathways, each with an episode, and three flows."""
    first = pathway(*(draw(steps(name)) for name in ("x", "y", "z")))
    second = pathway(*(draw(steps(name)) for name in ("v", "w")), priority=draw(st.integers(0, 9)))
    first["episodes"] = [{"id": "on", "start": "second", "share": share(0.3)}]
    first["episodes"] += [{"id": "later", "start": "second", "when": "time", "mean": row(20, "day")}]
    return queue_project(
        flows={
            "many": flow("first", between=_time(draw(st.integers(60, 400)), None)),
            "few": flow("second", between=_time(600, {"family": "gamma", "cv": 0.4}), priority=1),
            "members": flow("second", between=_time(2000, None), members=2),
        },
        resources=draw(resources()),
        activities=draw(activities()),
        pathways={"first": first, "second": second},
        calendars=CALENDARS,
        departments={
            "hall": {"label": "Hall", "gross": row(1.5, "ratio"), "check_in": row(3, "min")},
            "annex": {"label": "Annex", "gross": row(1.5, "ratio")},
        },
        campus={
            "buildings": {
                "one": {"label": "One", "departments": ["hall"]},
                "two": {"label": "Two", "departments": ["annex"]},
            },
            "walks": [{"between": ["one", "two"], "minutes": 6}],
        },
    )
