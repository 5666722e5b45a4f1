"""Tables of a run as CSV: one line a thing, the unit in the heading, names as in ``twin.json``."""

import csv
from collections.abc import Iterable, Sequence
from io import StringIO
from typing import Any

from oncopolis.report.canonical import Plan
from oncopolis.report.language import Language

Line = dict[str, Any]

_TIMES = ("mean", "median", "p90")
_RESOURCE = (
    "utilisation",
    "offered_hours",
    "held_hours",
    "overtime_hours",
    "blocked_hours",
    "down_hours",
    "waited_hours",
    "share_of_waiting",
    "breakdowns",
    "interrupted",
)


def write_waits(document: Plan, language: Language) -> bytes:
    """Write waits.csv: waits by activity, step and pathway, minutes."""
    waits = document["waits"]
    kinds = (("activity", "activities"), ("step", "steps"), ("pathway", "pathways"))
    rows = (
        (kind, line["id"], language.label(line["label"]), *_list_times(line))
        for kind, key in kinds
        for line in waits[key]
    )
    return _to_csv(("of", "id", "label", *_name_times("min")), rows)


def write_resources(document: Plan, language: Language) -> bytes:
    """Write resources.csv: use, overtime, breakdowns and waiting by resource."""
    rows = (
        (
            line["id"],
            language.label(line["label"]),
            line["kind"],
            line["department"],
            line["most"],
            *(value for key in _RESOURCE for value in _spread(line[key])),
            line["most_waiting"],
        )
        for line in document["resources"]
    )
    heads = [name for key in _RESOURCE for name in (key, f"{key}_low", f"{key}_high")]
    return _to_csv(("id", "label", "kind", "department", "most_on_duty", *heads, "most_waiting"), rows)


def write_pathways(document: Plan, language: Language) -> bytes:
    """Write pathways.csv: time in each pathway and time to treatment, days."""
    kinds = (
        ("in pathway", document["in_system"]["pathways"]),
        ("referral to first treatment", document["treatment"]["lines"]),
    )
    rows = (
        (
            kind,
            line["id"],
            language.label(line["label"]),
            *_list_times(line),
            line.get("target"),
            *_spread(line.get("within") or {}),
        )
        for kind, lines in kinds
        for line in lines
    )
    heads = ("target_day", "within", "within_low", "within_high")
    return _to_csv(("of", "id", "label", *_name_times("day"), *heads), rows)


def _name_times(unit: str) -> list[str]:
    heads = [f"{key}{end}_{unit}" for key in _TIMES for end in ("", "_low", "_high")]
    return ["n", *heads, f"longest_{unit}"]


def _list_times(line: Line) -> list[Any]:
    return [line["n"], *(value for key in _TIMES for value in _spread(line[key])), line["longest"]]


def _spread(estimate: Line) -> tuple[Any, Any, Any]:
    return estimate.get("value"), estimate.get("low"), estimate.get("high")


def _to_csv(heads: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    stream = StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(heads)
    writer.writerows(rows)
    return stream.getvalue().encode("utf-8")
