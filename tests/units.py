"""A small clinic with theatres, a recovery room and a day unit, for tests of what happens in them."""

from functools import cache
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.clinic import build, lay, minutes, row, share, write
from tests.live import MONDAY_MS, make_moment

from oncopolis.operations import ACTS, Decision, Floor, House, Moment, fold, make_house
from oncopolis.operations.booking.views import Booking, Held, Spot
from oncopolis.operations.loop import write_code
from oncopolis.studies.preparing import prepare

THEATRE, OTHER = "room.theatre.1", "room.theatre.2"
BAY, CHAIR, SECOND_CHAIR = "place.recovery-place.1", "place.chair.1", "place.chair.2"
MINUTE_MS = 60_000
_NUMBERS = count(1)


def lay_units(data: dict[str, Any] | None = None) -> dict[str, Any]:
    """The small clinic with theatres, a recovery room and a day unit laid over it."""
    data = build() if data is None else data
    data["departments"]["chemotherapy"] = {"label": "Day unit", "gross": row(1.5, "ratio")}
    for key, label, department in (
        ("recovery_place", "recovery bays", "surgery"),
        ("chair", "chairs", "chemotherapy"),
    ):
        data["resources"][key] = {
            "kind": "place", "label": label, "department": department, "calendar": "day",
            "sizing": {"utilisation": share(0.8), "at_least": 3},
        }  # fmt: skip
    data["resources"]["theatre"]["sizing"]["at_least"] = 2
    for key in ("theatre", "chair"):
        data["resources"][key]["booking"] = {"horizon_days": 90}
    data["activities"]["recovery"] = {
        "label": "Recovery", "department": "surgery",
        "phases": [{"id": "recover", "duration": minutes(60), "hold": {"recovery_place": 1}}],
    }  # fmt: skip
    data["activities"]["infusion"] = {
        "label": "Infusion", "department": "chemotherapy",
        "phases": [{"id": "infuse", "duration": minutes(120), "hold": {"chair": 1}}],
    }  # fmt: skip
    steps = data["pathways"]["care"]["steps"]
    steps[2]["do"] = ["operation", "recovery"]
    steps.append({"id": "medicine", "do": ["infusion"], "when": {"share": share(0.5)}})
    return data


@cache
def get_unit_house() -> House:
    """The clinic, in Tashkent."""
    data = lay(lay_units(), "time_zone", "Asia/Tashkent")
    with TemporaryDirectory() as folder:
        prepared = prepare(write(Path(folder) / "clinic", data), {}, lambda _doing, _done: None)
    return make_house(prepared.equipped)


def book_theatre(id_: str, patient: str, minutes_on: int, room: str = THEATRE, length: int = 120) -> Booking:
    """An operation so many minutes after eight on Monday."""
    spot = Spot(MONDAY_MS + minutes_on * MINUTE_MS, (Held(room),))
    return Booking(id_, patient, "operation", "booked", length, MONDAY_MS, spot=spot)


def at(minutes_on: int, who: Any = None) -> Moment:
    """A moment so many minutes after eight on Monday, at which ids are those of no other."""
    moment = make_moment(MONDAY_MS + minutes_on * MINUTE_MS, get_unit_house(), f"m{next(_NUMBERS)}")
    return moment if who is None else Moment(moment.at_ms, who, moment.make_id, moment.house)


def act(floor: Floor, moment: Moment, name: str, **said: Any) -> Decision:
    """Do an act on a floor."""
    found = ACTS[name]
    decision = found.decide(floor, found.asked.model_validate(said), moment)
    fold(floor, decision)
    return decision


def band(patient: str) -> str:
    return write_code("patient", patient)


def door(unit: str) -> str:
    return write_code("place", unit)


NEUTROPHILS, PLATELETS = "751-8", "777-3"
LIMITS = [
    {"code": NEUTROPHILS, "label": "Neutrophils", "unit": "10*9/L", "low": 1.5, "within_h": 72},
    {"code": PLATELETS, "label": "Platelets", "unit": "10*9/L", "low": 100, "within_h": 72},
]


def make_request(
    code: str = "L01XA01", name: str = "cisplatin", dose: float = 75, route: str = "intravenous", **more: Any
) -> dict[str, Any]:
    """A MedicationRequest of another system, signed there."""
    dosage: dict[str, Any] = {
        "route": {"text": route},
        "timing": {"repeat": {"duration": 60, "durationUnit": "min"}},
        "doseAndRate": [{"doseQuantity": {"value": dose, "unit": "mg"}}],
    }
    if "most" in more:
        parts = [{"url": key, "valueDecimal": more.pop(key.replace("-", "_"))} for key in ("so-far", "most")]
        dosage["extension"] = [{"url": "urn:oncopolis:cumulative", "extension": parts}]
    signature = {
        "type": [{"system": "urn:iso-astm:E1762-95:2013", "code": "1.2.840.10065.1.12.1.1"}],
        "when": more.pop("when", "2027-02-26T09:00:00+05:00"), "who": {"display": "Dr Outside"},
        "data": "c2ln",
    }  # fmt: skip
    signed = {
        "resourceType": "Provenance", "id": "signed", "target": [{"reference": "#"}],
        "signature": [signature],
        "recorded": "2027-02-26T09:00:00+05:00", "agent": [{"who": {"display": "Dr Outside"}}],
    }  # fmt: skip
    return {
        "resourceType": "MedicationRequest", "status": "active", "intent": "order", "contained": [signed],
        "subject": {"reference": f"Patient/{more.pop('patient', 'p1')}"},
        "groupIdentifier": {"value": more.pop("order", "R-1")},
        "medicationCodeableConcept": {
            "coding": [{"system": "http://www.whocc.no/atc", "code": code}], "text": name,
        },
        "eventHistory": [{"reference": "#signed"}], "dosageInstruction": [dosage], **more,
    }  # fmt: skip


def make_regimen(*requests: dict[str, Any], **more: Any) -> dict[str, Any]:
    """What another system says of a day of a cycle."""
    said = {"requests": list(requests) or [make_request()], "regimen": "Cisplatin", "cycle": 1, "day": 1}
    return {**said, "on": "2027-03-01", "limits": LIMITS, **more}


def make_value(code: str = NEUTROPHILS, value: float = 2.1, hours: float = 20, **more: Any) -> dict[str, Any]:
    """An Observation of the laboratory, of blood drawn so many hours before eight on Monday."""
    drawn = get_unit_house().to_local(MONDAY_MS - round(hours * 3_600_000))
    quantity = {"value": value, "unit": more.pop("unit", "10*9/L")}
    return {
        "resourceType": "Observation", "status": "final",
        "code": {"coding": [{"system": "http://loinc.org", "code": code}]},
        "subject": {"reference": f"Patient/{more.pop('patient', 'p1')}"},
        "effectiveDateTime": drawn.isoformat(), "valueQuantity": quantity, **more,
    }  # fmt: skip


def make_values(neutrophils: float = 2.1, **more: Any) -> list[dict[str, Any]]:
    """Both values that `LIMITS` ask for."""
    return [make_value(value=neutrophils, **more), make_value(PLATELETS, 210, **more)]
