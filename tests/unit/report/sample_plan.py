"""A small plan document with made-up figures, in the form that the planner writes."""

from typing import Any

YEARS = list(range(2026, 2036))
OPENING = "whole"

SITES = {
    "breast": ("Breast", 900),
    "lung": ("Trachea, bronchus and lung", 800),
    "stomach": ("Stomach", 600),
    "cervix_uteri": ("Cervix uteri", 500),
    "colon": ("Colon", 450),
    "rectum": ("Rectum", 320),
    "prostate": ("Prostate", 310),
    "liver": ("Liver and intrahepatic bile ducts", 280),
    "ovary": ("Ovary", 240),
    "leukaemia": ("Leukaemia", 220),
    "kidney": ("Kidney", 180),
    "other": ("Other and unspecified", 400),
}


def grow(start: float, rate: float = 0.02) -> list[float]:
    return [start * (1 + rate) ** i for i in range(len(YEARS))]


def figure(
    label: str,
    value: float,
    unit: str,
    inputs: tuple[str, ...] = (),
    *,
    formula: str = "a x b",
    series: bool = False,
    spread: float = 0.15,
    unverified: bool = False,
    details: tuple[dict[str, Any], ...] = (),
) -> dict[str, Any]:
    return {
        "label": label,
        "unit": unit,
        "year": YEARS[-1],
        "value": value,
        "low": value * (1 - spread),
        "high": value * (1 + spread),
        "series": grow(value) if series else None,
        "formula": formula,
        "inputs": list(inputs),
        "details": list(details),
        "unverified": unverified,
    }


def build_plan() -> dict[str, Any]:
    """Build a document anew, so that a test may change it."""
    return {
        "schema": "oncopolis.plan/1",
        "project": {
            "name": "Sample cancer centre",
            "about": "A made-up centre for a made-up region, used to look at the report.",
            "country": "UZB",
            "practice": {
                "id": "uzbekistan",
                "label": "Uzbekistan",
                "choices": {"fractionation": "contemporary", "protons": "narrow", "country": "uzb"},
            },
            "currency": {"code": "UZS", "price_year": 2024, "per_usd": 12600},
            "base_year": 2024,
            "first": YEARS[0],
            "last": YEARS[-1],
            "openings": [
                {
                    "id": "first",
                    "label": "First phase",
                    "year": 2027,
                    "sized_for": 2030,
                    "departments": ["outpatient"],
                },
                {
                    "id": OPENING,
                    "label": "Whole centre",
                    "year": 2031,
                    "sized_for": 2035,
                    "departments": ["proton"],
                },
            ],
            "languages": ["en", "uz", "ru"],
        },
        "settings": {"draws": 1000, "seed": 1, "set": {"beds.occupancy.design": "0.85"}},
        "years": YEARS,
        "reference_year": YEARS[-1],
        "headlines": [
            "equipment.linac",
            "equipment.ward_bed_surgical",
            "staff.medical_physicist",
            "money.capital",
        ],
        "figures": build_figures(),
        "demand": build_demand(),
        "workload": build_workload(),
        "equipment": build_equipment(),
        "staff": build_staff(),
        "rooms": build_rooms(),
        "money": build_money(),
        "biobank": {
            "figures": ["biobank.tanks"],
            "fill": {
                "years": YEARS,
                "tissues": [4000.0 * (i + 1) for i in range(len(YEARS))],
                "capacity": [36000.0] * len(YEARS),
            },
            "tanks": 26,
        },
        "uncertainty": build_uncertainty(),
        "findings": [
            {
                "rule": "protons-before-photons",
                "severity": "warning",
                "where": "proton_room",
                "message": "A proton room is planned while photon need is unmet <until 2031>.",
                "actual": "4 linacs",
                "expected": "8 linacs",
                "source": "radiotherapy.courses_per_unit_year",
                "fix": "Build photon capacity first.",
            },
            {
                "rule": "unsigned",
                "severity": "note",
                "where": "beds",
                "message": "Two rows are unsigned.",
                "actual": "",
                "expected": "",
                "source": "",
                "fix": "",
            },
        ],
        "overrides": [
            {
                "key": "beds.occupancy.design",
                "before": 0.8,
                "after": 0.85,
                "source": "oncopolis",
                "signed_by": ["A. Planner"],
                "where": "--set",
            }
        ],
        "unsigned_headlines": ["beds.occupancy.design"],
        "evidence_used": build_evidence(),
        "sources": {
            "zhu2024": "Zhu H, and others. Global radiotherapy demand. Lancet "
            "Global Health. 2024. 10.0000/example",
            "oncopolis": "The Oncopolis authors. Assumptions of the house",
        },
    }


