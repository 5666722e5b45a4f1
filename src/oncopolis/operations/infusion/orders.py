"""Orders of another system: MedicationRequests that somebody has signed there. None of it is changed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Final, NamedTuple

from oncopolis.operations.elements import get_referred, to_ms
from oncopolis.operations.infusion.routes import find_route, is_deadly
from oncopolis.operations.infusion.views import OrderLine
from oncopolis.operations.loop import Why

_MINUTES: Final = {"min": 1, "h": 60}  # structure: minutes of an hour
_INTENTS: Final = ("order", "original-order", "filler-order", "instance-order")
_TOTAL: Final = "urn:oncopolis:cumulative"
"""Extension of dosageInstruction: ``so-far`` and ``most`` as valueDecimal, in the unit of the dose."""


@dataclass(frozen=True, slots=True)
class Signed:
    """Who has signed, and when: milliseconds since 1970 (UTC)."""

    by: str
    at_ms: int


@dataclass(frozen=True, slots=True)
class Ordered:
    """What an order says: whom it is for, its number, its lines, and who has signed it."""

    patient: str
    order: str
    lines: tuple[OrderLine, ...]
    signed: Signed


def read_order(requests: Sequence[Mapping[str, Any]], ids: Sequence[str]) -> Ordered | Why:
    """Read an order, or say why it cannot be used.

    Parameters
    ----------
    ids
        Under which the requests are kept here.
    """
    try:
        patients = {get_referred(one.get("subject"), "Patient") for one in requests}
        orders = {str(one["groupIdentifier"]["value"]) for one in requests}
        lines = tuple(_read_line(one, id_) for one, id_ in zip(requests, ids, strict=True))
        signed = [find_signature(one) for one in requests]
    except (AttributeError, IndexError, InvalidOperation, KeyError, TypeError, ValueError):
        return "unlike"
    if any(is_deadly(line.code, line.name, line.route) for line in lines):
        return "intrathecal"
    if len(patients) != 1 or len(orders) != 1 or not all(patients) or not all(map(_is_whole, lines)):
        return "unlike"
    known = [one for one in signed if one is not None]
    if len(known) != len(signed):
        return "unsigned"
    return Ordered(patients.pop(), orders.pop(), lines, max(known, key=lambda one: one.at_ms))


def _is_whole(line: OrderLine) -> bool:
    return bool(line.route and line.code and Decimal(line.dose) > 0 and line.minutes > 0)


class Medicine(NamedTuple):
    """What one request asks for; the dose as a decimal number, no route if it is not known."""

    code: str
    name: str
    dose: str
    unit: str
    route: str


def read_medicine(request: Mapping[str, Any]) -> Medicine:
    """Read what an active order asks for.

    Raises
    ------
    AttributeError, IndexError, InvalidOperation, KeyError, TypeError, ValueError
        It is none.
    """
    if request["resourceType"] != "MedicationRequest" or request["status"] != "active":
        raise ValueError("no active MedicationRequest")
    if request["intent"] not in _INTENTS or request.get("doNotPerform"):
        raise ValueError("no order")
    medicine, dosage = request["medicationCodeableConcept"], request["dosageInstruction"][0]
    coding: Mapping[str, Any] = next(iter(medicine.get("coding", ())), {})
    name = str(medicine.get("text") or coding.get("display") or coding.get("code", ""))
    quantity = dosage["doseAndRate"][0]["doseQuantity"]
    dose, unit = write_number(quantity["value"]), str(quantity["unit"])
    return Medicine(str(coding.get("code") or name), name, dose, unit, find_route(dosage["route"]))


def _read_line(request: Mapping[str, Any], id_: str) -> OrderLine:
    medicine, dosage = read_medicine(request), request["dosageInstruction"][0]
    repeat = dosage["timing"]["repeat"]
    total: Mapping[str, Any] = next(
        (one for one in dosage.get("extension", ()) if one.get("url") == _TOTAL), {}
    )
    parts = {one["url"]: write_number(one["valueDecimal"]) for one in total.get("extension", ())}
    return OrderLine(
        id_, *medicine, round(repeat["duration"] * _MINUTES[repeat["durationUnit"]]),
        parts.get("so-far", ""), parts.get("most", ""),
    )  # fmt: skip


def write_number(number: Any) -> str:
    """Return a decimal number as one text for all ways to write it.

    Raises
    ------
    InvalidOperation, ValueError
        It is none.
    """
    value = Decimal(str(number))
    if not value.is_finite():
        raise ValueError("not finite")
    return f"{value.normalize():f}"


def find_signature(request: Mapping[str, Any]) -> Signed | None:
    """Return who has signed a request: a contained Provenance that its history names, with a signature in it.

    That the signature is good is for the system that prescribes to know; here it has to be there.
    """
    contained = {f"#{one.get('id')}": one for one in request.get("contained", ())}
    for event in request.get("eventHistory", ()):
        provenance = contained.get(event.get("reference", ""))
        if provenance is None or provenance.get("resourceType") != "Provenance":
            continue
        for signature in provenance.get("signature", ()):
            who = signature.get("who", {})
            name = who.get("reference") or who.get("display") or who.get("identifier", {}).get("value")
            if name and signature.get("data") and _is_moment(signature.get("when")):
                return Signed(str(name), to_ms(signature["when"]))
    return None


def _is_moment(text: object) -> bool:
    try:
        return datetime.fromisoformat(str(text)).tzinfo is not None
    except ValueError:
        return False
