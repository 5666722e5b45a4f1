"""A made-up campus as a definition: 48 stations, 12 pools of staff, 24 pathways, 30,000 visits a weekday.

Everything is written in the tables below; the numbers of units and people follow from them by the loads at
the top, so that utilisations are 0.6 to 0.9. Nothing here describes a real hospital.
"""

import math
from pathlib import Path
from typing import Any

import yaml

Data = dict[str, Any]

VISITS_A_WEEKDAY = 30_000
DAYS_2026, WEEKDAYS_2026 = 365, 261
MINUTES_A_DAY = 24 * 60
BOOKED_MIN = 480
"""Minutes a day in which appointments are given: 08:00 to 16:00."""
SERVED_MIN = 465
"""Minutes a day over which the work after an appointment is spread."""
BOOKED_LOAD = 0.88
STATION_LOAD = 0.96
STAFF_LOAD = 0.98
NO_SHOW = 0.07
LATENESS_MIN = (-4.0, 9.0)
"""Mean and standard deviation of coming late; below 0 is early."""
SPREAD = 0.6
"""Standard deviation of a service as a share of its mean."""
EMERGENCY_PEAK = 1.6
"""Busiest hour of emergencies over the mean hour, rounded up."""

# Name, how many alike, staff who serve it, mean minutes, hours, whether it breaks down.
STATIONS = (
    ("clinic", 12, "physician", 12.0, "booked", 0),
    ("linac", 3, "therapist", 12.0, "booked", 3),
    ("chair", 2, "oncology_nurse", 75.0, "booked", 0),
    ("desk", 4, "clerk", 3.0, "day", 0),
    ("vitals", 4, "nurse", 4.0, "day", 0),
    ("phlebotomy", 2, "technician", 5.0, "day", 0),
    ("laboratory", 2, "technician", 6.0, "day", 0),
    ("xray", 2, "radiographer", 7.0, "day", 0),
    ("ct", 2, "radiographer", 14.0, "always", 2),
    ("mri", 2, "radiographer", 25.0, "day", 2),
    ("ultrasound", 2, "sonographer", 14.0, "day", 0),
    ("pet", 1, "radiographer", 30.0, "day", 1),
    ("endoscopy", 1, "nurse", 30.0, "day", 0),
    ("biopsy", 1, "sonographer", 20.0, "day", 0),
    ("pharmacy", 2, "pharmacist", 4.0, "day", 0),
    ("therapy", 2, "physiotherapist", 25.0, "day", 0),
    ("triage", 1, "emergency_nurse", 6.0, "always", 0),
    ("bay", 2, "emergency_doctor", 25.0, "always", 0),
    ("quick", 1, "emergency_nurse", 5.0, "always", 0),
)

