"""A clinic small enough to be planned on paper, written to a folder and read as any project."""

import atexit
from copy import deepcopy
from functools import cache
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp
from typing import Any

import holidays
import yaml

from oncopolis.centre import Project, read_project
from oncopolis.planning import Calculation, Coefficients, calculate

Data = dict[str, Any]

SITES = {"breast": 1000, "lung": 500, "nmsc": 300}
"""New cases a year in the catchment's registry."""

PEOPLE = 3_600_000
"""Inhabitants: 100,000 in each of 36 groups of sex and age, for ever."""


def row(value: float, unit: str, low: float | None = None, high: float | None = None, **more: Any) -> Data:
    """An evidence row in place."""
    fields: Data = {"label": more.pop("label", "A number"), "value": value, "unit": unit, "source": "test"}
    fields |= {"status": "assumption", "opened": False, "note": "made up for the test"}
    if unit in ("share", "count"):
        fields["per"] = "patient"
    if low is not None:
        fields |= {"low": low, "high": high}
    return fields | more


def share(value: float, low: float | None = None, high: float | None = None) -> Data:
    return row(value, "share", low, high)


def count(value: float, low: float | None = None, high: float | None = None) -> Data:
    return row(value, "count", low, high)


def usd(value: float, low: float | None = None, high: float | None = None, year: int = 2024) -> Data:
    return row(value, "USD", low, high, year=year)


def minutes(value: float, low: float | None = None, high: float | None = None) -> Data:
    return row(value, "min", low, high)


