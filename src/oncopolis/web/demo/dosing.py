"""Medicines of a demonstration: doses that are given when their time has come, and tubes to be drawn."""

from collections.abc import Iterator
from contextlib import suppress
from random import Random
from typing import Any, Final

from oncopolis.foundation import OncopolisError
from oncopolis.foundation.units import MS_PER_DAY, MS_PER_HOUR, MS_PER_MINUTE
from oncopolis.operations import Floor, Live
from oncopolis.operations.doses import Dose
from oncopolis.operations.elements import to_instant
from oncopolis.operations.loop import write_code
from oncopolis.operations.tubes import is_drawn
from oncopolis.operations.wards.views import Stay
from oncopolis.web.demo.rounds import Do

_MEDICINES: Final = (
    ("A04AA01", "ondansetron", 8, "mg", "oral"), ("N02BE01", "paracetamol", 500, "mg", "oral"),
    ("A02BC01", "omeprazole", 20, "mg", "oral"), ("B01AB05", "enoxaparin", 40, "mg", "subcutaneous"),
)  # fmt: skip  # structure: invented
"""Code, name, dose, unit and way: invented for whom they are ordered."""
_FIRST_MIN: Final = range(5, 240)  # structure: minutes from now of the first dose
_EVERY_H: Final = 8  # structure: hours between doses of one medicine
_TOGETHER: Final = 5  # structure: doses that are given in one look
_WITH_TUBE: Final = 3  # structure: one in so many is to have something drawn


def write_orders(stay: Stay, now_ms: int) -> Iterator[dict[str, Any]]:
    """Yield what the pharmacy tells of somebody: two medicines, each twice."""
    draw = Random(f"doses {stay.id}")  # noqa: S311 - made up
    signed_ms = now_ms if stay.came_ms is None else stay.came_ms
    for medicine in draw.sample(_MEDICINES, 2):
        first_ms = now_ms + draw.choice(_FIRST_MIN) * MS_PER_MINUTE
        times = (first_ms, first_ms + _EVERY_H * MS_PER_HOUR)
        doses = [{"due_ms": at_ms, "expires_ms": times[-1] + MS_PER_DAY} for at_ms in times]
        yield {"request": _write_request(stay.patient, medicine, signed_ms), "doses": doses}


def _write_request(patient: str, medicine: tuple[str, str, int, str, str], signed_ms: int) -> dict[str, Any]:
    code, name, dose, unit, route = medicine
    signature = {"when": to_instant(signed_ms), "who": {"display": "Namuna"}, "data": "bmFtdW5h"}
    signed = {
        "resourceType": "Provenance", "id": "signed", "target": [{"reference": "#"}],
        "recorded": to_instant(signed_ms), "agent": [{"who": {"display": "Namuna"}}],
        "signature": [
            signature
            | {"type": [{"system": "urn:iso-astm:E1762-95:2013", "code": "1.2.840.10065.1.12.1.1"}]}
        ],
    }  # fmt: skip
    return {
        "resourceType": "MedicationRequest", "status": "active", "intent": "order", "contained": [signed],
        "subject": {"reference": f"Patient/{patient}"},
        "medicationCodeableConcept": {
            "coding": [{"system": "http://www.whocc.no/atc", "code": code}], "text": name,
        },
        "eventHistory": [{"reference": "#signed"}],
        "dosageInstruction": [
            {"route": {"text": route}, "doseAndRate": [{"doseQuantity": {"value": dose, "unit": unit}}]}
        ],
    }  # fmt: skip


def give_due(live: Live, do: Do, now_ms: int) -> None:
    """Scan and give what is due, some at a time."""
    due = live.ask(lambda floor: sorted(_find_due(floor, now_ms), key=lambda one: one.due_ms)[:_TOGETHER])
    for one in due:
        with suppress(OncopolisError):  # Whoever looks at the demonstration was there first.
            do(
                "give_dose", dose=one.id, patient_code=write_code("patient", one.patient),
                dose_code=write_code("bag", one.id), route=one.route,
            )  # fmt: skip


def _find_due(floor: Floor, now_ms: int) -> Iterator[Dose]:
    return (one for one in floor.list(Dose) if one.due_ms <= now_ms)


def find_work(live: Live, stay: Stay) -> str | None:
    """Return something of the laboratory to be drawn from somebody; None for most."""
    draw, house = Random(f"tube {stay.id}"), live.house  # noqa: S311 - made up
    work = sorted(one for one in house.cards if is_drawn(house, one))
    return draw.choice(work) if work and draw.randrange(_WITH_TUBE) == 0 else None