# Share of the visits by appointment, name, steps; `*n` repeats a step on n weekdays, `?` is done for 60 %.
PATHWAYS = (
    (6, "first_visit", "clinic_1 vitals_1 phlebotomy_1 laboratory_1 xray_1 ultrasound_1 desk_1"),
    (6, "second_visit", "clinic_2 vitals_2 phlebotomy_2 laboratory_2 ct_1? pharmacy_1 desk_2"),
    (5, "breast", "clinic_3 vitals_3 ultrasound_1 biopsy_1? laboratory_1 xray_1? phlebotomy_1 desk_3"),
    (5, "lung", "clinic_4 vitals_4 xray_1 ct_1? phlebotomy_2 laboratory_2 pet_1? pharmacy_2 desk_4"),
    (5, "bowel", "clinic_5 vitals_1 phlebotomy_1 laboratory_1 endoscopy_1? ultrasound_2? pharmacy_1 desk_1"),
    (5, "prostate", "clinic_6 vitals_2 phlebotomy_2 ultrasound_2 mri_1? laboratory_2 desk_2"),
    (6, "head_and_neck", "clinic_7 vitals_3 xray_2 mri_2? laboratory_1 therapy_1? desk_3"),
    (5, "blood", "clinic_8 vitals_4 phlebotomy_1 laboratory_1 vitals_4 pharmacy_2 desk_4"),
    (6, "check_up", "clinic_9 phlebotomy_2 desk_1"),
    (6, "results", "clinic_10 xray_2 pharmacy_1 desk_2"),
    (6, "pain", "clinic_11 vitals_1 pharmacy_2 therapy_2? desk_3"),
    (5, "genetics", "clinic_12 phlebotomy_1 laboratory_2 desk_4"),
    (
        5,
        "before_surgery",
        "clinic_1 vitals_2 phlebotomy_2 laboratory_1 xray_1 ultrasound_2? desk_1",
    ),
    (5, "after_surgery", "clinic_2 vitals_3 xray_2 therapy_1? desk_2"),
    (
        3,
        "whole_work_up",
        (
            "clinic_3 vitals_4 phlebotomy_1 laboratory_2 xray_2 ultrasound_1 ct_2? mri_1? pet_1? biopsy_1? "
            "vitals_3 pharmacy_2 desk_3"
        ),
    ),
    (4, "skin", "clinic_4 biopsy_1? laboratory_1 pharmacy_1 desk_4"),
    (4, "thyroid", "clinic_5 vitals_1 ultrasound_2 phlebotomy_2 laboratory_2 desk_1"),
    (4, "rehabilitation", "clinic_6 therapy_2 therapy_1? desk_2"),
    (3, "beam_25", "clinic_7 ct_2 linac_1*25 clinic_7 desk_3"),
    (3, "beam_15", "clinic_8 ct_2 linac_2*15 desk_4"),
    (3, "beam_5", "clinic_9 mri_2 linac_3*5 desk_1"),
    (4, "infusions", "clinic_10 phlebotomy_1 laboratory_1 chair_1*6 pharmacy_2 desk_2"),
    (4, "injections", "clinic_11 vitals_4 chair_2*4 desk_3"),
)
EMERGENCY = (0.05, "emergency", "triage_1 bay_1 quick_1 ct_1? ct_2? bay_2 quick_1")
"""Share of all visits, name, steps."""
SHARE_DONE = 0.6

DAY_PROFILE = (0,) * 8 + (1,) * 8 + (0,) * 8
"""When referrals come: 08:00 to 16:00, for an appointment on a later day."""
EMERGENCY_PROFILE = (5, 4, 3, 3, 3, 3, 4, 6, 9, 11, 12, 12, 11, 11, 10, 10, 10, 11, 11, 11, 10, 9, 8, 6)

BREAKDOWN = (40.0, 1.5)
"""Mean hours to a failure and to its repair."""

CALENDARS: Data = {
    "always": {"label": "Day and night"},
    "days": {"label": "Weekdays", "days": ["mon", "tue", "wed", "thu", "fri"]},
}
"""Those with hours are added by `_add_calendar`."""

HOURS = {
    "booked": (("clinic_hours", 1.0),),
    "usual": (("long_day", 1.0),),
    "urgent": (("always", 0.65), ("busy_hours", 0.45)),
}
"""Kind of work -> calendars, each with the part of the units it needs that are there."""
STAFF_HOURS = {
    "booked": (("clinic_hours", 1.0),),
    "usual": (("long_day", 0.6), ("early", 0.4), ("late", 0.4)),
    "urgent": (("always", 0.65), ("busy_hours", 0.45)),
}
TIMES = {
    "clinic_hours": ("08:00", "16:00", 240),
    "long_day": ("07:30", "17:30", 240),
    "early": ("07:30", "13:30", 0),
    "late": ("12:30", "17:30", 240),
    "busy_hours": ("08:00", "22:00", 0),
}


def row(label: str, value: float, unit: str, **more: Any) -> Data:
    """Return an evidence row."""
    said: Data = {"source": "benchmark", "status": "assumption", "opened": False, "note": "made up"}
    return {"label": label, "value": value, "unit": unit, **said, **more}


def list_stations() -> dict[str, tuple[str, float, str, bool]]:
    """Return staff, mean minutes, hours and whether it breaks down, of each station."""
    return {
        f"{name}_{i + 1}": (staff, minutes, hours, i < breaks)
        for name, n, staff, minutes, hours, breaks in STATIONS
        for i in range(n)
    }