BASE: Data = {
    "schema": 1,
    "name": "Small clinic",
    "practice": "here",
    "horizon": {"first": 2026, "last": 2037},
    "currency": {"price_year": 2024},
    "building_gross": row(1.3, "ratio", 1.2, 1.5),
    "openings": [
        {"id": "first", "label": "First phase", "year": 2027, "sized_for": 2028},
        {
            "id": "beams",
            "label": "Second phase",
            "year": 2030,
            "sized_for": 2033,
            "departments": ["radiotherapy", "biobank"],
        },
    ],
    "practices": {
        "here": {
            "label": "A British public employer",
            "country": "GBR",
            "hours": {
                "standard": {
                    "weekly": row(37.5, "hour/week"),
                    "leave": row(27, "day/year"),
                    "sickness": row(8, "day/year"),
                    "training": row(5, "day/year"),
                }
            },
        }
    },
    "departments": {
        "outpatient": {"label": "Outpatients", "gross": row(1.5, "ratio"), "frame": "general"},
        "wards": {"label": "Wards", "gross": row(1.6, "ratio")},
        "surgery": {
            "label": "Theatres",
            "gross": row(2.0, "ratio"),
            "building_cost": row(6000, "USD/m2", year=2024),
        },
        "radiotherapy": {"label": "Radiotherapy", "gross": row(1.7, "ratio")},
        "biobank": {"label": "Biobank", "gross": row(1.4, "ratio")},
    },
    "calendars": {
        "always": {"label": "Day and night"},
        "day": {
            "label": "Weekdays",
            "days": ["mon", "tue", "wed", "thu", "fri"],
            "opens": "08:00",
            "closes": "18:00",
            "holidays": "closed",
        },
    },
    "measures": {
        "fractions": {"label": "Fractions"},
        "operations": {"label": "Operations"},
        "courses": {"label": "Courses"},
    },
    "resources": {
        "consult_room": {
            "kind": "room",
            "label": "consulting rooms",
            "department": "outpatient",
            "calendar": "day",
            "sizing": {"utilisation": share(0.8, 0.7, 0.9)},
        },
        "linac": {
            "kind": "machine",
            "label": "linacs",
            "department": "radiotherapy",
            "calendar": "day",
            "sizing": {
                "utilisation": share(0.9, 0.85, 0.95),
                "availability": share(0.95),
                "spare": share(0.1),
                "multiple_of": 2,
            },
            "upkeep": [{"role": "physicist", "time": row(300, "hour/year", 200, 400)}],
            "norms": [{"label": "Cases a linac", "per": "activity.consult", "each": count(1000)}],
        },
        "theatre": {
            "kind": "room",
            "label": "theatres",
            "department": "surgery",
            "calendar": "day",
            "sizing": {"utilisation": share(0.75), "plus_one": True},
        },
        "bed": {
            "kind": "bed",
            "label": "beds",
            "department": "wards",
            "calendar": "always",
            "sizing": {"utilisation": share(0.8, 0.75, 0.85), "at_least": 4},
        },
        "doctor": {
            "kind": "role",
            "label": "doctors",
            "department": "outpatient",
            "calendar": "day",
            "salary": row(80_000, "USD/year", year=2024),
            "staffing": {
                "clinical_share": share(0.7),
                "norms": [{"label": "Visits a doctor", "per": "activity.consult", "each": count(500)}],
            },
        },
        "radiographer": {
            "kind": "role",
            "label": "radiographers",
            "department": "radiotherapy",
            "calendar": "day",
            "salary": row(50_000, "USD/year", year=2024),
            "staffing": {"clinical_share": share(0.8)},
        },
        "physicist": {
            "kind": "role",
            "label": "physicists",
            "department": "radiotherapy",
            "calendar": "day",
            "salary": row(60_000, "USD/year", year=2024),
            "staffing": {
                "clinical_share": share(0.8),
                "basis": "norm",
                "norms": [
                    {"label": "Patients a physicist", "per": "patients.irradiated", "each": count(250)}
                ],
            },
        },
        "nurse": {
            "kind": "role",
            "label": "nurses",
            "department": "wards",
            "calendar": "always",
            "salary": row(40_000, "USD/year", year=2024),
            "staffing": {
                "clinical_share": share(0.9),
                "posts": [
                    {"calendar": "always", "n": 2},
                    {"calendar": "day", "per": "resource.bed", "each": count(20)},
                ],
            },
        },
        "cleaner": {
            "kind": "role",
            "label": "cleaners",
            "department": "outpatient",
            "calendar": "day",
            "salary": row(20_000, "USD/year", year=2024),
            "staffing": {
                "clinical_share": share(1.0),
                "posts": [{"calendar": "day", "per": "space.gross_m2", "each": row(1000, "m2")}],
                "at_least": 1,
            },
        },
    },
    "activities": {
        "consult": {
            "label": "Consultation",
            "department": "outpatient",
            "phases": [
                {"id": "talk", "duration": minutes(30, 20, 45), "hold": {"consult_room": 1, "doctor": 1}}
            ],
            "costs": {"consumables": usd(10)},
        },
        "fraction": {
            "label": "Fraction",
            "department": "radiotherapy",
            "phases": [
                {"id": "set_up", "duration": minutes(8, 6, 10), "hold": {"linac": 1, "radiographer": 2}},
                {"id": "beam", "duration": minutes(4), "hold": {"linac": 1, "radiographer": 1}},
            ],
            "counts": {"fractions": 1},
        },
        "operation": {
            "label": "Operation",
            "department": "surgery",
            "phases": [{"id": "operate", "duration": minutes(120), "hold": {"theatre": 1, "doctor": 1}}],
            "counts": {"operations": 1},
            "costs": {"medicines": usd(400)},
        },
        "stay": {
            "label": "Stay",
            "department": "wards",
            "phases": [{"id": "stay", "duration": row(4, "day", 3, 6), "hold": {"bed": 1}}],
        },
    },
    "flows": {
        "patients": {
            "label": "Patients",
            "pathway": "care",
            "volume": row(4000, "patient/year", 3500, 4500, label="Patients a year"),
        }
    },
    "pathways": {
        "care": {
            "label": "Care",
            "steps": [
                {"id": "visit", "do": ["consult"]},
                {
                    "id": "radiotherapy",
                    "do": ["fraction"],
                    "when": {"share": share(0.5, 0.4, 0.6)},
                    "repeat": {"n": count(20, 15, 25), "every_days": 1, "workdays": True},
                    "set": ["irradiated"],
                    "modality": "radiotherapy",
                },
                {
                    "id": "operation",
                    "do": ["operation"],
                    "when": {"share": share(0.25)},
                    "setting": "inpatient",
                    "modality": "surgery",
                    "set": ["operated"],
                },
                {"id": "stay", "do": ["stay"], "when": {"has": ["operated"]}, "setting": "inpatient"},
            ],
        }
    },
    "rooms": {
        "consulting": {
            "label": "Consulting room",
            "department": "outpatient",
            "count": [{"per": "resource.consult_room", "times": 1}],
            "area": row(14, "m2", 12, 18),
        },
        "waiting": {
            "label": "Waiting room",
            "department": "outpatient",
            "count": [{"per": "resource.consult_room", "each": count(3)}],
            "at_least": 1,
            "area": row(40, "m2"),
        },
        "bedroom": {
            "label": "Bedroom",
            "department": "wards",
            "count": [{"per": "resource.bed", "each": count(2)}],
            "area": row(25, "m2"),
        },
        "bunker": {
            "label": "Bunker",
            "department": "radiotherapy",
            "count": [{"per": "resource.linac", "times": 1}],
            "area": row(90, "m2"),
        },
        "theatre_room": {
            "label": "Operating theatre",
            "department": "surgery",
            "count": [{"per": "resource.theatre", "times": 1}],
            "area": row(50, "m2"),
        },
    },
    "equipment": {
        "linac_machine": {
            "label": "Linacs",
            "department": "radiotherapy",
            "count": [{"per": "resource.linac", "times": 1}],
            "price": usd(2_000_000, 1_500_000, 3_000_000, year=2020),
            "life": row(5, "year"),
            "power": row(30, "kW"),
            "weight": row(8, "t"),
        },
        "bed_frame": {
            "label": "Beds",
            "department": "wards",
            "count": [{"per": "resource.bed", "times": 1}],
            "price": usd(5000),
            "life": row(15, "year"),
            "service": share(0.02),
        },
    },
    "finance": {
        "building_cost": row(3000, "USD/m2", 2500, 4000, year=2024),
        "fees": share(0.12),
        "contingency": share(0.1),
        "building_life": row(40, "year"),
        "building_upkeep": share(0.02),
        "service": share(0.08),
        "energy_use": row(250, "kWh/m2/year"),
        "energy_price": row(0.1, "USD/kWh", year=2024),
        "machine_load": share(0.3),
        "overhead": share(0.15),
        "inflation": row(0.03, "1/year"),
        "discount": row(0.05, "1/year"),
        "income": [{"label": "A fraction", "per": "measure.fractions", "tariff": usd(100)}],
        "unit_costs": [{"label": "A fraction", "departments": ["radiotherapy"], "per": "measure.fractions"}],
    },
    "biobank": {
        "department": "biobank",
        "source": "measure.operations",
        "eligible": share(0.5),
        "consent": share(0.8),
        "tissues": count(3, 2, 4),
        "vials": count(6),
        "discarded": row(0.05, "1/year"),
        "tank_vials": count(13_000),
        "fill": share(0.8),
        "horizon_years": 6,
    },
    "headlines": ["resource.linac", "need.linac", "resource.bed", "staff.total", "money.running"],
}

