"""What is done in theatres and in the day unit on a day: cases and infusions, with what is scanned."""

from collections.abc import Iterator
from typing import Any, Final

from oncopolis.foundation.units import MS_PER_DAY, MS_PER_HOUR, MS_PER_MINUTE
from oncopolis.operations.elements import to_instant
from oncopolis.operations.house import House
from oncopolis.operations.loop import write_code
from oncopolis.operations.theatre.checklist import PHASES, Phase, get_checklist
from oncopolis.studies.replaying.fitting import SERVING, Served
from oncopolis.studies.replaying.intentions import Intention, Known, Made
from oncopolis.studies.replaying.registering import PERSON
from oncopolis.studies.replaying.waking import Theatres

SECOND: Final = "invented-second"
"""Who checks what the other has done."""
_BY: Final = {"by": PERSON}
_OTHER: Final = {"by": SECOND}
_LOINC: Final = "http://loinc.org"
_NEUTROPHILS: Final = "751-8"
_UNIT: Final = "10*9/L"
_LOW, _SEEN = 1.5, 3.2  # structure: invented for a rehearsal: a limit, and a value within it
_DOSE: Final = 100  # structure: invented for a rehearsal
_GOOD_H: Final = 24 * 7  # structure: hours of a rehearsal
_AHEAD_MS: Final = 50 * MS_PER_MINUTE  # structure: minutes of a rehearsal
_STEP_MS: Final = 8 * MS_PER_MINUTE  # structure: minutes of a rehearsal
"""How long before it begins a treatment is confirmed, and how long each step to the bag takes."""
_CONNECT_MS: Final = 2 * MS_PER_MINUTE
_ON_WARD: Final = frozenset({"OPS-001"})
"""Who has come from a ward has no visit that they could leave."""


def _refer(patient: str) -> str:
    return f"Patient/{patient}"


def _number(patient: str) -> str:
    return f"example-{patient}"


def _band(patient: str) -> str:
    return write_code("patient", patient)


def _label(bag: str) -> str:
    return write_code("bag", bag)