def build_figures() -> dict[str, Any]:
    return {
        "demand.cases": figure("New cases at the centre", 5200.0, "case/year", series=True, formula="given"),
        "hours.linac": figure("Hours held, linacs", 21000.0, "hour/year", ("demand.cases",), series=True),
        "equipment.linac": figure(
            "linacs",
            8,
            "count",
            ("hours.linac", "radiotherapy.courses_per_unit_year"),
            formula="round up(Hours held, linacs / hours a machine gives)",
            unverified=True,
            details=(
                {
                    "text": "breast, stage ii: whole breast",
                    "value": 812.4,
                    "unit": "hour/year",
                    "evidence": ["radiotherapy.courses_per_unit_year"],
                },
            ),
        ),
        "equipment.ward_bed_surgical": figure(
            "surgical beds", 240, "count", ("demand.cases", "beds.occupancy.design")
        ),
        "staff.medical_physicist": figure("medical physicists", 14.3, "count", ("equipment.linac",)),
        "money.capital": figure("Capital", 412_345_678.9, "USD", ("equipment.linac",)),
        "biobank.tanks": figure("Cryogenic tanks", 26, "count", ("demand.cases",)),
        "unreachable": figure("Nobody shows this", 1, "count"),
    }


def build_demand() -> dict[str, Any]:
    return {
        "sites": [
            {"site": key, "label": label, "new_cases": grow(start), "cases": grow(start * 0.6)}
            for key, (label, start) in SITES.items()
        ],
        "populations": [
            {
                "id": "city",
                "label": "The city",
                "people": grow(3_000_000, 0.012),
                "registered": 4100,
                "estimated": 5300.5,
                "basis": "estimate",
            },
        ],
        "age": {
            "year": YEARS[-1],
            "age_starts": list(range(0, 90, 5)),
            "female": [float(12 + i * i * 2) for i in range(18)],
            "male": [float(10 + i * i * 1.6) for i in range(18)],
        },
        "stages": [
            {"stage": stage, "cases": grow(start)}
            for stage, start in (("I", 900), ("II", 1300), ("III", 1500), ("IV", 1000), ("X", 500))
        ],
        "prevalent": grow(14000, 0.05),
        "follow_up": grow(9000, 0.06),
    }


def measure(key: str, label: str, unit: str, start: float, fig: str = "demand.cases") -> dict[str, Any]:
    values = grow(start)
    return {
        "id": key,
        "label": label,
        "unit": unit,
        "figure": fig,
        "values": values,
        "low": values[-1] * 0.8,
        "high": values[-1] * 1.25,
    }


def build_workload() -> dict[str, Any]:
    return {
        "measures": [
            measure("operations", "Operations", "1/year", 3400),
            measure("fractions", "External beam fractions (photons)", "fraction/year", 52000),
            measure("courses", "External beam courses", "course/year", 3100),
            measure("chemotherapy_visits", "Infusion visits of systemic therapy", "visit/year", 26000),
        ],
        "contacts": measure("contacts", "Contacts", "count", 410_000),
        "visits": measure("visits", "Visits (one person on one day)", "visit/year", 160_000),
        "bed_days": measure("bed_days", "Bed-days", "day/year", 88_000),
        "resources": [
            {
                "id": "linac",
                "label": "linacs",
                "kind": "machine",
                "department": "radiotherapy",
                "figure": "hours.linac",
                "values": grow(21000),
            },
        ],
        "departments": [
            {"id": "outpatient", "label": "Outpatient clinics", "contacts": grow(150_000)},
            {"id": "radiotherapy", "label": "External beam radiotherapy", "contacts": grow(52_000)},
        ],
        "activities": [
            {
                "id": "follow_up_visit",
                "label": "Follow-up visit",
                "department": "outpatient",
                "values": grow(60_000),
            },
        ],
    }