CATCHMENT: Data = {
    "catchment": {
        "base_year": 2026,
        "populations": {
            "island": {
                "label": "Island",
                "country": "GBR",
                "incidence": {"file": "registry.csv", "format": "registry"},
                "population": {"file": "people.csv", "format": "wpp"},
            }
        },
        "trend": row(0.0, "1/year", -0.01, 0.01),
        "referral": {"default": share(0.8, 0.7, 0.9), "modalities": {"radiotherapy": share(0.5, 0.4, 0.6)}},
    },
    "cohorts": {
        "breast": {
            "label": "breast",
            "advanced_survival": share(0.3),
            "stages": {
                "i": {"share": share(0.6), "pathway": "early", "survival": share(0.9)},
                "iii": {"share": "rest", "pathway": "early", "survival": share(0.6)},
            },
        },
        "lung": {
            "label": "lung",
            "advanced_survival": share(0.1),
            "stages": {"x": {"share": "rest", "pathway": "late"}},
        },
    },
    "pathways": {
        "early": {
            "label": "Early disease",
            "survival": "cohort",
            "lasts": "life",
            "steps": [
                {"id": "visit", "do": ["consult"]},
                {
                    "id": "operation",
                    "do": ["operation"],
                    "when": {"share": share(0.9)},
                    "modality": "surgery",
                    "set": ["operated"],
                    "setting": "inpatient",
                },
                {
                    "id": "beam",
                    "do": ["fraction"],
                    "when": {"share": share(0.6, 0.5, 0.7)},
                    "modality": "radiotherapy",
                    "repeat": {"n": count(15), "workdays": True},
                    "set": ["irradiated"],
                },
            ],
            "episodes": [{"id": "relapse", "start": "late", "when": "relapse", "stage": "iv"}],
        },
        "late": {
            "label": "Advanced disease",
            "survival": "advanced",
            "lasts": "life",
            "steps": [
                {"id": "visit", "do": ["consult"]},
                {
                    "id": "beam",
                    "do": ["fraction"],
                    "when": {"share": share(0.4)},
                    "modality": "radiotherapy",
                    "repeat": {"n": count(5), "workdays": True},
                    "set": ["irradiated"],
                },
            ],
        },
    },
}
"""Laid over `BASE`: an island whose people, cases and ages never change."""


