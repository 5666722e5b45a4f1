"""What stands against a merge: what one person cannot have twice at a time."""

from collections.abc import Iterator, Sequence
from itertools import combinations, product
from typing import Final

from oncopolis.foundation import ConflictError
from oncopolis.operations.booking.views import Booking
from oncopolis.operations.courses.views import Course
from oncopolis.operations.floor import Floor
from oncopolis.operations.views import View

_IN_THE_HOUSE: Final = frozenset({"inside", "stay"})
"""Kinds of claims of somebody who is here."""


def check_nothing_collides(floor: Floor, survivor: str, loser: str) -> None:
    """Refuse a merge of two who are both in the house, or of whom one would be in two places."""
    of_one, of_other = floor.list_of_patient(survivor), floor.list_of_patient(loser)
    here = [f"{view.TYPE}/{view.id}" for views in (of_one, of_other) for view in views if _is_here(view)]
    if all(any(map(_is_here, views)) for views in (of_one, of_other)):
        raise ConflictError(
            code="OPS-026", where=f"Patient/{loser}", got=f"both in the house: {', '.join(here)}",
            expected="at most one of the two in the house", fix="end one of the visits first",
        )  # fmt: skip
    for left, right in product(_list_timed(of_one), _list_timed(of_other)):
        if left.start_ms < right.end_ms and right.start_ms < left.end_ms:
            at = f"{floor.house.to_local(max(left.start_ms, right.start_ms)):%Y-%m-%d %H:%M}"
            raise ConflictError(
                code="OPS-027", where=f"Patient/{loser}",
                got=f"two appointments on {at}: Appointment/{left.id} and Appointment/{right.id}",
                expected="one place at a time", fix="move or cancel one of them first",
            )  # fmt: skip
    courses = [view for views in (of_one, of_other) for view in views if isinstance(view, Course)]
    for one, other in combinations(courses, 2):
        if one.patient != other.patient and one.pathway == other.pathway:
            raise ConflictError(
                code="OPS-028", where=f"Patient/{loser}",
                got=f"two courses of {one.pathway}: CarePlan/{one.id} and CarePlan/{other.id}",
                expected="one course of a pathway", fix="end one of the courses first",
            )  # fmt: skip


def _is_here(view: View) -> bool:
    return any(kind in _IN_THE_HOUSE for kind, _ in view.list_claims())


def _list_timed(views: Sequence[View]) -> Iterator[Booking]:
    yield from (view for view in views if isinstance(view, Booking) and view.spot is not None)
