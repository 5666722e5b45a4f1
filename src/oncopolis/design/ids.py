"""IDS files of buildingSMART, checked with ifctester; bounds have a tolerance of our own."""

import logging
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from oncopolis.design.model import Building
from oncopolis.design.reading import MAX_PACKED_BYTES, check_declarations, check_step, open_model
from oncopolis.design.rules import Outcome, Rule, Thing
from oncopolis.foundation import InputError, check_size

TOLERANCE = 1e-6  # structure: the tolerance that IDS 1.0 gives to real numbers, relative and absolute
_FIRST = 1
Decided = tuple[Rule, Sequence[Outcome]]


def check_ids(ids: Sequence[Path], models: Sequence[Path], building: Building) -> list[Decided]:
    """Check models against IDS files: one rule a specification.

    Parameters
    ----------
    ids
        IDS files.
    models
        IFC files.
    building
        What was read of them, for names of places.

    Raises
    ------
    InputError
        FIL-001, FIL-005, DES-036 as for other files; DES-056 for what is no IDS file.
    """
    files = [(path, _open_ids(path)) for path in ids]
    opened = []
    for path in models:
        check_step(path)
        opened.append(open_model(path))
    decided: list[Decided] = []
    for path, _ in files:
        for model in opened:
            # Opened anew for each model: a file remembers what it was last checked against.
            specifications = _open_ids(path)
            specifications.validate(model)
            for n, one in enumerate(specifications.specifications, _FIRST):
                decided.append((_to_rule(path, n, one), list(_list_outcomes(one, building))))
    return decided


def _open_ids(path: Path) -> Any:
    check_size(path, MAX_PACKED_BYTES, "split the requirements into several files")
    with path.open("rb") as stream:
        check_declarations(stream.read, str(path))
    from ifctester import ids as tester  # type: ignore[import-untyped]  # ships no types

    logging.getLogger("xmlschema").setLevel(logging.ERROR)
    try:
        return tester.open(str(path), validate=True)
    except Exception as error:  # the parser raises what it likes
        raise InputError(
            code="DES-056",
            where=str(path),
            got=next((line for line in str(error).splitlines() if line.strip()), "a file that is no IDS"),
            expected="an IDS 1.0 file of buildingSMART",
            fix="check it with the IDS audit tool of buildingSMART",
        ) from error


def _to_rule(path: Path, n: int, one: Any) -> Rule:
    return Rule(
        id=f"ids.{path.stem}.{n}",
        check="ids",
        severity="error",
        message=one.name or f"Specification {n}",
        fix=one.instructions or "state what the specification asks for",
        source=path.name,
        clause=f"specification {n}",
        standing="seen",
    )


def _list_outcomes(one: Any, building: Building) -> Iterator[Outcome]:
    failed: dict[Any, list[str]] = {}
    for facet in one.requirements:
        for failure in facet.failures:
            element = failure["element"]
            if not _is_within(facet, element):
                failed.setdefault(element, []).append(str(failure["reason"]))
    for element in one.applicable_entities:
        if element in failed:
            expected = "; ".join(
                dict.fromkeys(str(facet.to_string("requirement")) for facet in one.requirements)
            )
            yield Outcome("failed", (_to_thing(element, building),), "; ".join(failed[element]), expected)
        else:
            yield Outcome("passed")
    if not one.applicable_entities:
        if one.minOccurs:
            whole = Thing(building.files[0].project, building.title, "", "building")
            yield Outcome("failed", (whole,), "nothing that it applies to", "at least one")
        else:
            yield Outcome("passed")


def _is_within(facet: Any, element: Any) -> bool:
    """Whether a number that failed lies on its bound, give or take the tolerance."""
    import ifcopenshell.util.element as elements

    options = getattr(getattr(facet, "value", None), "options", None)
    if type(facet).__name__ != "Property" or not isinstance(options, dict):
        return False
    bounds = {name: float(options[name]) for name in ("minInclusive", "maxInclusive") if name in options}
    if not bounds:
        return False
    value = elements.get_pset(element, str(facet.propertySet), str(facet.baseName))
    if not isinstance(value, int | float) or isinstance(value, bool):
        return False
    low, high = bounds.get("minInclusive"), bounds.get("maxInclusive")
    return (low is None or value >= low - TOLERANCE * (1 + abs(low))) and (
        high is None or value <= high + TOLERANCE * (1 + abs(high))
    )


def _to_thing(element: Any, building: Building) -> Thing:
    key = getattr(element, "GlobalId", "")
    space = building.space_by_id.get(key)
    if space:
        return Thing(key, space.words, building.name_storey(space.storey), "space")
    words = getattr(element, "Name", None) or element.is_a()
    return Thing(key, str(words), "", "door" if element.is_a("IfcDoor") else "equipment")
