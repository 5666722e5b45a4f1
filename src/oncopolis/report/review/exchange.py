"""Findings as topics of a BCF file."""

from collections.abc import Iterator, Mapping
from typing import Any

from oncopolis.design.bcf import GUID, Header, Topic, write_bcf
from oncopolis.report.canonical import Plan
from oncopolis.report.language import Language
from oncopolis.report.review.wording import tell_actual

_KINDS = {"error": "Error", "warning": "Warning", "note": "Info"}
_PRIORITIES = {"error": "High", "warning": "Normal", "note": "Low"}
_TOLD = {"failed", "unknown"}
_LEAST_M = 10.0  # structure: how much of a plan is seen at least
_NUMBERED = "~"


def write_bcf_2(document: Plan, language: Language) -> bytes:
    """Write the findings as BCF 2.1."""
    return _write(document, language, "2.1")


def write_bcf_3(document: Plan, language: Language) -> bytes:
    """Write the findings as BCF 3.0."""
    return _write(document, language, "3.0")


def _write(document: Plan, language: Language, version: str) -> bytes:
    files = tuple((file["name"], file["project"]) for file in document["building"]["files"])
    header = Header(document["project"]["name"], files, document["day"])
    return write_bcf(header, list(_list_topics(document, language)), version)


def _list_topics(document: Plan, language: Language) -> Iterator[Topic]:
    """Yield what is open: findings that fail or warn, and what could not be checked."""
    outlines = {space["id"]: space["outline"] for space in document["spaces"]}
    text = language.text
    for group in document["groups"]:
        if group["state"] not in _TOLD:
            continue
        is_open = group["state"] == "failed"
        things = [outcome["things"][0] for outcome in group["outcomes"] if outcome["things"]]
        all_things = [thing for outcome in group["outcomes"] for thing in outcome["things"]]
        message = language.label(group["message"])
        n = f" ({group['n']})" if group["n"] > 1 else ""
        lines = [
            f"{text('Found')}: {tell_actual(language, group)}",
            f"{text('Expected')}: {language.label(group['expected'])}",
            f"{text('What to do')}: {language.label(group['fix'])}",
            *(f"{thing['words']} {thing['storey']}".strip() for thing in things),
        ]
        centre, width = _find_view(things, outlines)
        yield Topic(
            id=group["id"],
            title=f"{message}{n}" if is_open else f"{text('Not checkable')}: {message}{n}",
            kind=_KINDS[group["severity"]] if is_open else "Request",
            status="Open",
            priority=_PRIORITIES[group["severity"]] if is_open else "Low",
            rule=group["rule"],
            text="\n".join(lines),
            guids=tuple(dict.fromkeys(guid for thing in all_things if (guid := _to_guid(thing)))),
            centre=centre,
            width_m=width,
        )


def _to_guid(thing: Mapping[str, Any]) -> str:
    plain = str(thing["id"]).split(_NUMBERED)[0]
    return plain if GUID.fullmatch(plain) else ""


def _find_view(
    things: list[Mapping[str, Any]], outlines: Mapping[str, list[list[float]]]
) -> tuple[tuple[float, float, float], float]:
    points = [point for thing in things for point in outlines.get(thing["id"], ())]
    if not points:
        return (0.0, 0.0, 0.0), _LEAST_M
    xs, ys = [point[0] for point in points], [point[1] for point in points]
    centre = ((min(xs) + max(xs)) / 2, (min(ys) + max(ys)) / 2, 0.0)
    return centre, max(max(xs) - min(xs), max(ys) - min(ys), _LEAST_M)
