"""A search that reads every record: what R4 says, written down once more without any index."""

import re
import unicodedata
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import cmp_to_key
from typing import Any

Json = dict[str, Any]
Range = tuple[Any, Any]


def list_codings(concept: Json | None) -> list[tuple[str | None, str]]:
    return [(c.get("system"), c["code"]) for c in (concept or {}).get("coding", ()) if "code" in c]


def list_links(reference: Json | None) -> list[str]:
    return [reference["reference"]] if reference else []


def find_stretch(text: str) -> Range:
    """First moment, and the first one after."""
    if "T" in text:
        start = datetime.fromisoformat(text)
        return start, start + timedelta(seconds=1)
    parts = [int(part) for part in text.split("-")]
    year, month, day = [*parts, 1, 1][:3]
    start = datetime(year, month, day, tzinfo=UTC)
    if len(parts) == 1:
        return start, start.replace(year=start.year + 1)
    if len(parts) == 2:
        return start, (start + timedelta(days=32)).replace(day=1)
    return start, start + timedelta(days=1)


FIRST, LAST = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)


def list_stretches(record: Json, name: str) -> list[Range]:
    if f"{name}DateTime" in record:
        return [find_stretch(record[f"{name}DateTime"])]
    period = record.get(f"{name}Period")
    if not period:
        return []
    start = find_stretch(period["start"])[0] if "start" in period else FIRST
    return [(start, find_stretch(period["end"])[1] if "end" in period else LAST)]


def list_quantities(record: Json) -> list[tuple[Range, str | None, set[str | None]]]:
    quantity = record.get("valueQuantity")
    if quantity is None:
        return []
    value = float(quantity["value"])
    units = {quantity.get("code"), quantity.get("unit")} - {None}
    return [((value, value), quantity.get("system"), units)]


VALUES: dict[tuple[str, str], tuple[str, Callable[[Json], list[Any]]]] = {
    ("Observation", "status"): ("token", lambda r: [("http://hl7.org/fhir/observation-status", r["status"])]),
    ("Observation", "code"): ("token", lambda r: list_codings(r.get("code"))),
    ("Observation", "date"): ("date", lambda r: list_stretches(r, "effective")),
    ("Observation", "value-quantity"): ("quantity", list_quantities),
    ("Observation", "subject"): ("reference", lambda r: list_links(r.get("subject"))),
    ("Observation", "value-string"): ("string", lambda r: [r["valueString"]] if "valueString" in r else []),
    ("Patient", "family"): ("string", lambda r: [n["family"] for n in r.get("name", ()) if "family" in n]),
    ("Patient", "given"): ("string", lambda r: [g for n in r.get("name", ()) for g in n.get("given", ())]),
    ("Patient", "identifier"): (
        "token",
        lambda r: [(i.get("system"), i["value"]) for i in r.get("identifier", ())],
    ),
    ("Patient", "birthdate"): ("date", lambda r: [find_stretch(r["birthDate"])] if "birthDate" in r else []),
    ("Patient", "general-practitioner"): (
        "reference",
        lambda r: [x for g in r.get("generalPractitioner", ()) for x in list_links(g)],
    ),
}


def fold(text: str) -> str:
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(sign for sign in apart if not unicodedata.combining(sign))


def compare(prefix: str, target: Range, asked: Range, exact: Any, *, is_date: bool) -> bool:
    """R4's table of prefixes; stretches end before their second value, numbers are points."""
    (low, high), (first, after) = target, asked
    if not is_date:
        within = bool(first <= low and high < after)
        told: dict[str, bool] = {
            "eq": within, "ne": not within, "gt": high > exact, "lt": low < exact, "ge": high >= exact,
            "le": low <= exact, "sa": low > exact, "eb": high < exact,
        }  # fmt: skip
        return told[prefix]
    within = bool(first <= low and high <= after)
    told = {
        "eq": within, "ne": not within, "gt": high > after, "lt": low < first,
        "ge": high > after or low >= first, "le": low < first or (low < after and high <= after),
        "sa": low >= after, "eb": high <= first,
    }  # fmt: skip
    return told[prefix]


