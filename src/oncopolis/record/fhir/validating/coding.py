"""Codes and identifiers whose form or check digit tells that they are mistyped: warnings."""

from collections.abc import Iterable, Iterator

from oncopolis.record.fhir.validating.remarks import Remark
from oncopolis.record.fhir.validating.walking import Spot
from oncopolis.record.oncology import IDENTIFIERS, SYSTEMS, Issue

__all__ = ["check_coding"]


def check_coding(spots: Iterable[Spot]) -> Iterator[Remark]:
    """Yield a warning for every code and identifier that cannot be one of its system."""
    for spot in spots:
        if spot.value is None:
            continue
        if spot.type == "Coding" and "code" in spot.value:
            check = SYSTEMS.get(spot.value.get("system", ""))
            if check is not None:
                yield from _warn(check(spot.value["code"]).issues, spot, "code")
        elif spot.type == "Identifier" and "value" in spot.value:
            number = IDENTIFIERS.get(spot.value.get("system", ""))
            if number is not None:
                yield from _warn(number(spot.value["value"]).issues, spot, "value")


def _warn(issues: Iterable[Issue], spot: Spot, member: str) -> Iterator[Remark]:
    for issue in issues:
        yield Remark("warning", "code-invalid", f"{spot.place}.{member}", issue.rule, str(issue))