def resource(key: str, label: str, kind: str, department: str, n: int, need: float) -> dict[str, Any]:
    return {
        "id": key,
        "label": label,
        "kind": kind,
        "department": department,
        "n": n,
        "need": need,
        "low": need * 0.8,
        "high": need * 1.2,
        "utilisation": need / n * 0.8,
        "by_opening": {"first": n // 2, OPENING: n},
        "norms": [{"label": "Courses a unit gives in a year", "n": need * 1.1}],
        "figure": "equipment.linac",
    }


def build_equipment() -> dict[str, Any]:
    return {
        "resources": [
            resource("linac", "linacs", "machine", "radiotherapy", 8, 6.7),
            resource("ct_scanner", "CT scanners", "machine", "imaging", 4, 2.9),
            resource("theatre", "operating theatres", "room", "surgery", 10, 9.2),
            resource("ward_bed_surgical", "surgical beds", "bed", "wards", 240, 238.4),
        ],
        "items": [
            {
                "id": "linac_machine",
                "label": "Linear accelerator",
                "department": "radiotherapy",
                "frame": "Radiotherapy",
                "n": 8,
                "low": 6,
                "high": 10,
                "by_opening": {"first": 4, OPENING: 8},
                "price_usd": 3_000_000,
                "total_usd": 24_000_000,
                "life_years": 10,
                "power_kw": 30.5,
                "weight_kg": 8000,
                "room": "linac_bunker",
                "rule": "one for each of linacs",
                "figure": "equipment.linac",
                "source": "zhu2024",
                "unverified": True,
            },
            {
                "id": "ct",
                "label": "CT scanner",
                "department": "imaging",
                "frame": None,
                "n": 4,
                "low": None,
                "high": None,
                "by_opening": {"first": 2, OPENING: 4},
                "price_usd": None,
                "total_usd": None,
                "life_years": None,
                "power_kw": None,
                "weight_kg": None,
                "room": None,
                "rule": "one for each of CT scanners",
                "figure": None,
                "source": "",
                "unverified": False,
            },
        ],
    }


def build_staff() -> list[dict[str, Any]]:
    def post(
        key: str, label: str, group: str, department: str, activity: float, salary: float | None
    ) -> dict[str, Any]:
        fte = activity + 2.5
        return {
            "id": key,
            "label": label,
            "group": group,
            "department": department,
            "activity_fte": activity,
            "posts_fte": 2.0,
            "upkeep_fte": 0.5,
            "fte": fte,
            "low": fte * 0.85,
            "high": fte * 1.2,
            "by_opening": {"first": fte / 2, OPENING: fte},
            "norms": [{"label": "Irradiated patients a physicist serves", "n": fte * 0.9}],
            "basis": "activity",
            "salary_usd": salary,
            "cost_usd": None if salary is None else salary * fte,
            "figure": "staff.medical_physicist",
            "source": "zhu2024",
        }

    return [
        post("radiation_oncologist", "radiation oncologists", "doctors", "radiotherapy", 15.2, 14000),
        post("medical_physicist", "medical physicists", "physics", "radiotherapy", 11.8, 9000),
        post("ward_nurse", "ward nurses", "nurses", "wards", 210.4, 5000),
        post("porter", "porters", "support", "support", 18, None),
    ]


def build_rooms() -> dict[str, Any]:
    return {
        "rooms": [
            {
                "id": "linac_bunker",
                "label": "Linac bunker with maze",
                "department": "radiotherapy",
                "n": 8,
                "area_m2": 120,
                "net_m2": 960,
                "rule": "one for each of linacs",
                "source": "zhu2024",
                "figure": "equipment.linac",
            },
            {
                "id": "control",
                "label": "Control room",
                "department": "radiotherapy",
                "n": 8,
                "area_m2": 15.5,
                "net_m2": 124,
                "rule": "one for each of linacs",
                "source": "",
                "figure": None,
            },
            {
                "id": "ct_room",
                "label": "CT room",
                "department": "imaging",
                "n": 4,
                "area_m2": 38,
                "net_m2": 152,
                "rule": "one for each of CT scanners",
                "source": "zhu2024",
                "figure": None,
            },
        ],
        "departments": [
            {
                "id": "radiotherapy",
                "label": "External beam radiotherapy",
                "net_m2": 1084,
                "gross_factor": 1.5,
                "gross_m2": 1626,
                "figure": "equipment.linac",
            },
            {
                "id": "imaging",
                "label": "Diagnostic imaging",
                "net_m2": 152,
                "gross_factor": 1.45,
                "gross_m2": 220.4,
                "figure": None,
            },
        ],
        "net_m2": 1236,
        "department_gross_m2": 1846.4,
        "building_gross_m2": 2492.6,
        "building_factor": 1.35,
    }


def build_money() -> dict[str, Any]:
    def line(key: str, label: str, usd: float, **more: Any) -> dict[str, Any]:
        return {
            "id": key,
            "label": label,
            "usd": usd,
            "low": usd * 0.8,
            "high": usd * 1.3,
            "figure": "money.capital",
            **more,
        }

    running = {"salaries": ("Salaries", 18e6), "medicines": ("Medicines", 30e6), "energy": ("Energy", 1.2e6)}
    return {
        "capital": [line("building", "Building", 210e6), line("equipment", "Equipment", 150e6)],
        "running": [
            line(key, label, usd, by_year=[0.0, *grow(usd)[1:]]) for key, (label, usd) in running.items()
        ],
        "income": [line("tariffs", "Tariffs", 44e6, by_year=[0.0, *grow(44e6)[1:]])],
        "by_year": {
            "capital": [120e6, 90e6, 0.0, 0.0, 100e6, 50e6, 0.0, 0.0, 0.0, 0.0],
            "replacement": [0.0] * 7 + [12e6, 0.0, 20e6],
            "running": [
                0.0,
                *(
                    sum(values)
                    for values in list(zip(*(grow(usd) for _, usd in running.values()), strict=True))[1:]
                ),
            ],
            "income": [0.0, *grow(44e6)[1:]],
        },
        "unit_costs": [line("course", "External beam course", 2140.0)],
    }


def build_uncertainty() -> dict[str, Any]:
    def bar(key: str, label: str, at_low: float, at_high: float) -> dict[str, Any]:
        return {
            "evidence": key,
            "label": label,
            "low_value": 400,
            "high_value": 500,
            "at_low": at_low,
            "at_high": at_high,
        }

    return {
        "draws": 1000,
        "seed": 1,
        "interval": [0.05, 0.95],
        "headlines": {
            "equipment.linac": {
                "value": 8,
                "low": 6,
                "high": 10,
                "quantiles": {"0.05": 6, "0.25": 7, "0.5": 8, "0.75": 9, "0.95": 10},
            },
            "money.capital": {
                "value": 412e6,
                "low": 340e6,
                "high": 520e6,
                "quantiles": {"0.05": 340e6, "0.5": 410e6, "0.95": 520e6},
            },
        },
        "tornado": {
            "equipment.linac": [
                bar(
                    "radiotherapy.courses_per_unit_year",
                    "Courses a megavoltage unit can give in a year",
                    9.1,
                    6.8,
                ),
                bar("beds.occupancy.design", "Design occupancy of ward beds", 8, 8.2),
            ],
            "money.capital": [
                bar(
                    "radiotherapy.courses_per_unit_year",
                    "Courses a megavoltage unit can give in a year",
                    450e6,
                    380e6,
                )
            ],
        },
    }


def build_evidence() -> dict[str, Any]:
    return {
        "radiotherapy.courses_per_unit_year": {
            "label": "Courses a megavoltage unit can give in a year",
            "value": 450,
            "low": 400,
            "high": 500,
            "unit": "course/year",
            "per": "machine",
            "year": 2024,
            "population": "world",
            "source": "zhu2024",
            "locator": "abstract",
            "status": "published",
            "opened": True,
            "signed_by": [],
            "note": None,
        },
        "beds.occupancy.design": {
            "label": "Design occupancy of ward beds",
            "value": 0.85,
            "low": 0.8,
            "high": 0.9,
            "unit": "share",
            "per": "bed",
            "year": None,
            "population": None,
            "source": "oncopolis",
            "locator": None,
            "status": "assumption",
            "opened": False,
            "signed_by": [],
            "note": "Keeps one day in ten without a queue.",
        },
        "never.reached": {
            "label": "Never reached",
            "value": 1,
            "unit": "count",
            "per": "bed",
            "source": "oncopolis",
            "status": "assumption",
            "opened": False,
        },
    }