class Treating:
    """Makes the part of a script that takes place in a theatre or in a chair.

    Parameters
    ----------
    begin_ms
        Midnight of the day, milliseconds since 1970 (UTC).
    """

    def __init__(self, house: House, begin_ms: int) -> None:
        self._house, self._begin_ms = house, begin_ms
        self._theatres = Theatres(house)

    def may_operate(self, activity: str) -> bool:
        """Whether an activity is an operation that takes a theatre first, and there is recovery after it."""
        holds = self._house.get_card(activity).holds
        units = (unit for resource in holds for unit in self._house.units_of.get(resource, ()))
        serving = [unit for unit in units if self._house.units[unit].kind in SERVING]
        return self._theatres.is_operation(activity, serving)

    def is_infusion(self, one: Served) -> bool:
        """Whether a part is an infusion in a chair."""
        card = self._house.cards.get(one.part.activity)
        unit = self._house.units.get(one.room)
        return bool(card and unit) and card.department == "chemotherapy" and unit.kind == "place"  # type: ignore[union-attr]

    def plan(self, one: Served, i: int) -> Intention:
        """Return the act that puts a case on the list of its theatre."""
        part = one.part
        assert part.start_ms is not None
        begins_ms = part.start_ms if part.planned_ms is None else part.planned_ms
        said = {
            "patient": Known("patient"), "activity": part.activity, "room": one.room,
            "start_ms": self._begin_ms + begins_ms,
            "minutes": max((part.end_ms - part.start_ms) // MS_PER_MINUTE, 1),
        }  # fmt: skip
        booked = {**said, "booking": Known(f"booking-{i}")}
        at_ms = self._begin_ms + (part.asked_ms if part.planned_ms is None else 0)
        return Intention(at_ms, "plan_operation", booked, {f"operation-{i}": "operation"}, otherwise=said)

    def operate(self, one: Served, i: int, *, is_last: bool) -> Iterator[Intention]:
        """Yield a case from being sent for until the patient leaves recovery."""
        part, wakes = one.part, one.wakes
        assert part.start_ms is not None
        assert wakes is not None
        begun_ms, end_ms = self._begin_ms + part.start_ms, self._begin_ms + part.end_ms
        length_ms = part.end_ms - part.start_ms
        case = {"operation": Known(f"operation-{i}")}
        after = tuple(token for use in one.uses for token in use.list_after())
        sent_ms = max(self._begin_ms + part.asked_ms, begun_ms - MS_PER_MINUTE)
        yield Intention(sent_ms, "send_for", case, {"visit": "visit"}, after=after)
        scanned = {"patient_code": Made("patient", _band), "place_code": write_code("place", one.room)}
        yield Intention(begun_ms, "enter_theatre", {**case, **scanned, **_BY})
        follows = {"sign_in": "begin_induction", "time_out": "first_incision"}
        for share, phase in enumerate(PHASES, 1):
            at_ms = begun_ms + length_ms * share // 10  # structure: tenths of an operation
            if phase == "sign_out":
                at_ms = end_ms - length_ms // 10  # structure: tenths of an operation
                taken = {"patient_code": Made("patient", _band), "what": "example", **_BY}
                code = Made(f"operation-{i}", _name_container)
                middle_ms = begun_ms + length_ms // 2
                yield Intention(middle_ms, "take_specimen", {**case, **taken, "container_code": code})
                yield Intention(at_ms, "close_wound", case)
            yield Intention(at_ms, "check_team", {**case, **_tick(phase), **_BY})
            if phase in follows:
                yield Intention(at_ms, follows[phase], case)
        bay, leaves_ms = wakes.use, self._begin_ms + wakes.until_ms
        said = {**case, "place": bay.unit}
        gives = tuple(use.gives for use in one.uses)
        yield Intention(end_ms, "to_recovery", said, after=bay.list_after(), gives=gives)
        yield Intention(leaves_ms, "leave_recovery", case, gives=(bay.gives,))
        if is_last:
            said = {"visit": Known("visit"), "reason": ""}
            yield Intention(leaves_ms, "leave", said, may_be=_ON_WARD)

    def infuse(self, one: Served, i: int, *, is_last: bool) -> Iterator[Intention]:
        """Yield a day of treatment: ordered, prepared, in the chair, run through."""
        part = one.part
        assert part.start_ms is not None
        begun_ms, end_ms = self._begin_ms + part.start_ms, self._begin_ms + part.end_ms
        day = {"treatment": Known(f"treatment-{i}")}
        bag = {"bag": Known(f"bag-{i}")}
        at_ms = begun_ms - _AHEAD_MS
        minutes = max((part.end_ms - part.start_ms) // MS_PER_MINUTE - 10, 5)  # structure: of a rehearsal
        order = self._order(begun_ms, minutes, at_ms, i)
        learns: dict[str, int | str] = {f"treatment-{i}": "treatment", f"request-{i}": 0}
        yield Intention(at_ms, "receive_regimen", order, learns)
        yield Intention(at_ms, "report_values", {"order": Known(f"treatment-{i}"), **_value(at_ms)})
        ticked = {"allergies_asked": True, "totals_seen": True}
        yield Intention(at_ms + _STEP_MS, "confirm_treatment", {**day, **ticked, **_BY})
        yield Intention(at_ms + _STEP_MS, "check_treatment", {**day, **_OTHER})
        prepared = {
            **day, "request": Known(f"request-{i}"), "code": "example", "dose": _DOSE, "unit": "mg",
            "batch": f"example {i}", "expires_ms": end_ms + MS_PER_DAY, **_BY,
        }  # fmt: skip
        yield Intention(at_ms + 2 * _STEP_MS, "prepare_bag", prepared, {f"bag-{i}": "bag"})
        yield Intention(at_ms + 2 * _STEP_MS, "check_bag", {**bag, **_OTHER})
        yield Intention(at_ms + 2 * _STEP_MS, "release_bag", {**bag, **_OTHER})
        after = tuple(token for use in one.uses for token in use.list_after())
        yield Intention(begun_ms, "seat", {**day, "chair": one.room}, after=after)
        scanned = {"patient_code": Made("patient", _band), "bag_code": Made(f"bag-{i}", _label)}
        said = {**day, **scanned, "route": "intravenous", **_BY}
        yield Intention(min(begun_ms + _CONNECT_MS, end_ms), "start_infusion", said)
        yield Intention(end_ms, "stop_infusion", {**bag, **_BY})
        gives = tuple(use.gives for use in one.uses)
        yield Intention(end_ms, "leave_chair", {**day, "more": not is_last}, gives=gives)

    def _order(self, begun_ms: int, minutes: int, at_ms: int, i: int) -> dict[str, Any]:
        """Return an order of an invented medicine, as another system would send it."""
        signed = to_instant(at_ms - MS_PER_DAY)
        signature = {
            "type": [{"system": "urn:iso-astm:E1762-95:2013", "code": "1.2.840.10065.1.12.1.1"}],
            "when": signed, "who": {"display": "Example"}, "data": "ZXhhbXBsZQ==",
        }  # fmt: skip
        provenance = {
            "resourceType": "Provenance", "id": "signed", "target": [{"reference": "#"}], "recorded": signed,
            "agent": [{"who": {"display": "Example"}}], "signature": [signature],
        }  # fmt: skip
        request = {
            "resourceType": "MedicationRequest", "status": "active", "intent": "order",
            "contained": [provenance],
            "subject": {"reference": Made("patient", _refer)},
            "groupIdentifier": {"value": Made("patient", _number)},
            "medicationCodeableConcept": {"text": "example"}, "eventHistory": [{"reference": "#signed"}],
            "dosageInstruction": [{
                "route": {"text": "intravenous"},
                "timing": {"repeat": {"duration": minutes, "durationUnit": "min"}},
                "doseAndRate": [{"doseQuantity": {"value": _DOSE, "unit": "mg"}}],
            }],
        }  # fmt: skip
        limit = {
            "code": _NEUTROPHILS, "label": "Neutrophils", "unit": _UNIT, "low": _LOW, "within_h": _GOOD_H,
        }  # fmt: skip
        on = self._house.to_local(begun_ms).date().isoformat()
        return {
            "requests": [request],
            "regimen": "Example",
            "cycle": 1,
            "day": i + 1,
            "on": on,
            "limits": [limit],
        }


def _name_container(operation: str) -> str:
    return write_code("container", operation)


def _tick(phase: Phase) -> dict[str, Any]:
    return {"phase": phase, "confirmed": [item.id for item in get_checklist()[phase]]}


def _value(at_ms: int) -> dict[str, Any]:
    observation = {
        "resourceType": "Observation", "status": "final",
        "code": {"coding": [{"system": _LOINC, "code": _NEUTROPHILS}]},
        "subject": {"reference": Made("patient", _refer)},
        "effectiveDateTime": to_instant(at_ms - MS_PER_HOUR),
        "valueQuantity": {"value": _SEEN, "unit": _UNIT},
    }  # fmt: skip
    return {"observations": [observation]}