def take_prefix(text: str) -> tuple[str, str]:
    return (text[:2], text[2:]) if re.match("[a-z]{2}", text) else ("eq", text)


def is_match(kind: str, modifier: str, value: Any, asked: str) -> bool:
    """Whether one value of a record is what is asked for."""
    if kind == "token":
        system, bar, code = asked.rpartition("|")
        is_code = not code or value[1] == code
        return is_code and (not bar or (value[0] or "") == system)
    if kind == "string":
        if modifier == "exact":
            return bool(value == asked)
        folded, wanted = fold(value), fold(asked)
        return wanted in folded if modifier == "contains" else folded.startswith(wanted)
    if kind == "reference":
        return asked in (value, value.partition("/")[2])
    prefix, text = take_prefix(asked)
    if kind == "date":
        return compare(prefix, value, find_stretch(text), None, is_date=True)
    number, *unit = text.split("|")
    exact = Decimal(number)
    half = Decimal("0.5").scaleb(exact.as_tuple().exponent)  # type: ignore[arg-type]
    stretch, system, units = value
    if unit and ((unit[0] and unit[0] != system) or (unit[1] and unit[1] not in units)):
        return False
    return compare(prefix, stretch, (float(exact - half), float(exact + half)), float(exact), is_date=False)


def meets(record: Json, records: Sequence[Json], name: str, asked: str) -> bool:
    """Whether a record meets one parameter."""
    type_ = record["resourceType"]
    if name.startswith("_has:"):
        _, source, link, rest = name.split(":", 3)
        us = f"{type_}/{record['id']}"
        return any(
            us in VALUES[source, link][1](one) and meets(one, records, rest, asked)
            for one in records
            if one["resourceType"] == source
        )
    head, point, rest = name.partition(".")
    code, _, modifier = head.partition(":")
    kind, list_values = VALUES[type_, code]
    values = list_values(record)
    if point:
        ours = [one for one in records if f"{one['resourceType']}/{one['id']}" in values]
        return any(
            one["resourceType"] == (modifier or one["resourceType"])
            and (type_of(one), rest.partition(":")[0]) in VALUES
            and meets(one, records, rest, asked)
            for one in ours
        )
    if modifier == "missing":
        return (not values) == (asked == "true")
    if modifier == "Patient":
        values = [value for value in values if value.startswith("Patient/")]
    found = any(is_match(kind, modifier, value, one) for value in values for one in asked.split(","))
    return not found if modifier == "not" else found


def type_of(record: Json) -> str:
    return str(record["resourceType"])


def search_naively(
    records: Sequence[Json], type_: str, pairs: Sequence[tuple[str, str]], sort: str
) -> list[str]:
    """Ids of all matches in their order; `records` stand as they were made."""
    found = [
        (place, one)
        for place, one in enumerate(records)
        if one["resourceType"] == type_ and all(meets(one, records, *pair) for pair in pairs)
    ]
    keys = sort.split(",") if sort else []

    def order(one: tuple[int, Json], other: tuple[int, Json]) -> int:
        for key in keys:
            left, right = (get_key(record, key) for _, record in (one, other))
            if left != right:
                if left is None or right is None:
                    return 1 if left is None else -1
                return (1 if left > right else -1) * (-1 if key.startswith("-") else 1)
        return (one[0] - other[0]) * (-1 if keys and keys[-1].startswith("-") else 1)

    return [record["id"] for _, record in sorted(found, key=cmp_to_key(order))]


def get_key(record: Json, key: str) -> Any:
    code = key.removeprefix("-")
    if code == "_id":
        return record["id"]
    kind, list_values = VALUES[record["resourceType"], code]
    of_kind: dict[str, Callable[[Any], Any]] = {
        "token": lambda v: v[1],
        "string": fold,
        "quantity": lambda v: v[0],
    }
    values = [of_kind.get(kind, lambda v: v)(value) for value in list_values(record)]
    return (max if key.startswith("-") else min)(values) if values else None
