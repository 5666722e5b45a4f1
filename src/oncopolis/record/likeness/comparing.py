"""Two people compared: what agrees, what differs, and what that weighs."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from typing import Final

from oncopolis.record.likeness.describing import Described, Name
from oncopolis.record.likeness.nearness import compute_likeness, is_slip
from oncopolis.record.likeness.sounding import find_skeleton
from oncopolis.record.likeness.weighing import Weights, get_weights
from oncopolis.record.oncology.systems import IDENTIFIERS

__all__ = ["Likeness", "Reason", "compare"]

_NEAR: Final = 0.92  # structure: likeness of two texts that are one with slips
_SOUNDING: Final = 0.65  # structure: least likeness of two names with the same consonants
_LONG: Final = 4  # structure: letters of a name, or signs of a number, in which one slip is not another one
_DAY: Final = 10  # structure: characters of a date to the day


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing that two people agree or differ in.

    Parameters
    ----------
    thing
        Such as ``birth``.
    level
        How it compares, such as ``turned``.
    bits
        What that weighs; above zero it speaks for one person.
    """

    thing: str
    level: str
    bits: float


@dataclass(frozen=True, slots=True)
class Likeness:
    """How like two people are.

    Parameters
    ----------
    bits
        Sum over the reasons.
    probability
        That they are one.
    is_likely
        Whether that is so likely that somebody has to say that they are not.
    """

    bits: float
    probability: float
    is_likely: bool
    reasons: tuple[Reason, ...]


def compare(one: Described, other: Described, weights: Weights | None = None) -> Likeness:
    """Compare two people; the same whichever is the first."""
    weights = weights or get_weights()
    levels = [*_choose_names(one, other, weights), *_list_levels(one, other)]
    reasons = tuple(Reason(thing, level, weights.weigh(thing, level)) for thing, level in levels)
    bits = sum(reason.bits for reason in reasons)
    probability = weights.to_probability(bits)
    return Likeness(bits, probability, probability >= weights.likely, reasons)


_Levels = tuple[tuple[str, str], ...]


def _choose_names(one: Described, other: Described, weights: Weights) -> _Levels:
    """The comparison of the two names that are most alike."""
    found = [
        levels
        for left, right in product(one.names, other.names)
        for levels in (_compare_names(left, right), _compare_turned(left, right))
    ]
    return max(found, key=lambda levels: (sum(weights.weigh(*level) for level in levels), levels), default=())


def _compare_names(left: Name, right: Name) -> _Levels:
    return (
        *_compare_families(left, right),
        *_compare_words("given", left.given, right.given),
        *_compare_words("father", left.patronymic, right.patronymic),
    )


def _compare_turned(left: Name, right: Name) -> _Levels:
    """As if one of the two had family and given name in each other's place."""
    crossed = [(left.given, right.family), (left.family, right.given)]
    return (
        ("order", "turned"),
        *sorted(level for pair in crossed for level in _compare_words("given", *pair)),
        *_compare_words("father", left.patronymic, right.patronymic),
    )


def _compare_families(left: Name, right: Name) -> _Levels:
    if left.korean and right.korean:
        return (("korean", "same" if left.korean & right.korean else "differs"),)
    ((thing, level),) = _compare_words("family", left.family, right.family) or (("", ""),)
    if not thing:
        return ()
    if (left.is_former or right.is_former) and level != "differs":
        level = "former"
    return ((thing, level),)


def _compare_words(thing: str, left: str, right: str) -> _Levels:
    return ((thing, _compare_word(left, right)),) if left and right else ()


def _compare_word(left: str, right: str) -> str:
    if left == right:
        return "same"
    likeness = compute_likeness(left, right)
    if find_skeleton(left) == find_skeleton(right) and likeness >= _SOUNDING:
        return "sounds"
    is_long = min(len(left), len(right)) >= _LONG
    return "near" if is_long and (likeness >= _NEAR or is_slip(left, right)) else "differs"


def _list_levels(one: Described, other: Described) -> Iterator[tuple[str, str]]:
    if one.birth and other.birth:
        yield _compare_births(one.birth, other.birth)
    if one.sex and other.sex:
        yield "sex", "same" if one.sex == other.sex else "differs"
    level = _compare_identifiers(one, other)
    if level:
        yield "identifier", level
    if one.phones and other.phones:
        yield "phone", "same" if one.phones & other.phones else "differs"


def _compare_births(left: str, right: str) -> tuple[str, str]:
    if min(len(left), len(right)) < _DAY:
        is_same = left.startswith(right) or right.startswith(left)
        return "birth_part", "same" if is_same else "differs"
    if left == right:
        return "birth", "same"
    year, month, day = left.split("-")
    if right == f"{year}-{day}-{month}":
        return "birth", "turned"
    return "birth", "slip" if is_slip(left, right) else "differs"


def _compare_identifiers(one: Described, other: Described) -> str:
    """How the numbers of one system compare, at the best of those both have; '' if that tells nothing."""
    if one.identifiers & other.identifiers:
        return "same"
    pairs = [
        (system, left, right)
        for (system, left), (of_other, right) in product(one.identifiers, other.identifiers)
        if system == of_other
    ]
    if any(is_slip(left, right) for _, left, right in pairs if min(len(left), len(right)) > _LONG):
        return "near"
    return "differs" if any(system in IDENTIFIERS for system, _, _ in pairs) else ""
