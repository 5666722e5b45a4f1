"""Waivers and baselines: what is known and does not fail a review, with who says so and until when."""

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Annotated

from pydantic import Field, ValidationError

from oncopolis.design.bcf import read_bcf
from oncopolis.design.rules import Outcome
from oncopolis.design.snapshots import read_review
from oncopolis.foundation import Collector, Frozen, load_yaml
from oncopolis.foundation.faults import to_errors

ANYWHERE = "*"
_FOUND = {"failed", "known"}
_REQUEST, _CLOSED = "Request", "Closed"
Words = Annotated[str, Field(pattern=r"\S")]


class Waiver(Frozen):
    """What somebody lets pass."""

    rule: Words
    """Rule it is about."""
    where: Words
    """GlobalId, number or name of the thing; ``*`` for all."""
    reason: Words
    owner: Words
    """Who answers for it."""
    until: date | None = None
    """Last day it counts; without one it counts for good."""


class _File(Frozen):
    waivers: tuple[Waiver, ...]


def read_waivers(path: Path) -> tuple[Waiver, ...]:
    """Read a file of waivers.

    Raises
    ------
    InputError
        DES-054 for whatever is not in the form of a waiver, all of it told.
    """
    located = load_yaml(path)
    try:
        return _File.model_validate(located.data).waivers
    except ValidationError as error:
        faults = Collector()
        for fault in to_errors(error, located, (), code="DES-054", model=_File):
            faults.add(fault)
        faults.raise_if_any()
        raise


def find_waiver(waivers: Iterable[Waiver], rule: str, outcome: Outcome, today: date) -> Waiver | None:
    """Return the waiver that lets an outcome pass: one in force before one that has run out."""
    names = {
        name for thing in outcome.things for name in (thing.id, thing.words, thing.words.partition(" ")[0])
    }
    fitting = [one for one in waivers if one.rule == rule and (one.where == ANYWHERE or one.where in names)]
    return min(fitting, key=lambda one: not is_in_force(one, today), default=None)


def is_in_force(waiver: Waiver, today: date) -> bool:
    """Whether a waiver still counts."""
    return waiver.until is None or today <= waiver.until


def read_baseline(path: Path) -> set[tuple[str, str]]:
    """Return what an earlier review has found: rule and id of the thing.

    What could not be checked then, was waived then, or has been closed since, is known to nobody: where it
    fails now, it fails.

    Parameters
    ----------
    path
        ``review.json``, or the BCF of a review.

    Raises
    ------
    InputError
        DES-053 for JSON that is no review; what `read_bcf` raises.
    """
    if path.suffix.lower() in {".bcf", ".bcfzip"}:
        topics = (one for one in read_bcf(path) if one.kind != _REQUEST and one.status != _CLOSED)
        return {(topic.rule, guid) for topic in topics for guid in topic.guids}
    return {
        (group.rule, outcome.things[0].id)
        for group in read_review(path).groups
        if group.state in _FOUND
        for outcome in group.outcomes
        if outcome.things
    }
