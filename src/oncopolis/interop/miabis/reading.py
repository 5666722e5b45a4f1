"""Samples of another biobank, as MIABIS on FHIR tells them: rows that come in as those of any inventory."""

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, Final

from oncopolis.biobank.inventory.admitting import Incoming, Problem, Tell
from oncopolis.foundation import InputError
from oncopolis.interop.miabis.codes import find_kind
from oncopolis.interop.miabis.telling import KIND
from oncopolis.record.biobank.specimens import Unit

_UNITS: Final[Mapping[str, tuple[Unit, int]]] = {
    "ug": ("ug", 1), "mg": ("ug", 1_000), "g": ("ug", 1_000_000),  # structure: micrograms of each
    "nL": ("nl", 1), "uL": ("nl", 1_000), "mL": ("nl", 1_000_000),  # structure: nanolitres of each
    "{pcs}": ("pcs", 1), "1": ("pcs", 1),
}  # fmt: skip
_SEXES: Final = frozenset({"female", "male", "other"})
_YEAR = 4  # structure: characters of a year
_MS, _LABEL, _SHOWN = 1000, 64, 100  # structure: milliseconds of a second; characters


class _Missing(ValueError):  # noqa: N818 - what would have been right
    """What would have been right."""


def read_resources(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the resources of a Bundle (.json), of a file of lines (.ndjson), or of a folder of such.

    Raises
    ------
    InputError
        It is none of these (BIO-171).
    """
    files = sorted(path.glob("*.ndjson")) if path.is_dir() else [path]
    if not files:
        raise _refuse(path, "a folder without .ndjson files")
    for file in files:
        try:
            if file.suffix == ".ndjson":
                with file.open(encoding="utf-8") as lines:
                    yield from (_check(json.loads(line), file) for line in lines if line.strip())
            else:
                bundle = _check(json.loads(file.read_text("utf-8")), file)
                entries = bundle.get("entry", ()) if bundle.get("resourceType") == "Bundle" else ()
                if not entries:
                    raise _refuse(file, f"a {bundle.get('resourceType', 'document')!s:.40} without entries")
                yield from (_check(one.get("resource"), file) for one in entries)
        except (OSError, ValueError, AttributeError) as error:
            raise _refuse(file, str(error)) from error


def _check(value: object, file: Path) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise _refuse(file, f"{value!s:.40}")
    return value


def _refuse(path: Path, got: str) -> InputError:
    return InputError(
        code="BIO-171", where=path.name, got=got[:_SHOWN], expected="a FHIR Bundle, or .ndjson of resources",
        fix="export it again",
    )  # fmt: skip


def read_samples(resources: Iterable[Mapping[str, Any]], tell: Tell) -> Iterator[Incoming]:
    """Yield the samples as rows, numbered as the Specimens come; tell what is wrong with others (BIO-172).

    Amounts that are not told are one piece; samples have no position until somebody puts them in one.
    """
    donors: dict[str, Mapping[str, Any]] = {}
    specimens: list[Mapping[str, Any]] = []
    for one in resources:
        if one.get("resourceType") == "Patient":
            donors[str(one.get("id", ""))] = one
        elif one.get("resourceType") == "Specimen":
            specimens.append(one)
    names = {str(one.get("id", "")): _name(one) for one in specimens}
    for number, one in enumerate(specimens, 1):
        try:
            yield _read(number, one, donors, names)
        except (_Missing, AttributeError, TypeError, KeyError, IndexError) as error:
            expected = str(error) if isinstance(error, _Missing) else "a Specimen of FHIR R4"
            barcode = _name(one)[:_LABEL]
            tell(Problem(number, barcode, "", InputError(
                code="BIO-172", where=f"sample {number}, {barcode or one.get('id', '')!s:.64}",
                got="what is no sample of MIABIS", expected=expected, fix="have it corrected by who sent it",
            )))  # fmt: skip


def _name(one: Mapping[str, Any]) -> str:
    """Return what identifies a record."""
    own: Any = one.get("accessionIdentifier") or next(iter(one.get("identifier") or ()), {})
    return str(own.get("value", "")) if isinstance(own, Mapping) else ""


def _read(
    number: int, one: Mapping[str, Any], donors: Mapping[str, Mapping[str, Any]], names: Mapping[str, str]
) -> Incoming:
    barcode = _name(one)
    subject = _find_id(one.get("subject", {}))
    donor = donors.get(subject)
    pseudonym = _name(donor) if donor is not None else ""
    if not 0 < len(barcode) <= _LABEL:
        raise _Missing("an identifier of at most 64 characters")
    if donor is None or not 0 < len(pseudonym) <= _LABEL:
        raise _Missing("a Patient with an identifier as its subject")
    codes = {str(coding.get("system")): str(coding.get("code", "")) for coding in one["type"]["coding"]}
    if not codes:
        raise _Missing("a type")
    kind = codes.get(KIND) or find_kind(next(iter(codes.values()), ""))
    collection = one.get("collection", {})
    made_ms = _read_day(collection.get("collectedDateTime"))
    parents = one.get("parent") or ()
    parent = names.get(_find_id(parents[0]), "") if parents else ""
    amount, unit = _read_amount(one)
    told = {
        key: value
        for each in one.get("extension", ())
        for key, value in ((str(each.get("url", "")).rpartition("/")[2], each),)
    }
    diagnosis = told.get("miabis-sample-diagnosis-extension", {})
    purpose = told.get("miabis-sample-collection-extension", {}).get("valueIdentifier", {})
    sites = collection.get("bodySite", {}).get("coding", ())
    sex = str(donor.get("gender", "unknown"))
    birth = str(donor.get("birthDate", ""))[:_YEAR]
    return Incoming(
        number, barcode, pseudonym, parent, "", "", kind, str(sites[0].get("code", "")) if sites else "",
        str(diagnosis.get("valueCode", "")), made_ms, None, amount, unit,
        collection=str(purpose.get("value", "")), sex=sex if sex in _SEXES else "unknown",
        birth_year=int(birth) if len(birth) == _YEAR and birth.isdecimal() else None,
    )  # fmt: skip


def _find_id(reference: Mapping[str, Any]) -> str:
    """Return the id that a reference of the file names; a bundle's ``urn:uuid:`` too."""
    text = str(reference.get("reference", ""))
    return text.rpartition("/" if "/" in text else ":")[2]


def _read_day(text: object) -> int:
    try:
        padded = f"{text}-01-01" if len(str(text)) == _YEAR else str(text)
        moment = datetime.fromisoformat(padded)
        moment = moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
        return round(moment.timestamp() * _MS)
    except (ValueError, OverflowError):
        raise _Missing("collectedDateTime, a day or at least a year") from None


def _read_amount(one: Mapping[str, Any]) -> tuple[int, Unit]:
    containers = one.get("container") or ()
    quantity = containers[0].get("specimenQuantity", {}) if containers else {}
    if "value" not in quantity:
        return 1, "pcs"
    unit, factor = _UNITS.get(str(quantity.get("code", "")), (None, 0))
    try:
        value = Decimal(str(quantity["value"])) * factor
    except InvalidOperation:
        value = Decimal(0)
    if unit is None or not value.is_finite() or value <= 0 or value != int(value):
        raise _Missing(f"an amount in one of {', '.join(_UNITS)}")
    return int(value), unit
