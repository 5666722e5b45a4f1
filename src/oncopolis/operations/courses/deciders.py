"""Who may decide what: the role the definition names, held by a person, or the board after a discussion."""

from typing import Final

from oncopolis.foundation import ForbiddenError, InputError
from oncopolis.operations.courses.indexes import Posts
from oncopolis.operations.deciding import Moment
from oncopolis.operations.floor import Floor

BOARD: Final = "tumour_board"
PATIENT: Final = "patient"
_PERSON: Final = "Practitioner"
_CLERK: Final = "Person"
"""Kind of those who have an account and are no practitioner."""


def name_person(moment: Moment, stated: str | None, where: str, *, may_be_told: bool = False) -> str:
    """Return the person in whose name something is done, ``Practitioner/<id>``.

    Who treats acts in their own name; a program names who decided.

    Parameters
    ----------
    may_be_told
        Whether somebody who treats nobody (reception, a board's office) may tell it in another's name.

    Raises
    ------
    InputError
        Nobody is named (OPS-073).
    ForbiddenError
        A person names somebody else (OPS-074).
    """
    who = moment.who
    if who.kind == _PERSON and stated in (None, who.id):
        return f"{_PERSON}/{who.id}"
    if stated is not None and (who.kind == _PERSON or (who.kind == _CLERK and not may_be_told)):
        raise ForbiddenError(
            code="OPS-074", where=where, got=f"a decision of {stated}", expected="one of your own",
            fix="leave the name out, or have that person do it",
        )  # fmt: skip
    if stated is None:
        raise InputError(
            code="OPS-073", where=where, got=f"nobody's name from {who.reference}",
            expected="the id of the practitioner who decided", fix="say who decided in `by`",
        )  # fmt: skip
    return f"{_PERSON}/{stated}"


def check_decider(floor: Floor, decider: str, person: str, where: str) -> None:
    """Refuse somebody who does not hold the role that decides.

    Raises
    ------
    ForbiddenError
        They do not hold it (OPS-076), or the board has to discuss it (OPS-075).
    """
    if decider in ("", PATIENT):
        return
    if decider == BOARD:
        raise ForbiddenError(
            code="OPS-075", where=where, got="a decision of one person", expected="one of the tumour board",
            fix="put the case on the agenda; the board's decision is recorded there",
        )  # fmt: skip
    if not floor.index(Posts).has(person.removeprefix(f"{_PERSON}/"), decider):
        raise ForbiddenError(
            code="OPS-076", where=where, got=f"{person}, who holds no post of {decider}",
            expected=f"a decision of {decider}", fix="have somebody decide who holds that post",
        )  # fmt: skip