def read_steps(text: str) -> list[tuple[str, int, bool]]:
    """Return station, times and whether it is done only for some, of each step."""
    steps = []
    for word in text.split():
        station, _, times = word.rstrip("?").partition("*")
        steps.append((station, int(times or 1), word.endswith("?")))
    return steps


def count_arrivals() -> dict[str, float]:
    """Return arrivals a weekday (emergencies: a day) by pathway, so that visits are as many as stated.

    A visit is somebody's coming on one day: an arrival, and each occurrence of a repeated step.
    """
    share, emergency, _ = EMERGENCY
    by_appointment = VISITS_A_WEEKDAY * (1 - share)
    weights = {name: weight / count_visits(text) for weight, name, text in PATHWAYS}
    scale = by_appointment / sum(weights[name] * count_visits(text) for _, name, text in PATHWAYS)
    return {name: weight * scale for name, weight in weights.items()} | {emergency: VISITS_A_WEEKDAY * share}


def count_visits(text: str) -> int:
    """Return how many days somebody comes."""
    return 1 + sum(times for _, times, _ in read_steps(text) if times > 1)


def list_flows() -> list[tuple[str, float, list[tuple[str, int, bool]]]]:
    """Return name, arrivals a day and steps of every pathway."""
    arrivals = count_arrivals()
    return [(name, arrivals[name], read_steps(text)) for _, name, text in (*PATHWAYS, EMERGENCY)]


def compute_loads() -> tuple[dict[str, float], dict[str, float]]:
    """Return minutes of work by station: of a weekday's appointments, and of a day's emergencies."""
    stations = list_stations()
    usual, urgent = dict.fromkeys(stations, 0.0), dict.fromkeys(stations, 0.0)
    for name, arrivals, steps in list_flows():
        loads = urgent if name == EMERGENCY[1] else usual
        for station, times, is_for_some in steps:
            loads[station] += arrivals * times * (SHARE_DONE if is_for_some else 1) * stations[station][1]
    return usual, urgent


def list_duties(usual: float, urgent: float, is_booked: bool, load: float, table: Data) -> dict[str, int]:
    """Return calendars and how many are there then, for so many minutes of work."""
    minutes, hours = (BOOKED_MIN, "booked") if is_booked else (SERVED_MIN, "usual")
    load = BOOKED_LOAD if is_booked else load
    parts = ((hours, usual / minutes), ("urgent", urgent * EMERGENCY_PEAK / MINUTES_A_DAY))
    return {
        calendar: math.ceil(units / load * share)
        for key, units in parts
        if units
        for calendar, share in table[key]
    }


def make_definition() -> Data:
    """Return the campus as a definition."""
    stations, (usual, urgent) = list_stations(), compute_loads()
    calendars = dict(CALENDARS)
    for name, (opens, closes, overtime) in TIMES.items():
        days = {} if name == "busy_hours" else {"days": CALENDARS["days"]["days"]}
        calendars[name] = {"label": name, "opens": opens, "closes": closes, "overtime_min": overtime, **days}
    resources: Data = {}
    for name, (_, _, hours, breaks) in stations.items():
        resources[name] = _make_resource(
            "machine" if breaks else "place",
            name,
            list_duties(usual[name], urgent[name], hours == "booked", STATION_LOAD, HOURS),
        )
        if breaks:
            every, repair = BREAKDOWN
            resources[name]["breakdown"] = {
                "every": row("Mean time to a failure", every, "hour"),
                "repair": row("Mean time to repair", repair, "hour"),
                "clock": "open",
            }
        if hours == "booked":
            mean, spread = LATENESS_MIN
            resources[name]["booking"] = {
                "no_show": row("Never come", NO_SHOW, "share", per="visit"),
                "lateness": row("Late by", mean, "min", distribution={"family": "normal", "sd": spread}),
            }
    for staff in dict.fromkeys(staff for staff, *_ in stations.values()):
        served = [name for name, (who, *_) in stations.items() if who == staff]
        loads = sum(usual[name] for name in served), sum(urgent[name] for name in served)
        is_booked = stations[served[0]][2] == "booked"
        resources[staff] = _make_resource(
            "role", staff, list_duties(*loads, is_booked, STAFF_LOAD, STAFF_HOURS)
        )
    return {
        **_make_frame(calendars),
        "resources": resources,
        "activities": {
            name: {
                "label": name,
                "department": "campus",
                "phases": [
                    {
                        "id": "serve",
                        "duration": {"evidence": f"campus.{name}"},
                        "hold": {name: 1, staff: 1},
                    }
                ],
            }
            for name, (staff, *_) in stations.items()
        },
        "flows": {name: _make_flow(name, arrivals) for name, arrivals, _ in list_flows()},
        "pathways": {name: _make_pathway(name, steps) for name, _, steps in list_flows()},
        "evidence": {
            f"campus.{name}": row(
                f"At {name}", minutes, "min", distribution={"family": "lognormal", "cv": SPREAD}
            )
            for name, (_, minutes, *_) in stations.items()
        },
    }


