"""Vital signs and pain: what is measured, how it is written, and how it is read from whoever wrote it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final, Literal, TypeAlias, get_args

import yaml

from oncopolis.operations.elements import make_reference, to_instant, to_ms
from oncopolis.operations.views import Record

SignId: TypeAlias = Literal[
    "respiration", "saturation", "systolic", "diastolic", "pulse", "temperature", "pain"
]
SIGNS: Final[tuple[SignId, ...]] = get_args(SignId)
LOINC: Final = "http://loinc.org"
_UCUM: Final = "http://unitsofmeasure.org"
_CATEGORY: Final = "http://terminology.hl7.org/CodeSystem/observation-category"
_PRESSURE: Final = "85354-9"
_FINAL: Final = ("final", "amended", "corrected")


@dataclass(frozen=True, slots=True)
class Sign:
    """Something that is measured at a bed.

    Parameters
    ----------
    codes
        Of LOINC; the first is written.
    possible
        What a number can be at all.
    shown
        What a trend shows from bottom to top.
    """

    id: SignId
    codes: tuple[str, ...]
    name: str
    unit: str
    ucum: str
    possible: tuple[float, float]
    shown: tuple[float, float]

    def is_possible(self, value: float) -> bool:
        """Whether somebody can have measured that."""
        low, high = self.possible
        return low <= value <= high


@cache
def get_signs() -> Mapping[SignId, Sign]:
    """Return what is measured, in the order it is shown."""
    said: dict[str, Any] = yaml.safe_load((files(__package__) / "signs.yaml").read_text("utf-8"))["signs"]
    return {id_: _make_sign(id_, said[id_]) for id_ in SIGNS}


def _make_sign(id_: SignId, said: Mapping[str, Any]) -> Sign:
    (low, high), (bottom, top) = said["possible"], said["shown"]
    codes = tuple(said["codes"])
    return Sign(id_, codes, said["name"], said["unit"], said["ucum"], (low, high), (bottom, top))


@cache
def list_codes() -> tuple[str, ...]:
    """Return the codes under which they are looked for: their own, and that of a blood pressure."""
    return (*(code for sign in get_signs().values() for code in sign.codes), _PRESSURE)


@cache
def _by_code() -> Mapping[str, SignId]:
    return {code: sign.id for sign in get_signs().values() for code in sign.codes}


def read_signs(observation: Mapping[str, Any]) -> Iterator[tuple[SignId, int, float]]:
    """Yield what an Observation says: sign, moment (milliseconds since 1970, UTC) and value.

    What is not final, has no moment, or is in another unit than ours says nothing.
    """
    moment = str(observation.get("effectiveDateTime", ""))
    if observation.get("status") not in _FINAL or "T" not in moment:
        return
    at_ms = to_ms(moment)
    for part in (observation, *observation.get("component", ())):
        sign = _find_sign(part)
        value = None if sign is None else _read_value(sign, part)
        if sign is not None and value is not None:
            yield sign.id, at_ms, value


def _find_sign(part: Mapping[str, Any]) -> Sign | None:
    codings = part.get("code", {}).get("coding", ())
    known = (_by_code().get(one.get("code")) for one in codings if one.get("system") == LOINC)
    id_ = next((one for one in known if one is not None), None)
    return None if id_ is None else get_signs()[id_]


def _read_value(sign: Sign, part: Mapping[str, Any]) -> float | None:
    quantity = part.get("valueQuantity", {})
    if "value" not in quantity:
        value = part.get("valueInteger")
    elif {quantity.get("code"), quantity.get("unit")} & {sign.ucum, sign.unit}:
        value = quantity["value"]
    else:
        return None
    return float(value) if value is not None and sign.is_possible(float(value)) else None


def write_signs(
    values: Mapping[SignId, float], ids: Iterator[str], patient: str, stay: str, at_ms: int, by: str
) -> Iterator[Record]:
    """Yield an Observation for each value; the two of a blood pressure are one.

    Parameters
    ----------
    ids
        Gives the id of each.
    by
        ``Practitioner/<id>``.
    """
    left = dict(values)
    base: Record = {
        "resourceType": "Observation",
        "status": "final",
        "category": [{"coding": [{"system": _CATEGORY, "code": "vital-signs"}]}],
        "subject": make_reference("Patient", patient),
        "encounter": make_reference("Encounter", stay),
        "effectiveDateTime": to_instant(at_ms),
        "performer": [{"reference": by}],
    }
    upper, lower = left.get("systolic"), left.get("diastolic")
    if upper is not None and lower is not None:
        parts = [_write_part("systolic", upper), _write_part("diastolic", lower)]
        code = _write_code(_PRESSURE, "Blood pressure panel")
        yield {**base, "id": next(ids), "code": code, "component": parts}
        left = {sign: value for sign, value in left.items() if sign not in ("systolic", "diastolic")}
    for sign, value in left.items():
        yield {**base, "id": next(ids), **_write_part(sign, value)}


def _write_part(id_: SignId, value: float) -> Record:
    sign = get_signs()[id_]
    number = int(value) if float(value).is_integer() else value
    quantity = {"value": number, "unit": sign.unit, "system": _UCUM, "code": sign.ucum}
    return {"code": _write_code(sign.codes[0], sign.name), "valueQuantity": quantity}


def _write_code(code: str, name: str) -> Record:
    return {"coding": [{"system": LOINC, "code": code, "display": name}]}