def build(**sections: Any) -> Data:
    """The clinic of flows alone; a section given replaces the one of that name."""
    return deepcopy(BASE) | sections


def build_island() -> Data:
    """The clinic with a catchment and cohorts beside its flow."""
    data = build()
    island = deepcopy(CATCHMENT)
    data["pathways"] |= island.pop("pathways")
    return data | island


def lay(data: Data, path: str, value: Any) -> Data:
    """Put a value at a dotted path and return the whole."""
    *way, last = path.split(".")
    target: Any = data
    for segment in way:
        target = target[int(segment)] if isinstance(target, list) else target[segment]
    target[last] = value
    return data


def write(folder: Path, data: Data) -> Path:
    """Write a project folder."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "centre.yaml").write_text(yaml.dump(data, sort_keys=False), encoding="utf-8")
    registry = "".join(f"{site},female,62,{cases}\n" for site, cases in SITES.items())
    (folder / "registry.csv").write_text("site,sex,age,cases\n" + registry, encoding="utf-8")
    write_people(folder)
    return folder


def write_people(folder: Path, growth: float = 0.0) -> None:
    """Write 100,000 people in each group, growing as told from 2026 to 2046."""
    lines = ["iso3,year,age_start,female,male\n"]
    for year in (2026, 2046):
        n = 100_000 * (1 + growth * (year - 2026) / 20)
        lines += [f"GBR,{year},{5 * band},{n},{n}\n" for band in range(18)]
    (folder / "people.csv").write_text("".join(lines), encoding="utf-8")


def read(data: Data, settings: dict[str, str] | None = None) -> Project:
    """Write to a folder of its own and read it back."""
    return read_project(write(Path(mkdtemp(dir=_make_shelf())), data), settings)


@cache
def _make_shelf() -> str:
    """One folder for all projects of a test process, taken away at its end."""
    shelf = mkdtemp(prefix="clinics")
    atexit.register(rmtree, shelf, ignore_errors=True)
    return shelf


def plan(data: Data, settings: dict[str, str] | None = None) -> Calculation:
    """Plan on central values."""
    project = read(data, settings)
    return calculate(project, Coefficients(project.evidence))


@cache
def plan_small() -> Calculation:
    """The clinic of flows as it stands."""
    return plan(build())


@cache
def plan_island() -> Calculation:
    """The clinic with its island."""
    return plan(build_island())


def get(calculation: Calculation, key: str, year: int | None = None) -> float:
    """Central value of a figure in a year; the reference year if none is given."""
    ledger = calculation.ledger
    central = ledger.get(key).central
    wanted = calculation.asking.project.centre.reference_year if year is None else year
    return float(central[0] if len(central) == 1 else central[ledger.years.index(wanted)])


def weekdays_open() -> float:
    """Working days of a mean year in Britain by the holidays of 2024."""
    closed = [day for day in holidays.country_holidays("GB", years=2024) if day.weekday() < 5]
    return 365.25 * 5 / 7 - len(closed)
