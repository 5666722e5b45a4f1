"""A clinic whose pathway asks and branches, and courses on it, for tests of `operations`."""

from copy import deepcopy
from dataclasses import replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.clinic import Data, build, count, lay, minutes, share, write
from tests.live import MONDAY_MS, SOMEBODY, make_floor, make_moment

from oncopolis.operations import ACTS, Decision, Floor, House, Moment, View, make_house
from oncopolis.operations.courses import Course, Post
from oncopolis.record import Who
from oncopolis.studies.preparing import prepare

DAY_MS = 86_400_000
DOCTOR = Post("post-1", "somebody", "doctor")
"""Whoever acts in tests is a doctor."""
PROGRAM = Who("Device", "program", "Another system")

STEPS: list[Data] = [
    {"id": "visit", "label": "First visit", "do": ["consult"]},
    {
        "id": "report",
        "label": "Pathology",
        "setting": "none",
        "after": {"earliest_days": 1, "target_days": 2, "latest_days": 5},
        "do": ["report"],
    },
    {
        "id": "board",
        "label": "Tumour board",
        "setting": "none",
        "after": {"target_days": 2, "latest_days": 7},
        "do": ["board"],
        "next": {
            "decider": "tumour_board",
            "needs": ["histology", "imaging"],
            "reasons": ["operable", "unfit"],
            "options": [
                {"to": "operation", "label": "Operate", "share": share(0.6)},
                {"to": "radiotherapy", "label": "No operation", "share": "rest"},
            ],
        },
    },
    {
        "id": "operation",
        "label": "Operation",
        "do": ["operation", "stay"],
        "setting": "inpatient",
        "after": {"earliest_days": 3, "target_days": 7, "latest_days": 21},
        "set": ["operated"],
    },
    {
        "id": "wound",
        "label": "Look at the wound",
        "do": ["consult"],
        "when": {"has": ["operated"]},
        "after": {"earliest_days": 5, "target_days": 7},
    },
    {
        "id": "radiotherapy",
        "label": "Radiotherapy",
        "do": ["fraction"],
        "after": {"earliest_days": 7, "target_days": 14, "latest_days": 28},
        "when": {
            "share": share(0.7),
            "decider": "doctor",
            "needs": ["margins"],
            "reasons": ["nodes involved", "no benefit"],
        },
        "repeat": {"n": count(5), "workdays": True},
        "set": ["irradiated"],
    },
    {
        "id": "imaging",
        "label": "Imaging",
        "do": [{"activity": "scan", "share": share(0.6)}, {"activity": "report", "share": share(0.2)}],
        "after": {"latest_days": 30},
    },
    {
        "id": "control",
        "label": "Controls",
        "do": ["consult"],
        "after": {"earliest_days": 20, "target_days": 30, "latest_days": 60},
        "repeat": {"n": count(2), "every_days": 30},
    },
]
REST: list[Data] = [{"id": "visit", "do": ["consult"]}]


@cache
def get_course_house(change: str = "") -> House:
    """The clinic; `change` names a later definition of it."""
    data = lay(build(), "time_zone", "Asia/Tashkent")
    data["attributes"] = data.get("attributes", {})
    data["activities"] |= {
        "report": _work("Report", "doctor"),
        "board": _work("Discussion at the tumour board", "doctor"),
        "scan": {
            "label": "Scan",
            "department": "radiotherapy",
            "phases": [{"id": "scan", "duration": minutes(20), "hold": {"linac": 1, "radiographer": 1}}],
        },
    }
    for resource in ("consult_room", "linac", "theatre"):
        data["resources"][resource]["booking"] = {"horizon_days": 200}
    steps = deepcopy(STEPS)
    if change == "shorter":
        steps[-1]["repeat"]["n"] = count(1)
    after = {"id": "after", "start": "late"}
    data["pathways"] = {
        "care": {"label": "Care", "version": 2 if change else 1, "steps": steps, "episodes": [after]},
        "late": {"label": "Later care", "steps": REST, "status": "approved", "signed_by": ["Dr Kim"]},
        "other": {"label": "Other care", "steps": REST},
    }
    data["flows"]["others"] = deepcopy(data["flows"]["patients"]) | {"pathway": "other"}
    data.pop("attributes")
    with TemporaryDirectory() as folder:
        prepared = prepare(write(Path(folder) / "clinic", data), {}, lambda _doing, _done: None)
    return make_house(prepared.equipped)


def _work(label: str, role: str) -> Data:
    return {
        "label": label,
        "department": "outpatient",
        "contact": False,
        "phases": [{"id": "work", "duration": minutes(15), "hold": {role: 1}}],
    }


def make_course_floor(*views: View, change: str = "") -> Floor:
    """A floor of that clinic on which somebody is a doctor."""
    return make_floor(DOCTOR, *views, house=get_course_house(change))


class Walk:
    """Acts on a floor, one after the other."""

    def __init__(self, floor: Floor | None = None) -> None:
        self.floor = floor or make_course_floor()
        self.at_ms = MONDAY_MS
        self.n_acts = 0

    def moment(self, who: Who = SOMEBODY) -> Moment:
        self.n_acts += 1
        made = make_moment(self.at_ms, self.floor.house, f"id-{self.n_acts}")
        return replace(made, who=who)

    def do(self, name: str, **said: Any) -> Decision:
        """Do an act, and let the floor have what follows."""
        return self.do_as(SOMEBODY, name, **said)

    def do_as(self, someone: Who, name: str, **said: Any) -> Decision:
        """Do an act in another's name."""
        act = ACTS[name]
        decision = act.decide(self.floor, act.asked.model_validate(said), self.moment(someone))
        self.floor.put(*decision.puts)
        return decision

    def start(self, **said: Any) -> Course:
        """Start a course; the patient is p1 and the pathway `care` if nothing else is said."""
        decision = self.do("start_course", **({"patient": "p1", "pathway": "care"} | said))
        return self.floor.get(Course, str(decision.answer["course"]))

    def get(self, course: Course) -> Course:
        """The course as it is now."""
        return self.floor.get(Course, course.id)

    def pass_days(self, days: int) -> None:
        self.at_ms += days * DAY_MS