def _make_resource(kind: str, name: str, duties: dict[str, int]) -> Data:
    resource: Data = {
        "kind": kind,
        "label": name,
        "department": "campus",
        "calendar": next(iter(duties)),
        "shifts": [{"calendar": calendar, "n": n} for calendar, n in duties.items()],
    }
    if kind == "role":
        clinical = row("Share of hours for people", 0.9, "share", per="fte")
        return resource | {"staffing": {"clinical_share": clinical}}
    return resource | {"sizing": {"utilisation": row("Load that can be borne", 0.9, "share", per="station")}}


def _make_flow(name: str, arrivals: float) -> Data:
    if name == EMERGENCY[1]:
        volume = row("Arrivals a year", arrivals * DAYS_2026, "patient/year")
        return {
            "label": name,
            "pathway": name,
            "volume": volume,
            "day": list(EMERGENCY_PROFILE),
            "priority": 1,
        }
    volume = row("Referrals a year", arrivals * WEEKDAYS_2026, "patient/year")
    return {
        "label": name,
        "pathway": name,
        "volume": volume,
        "day": list(DAY_PROFILE),
        "calendar": "days",
        "priority": 4 if "beam" in name else 5,
    }


def _make_pathway(name: str, steps: list[tuple[str, int, bool]]) -> Data:
    made: list[Data] = []
    stations = list_stations()
    for i, (station, times, is_for_some) in enumerate(steps):
        step: Data = {"id": f"s{i + 1}", "do": [station]}
        if times > 1:
            n = row("Occurrences", times, "count", per="patient")
            step["repeat"] = {"n": n, "every_days": 1, "workdays": True}
        if stations[station][2] == "booked":
            step["after"] = {"earliest_days": 1}
        if is_for_some:
            step["when"] = {"share": row("Share it is done for", SHARE_DONE, "share", per="visit")}
        made.append(step)
    return {"label": name, "steps": made}


def _make_frame(calendars: Data) -> Data:
    gross = row("Gross over net", 1, "ratio")
    week = row("Hours a week", 40, "hour/week")
    return {
        "name": "Campus",
        "schema": 1,
        "horizon": {"first": 2026, "last": 2036},
        "openings": [{"id": "all", "label": "Everything", "year": 2026, "sized_for": 2026}],
        "currency": {"price_year": 2024},
        "practice": "here",
        "building_gross": gross,
        "practices": {
            "here": {
                "label": "Nowhere in particular",
                "country": "GBR",
                "hours": {
                    "standard": {
                        "weekly": week,
                        **{part: row(part, 10, "day/year") for part in ("leave", "sickness", "training")},
                    }
                },
            }
        },
        "calendars": calendars,
        "departments": {"campus": {"label": "Campus", "gross": gross}},
    }


def write_campus(folder: Path) -> Path:
    """Write the definition to a folder and return it."""
    folder.mkdir(parents=True, exist_ok=True)
    text = yaml.safe_dump(make_definition(), sort_keys=False, width=110)
    (folder / "centre.yaml").write_text(text, encoding="utf-8")
    return folder
