"""Specimens leave the country only by a permit of an authority."""

from dataclasses import replace
from datetime import UTC, datetime

from oncopolis.biobank.consents.scopes import to_bits
from oncopolis.biobank.deciding import Act, Decision, Moment
from oncopolis.biobank.requests.asking import AddPermit, EndPermit, Ship
from oncopolis.foundation import ConflictError, ForbiddenError, InputError, NotFoundError
from oncopolis.record.biobank.books import Books
from oncopolis.record.biobank.custody import Event
from oncopolis.record.biobank.requests import Permit, Request

_ABROAD = to_bits(("abroad",))
_MS = 1000  # structure: milliseconds of a second


def add_permit(books: Books, asked: AddPermit, moment: Moment) -> Decision:  # noqa: ARG001 - as others
    """Take in a permit."""
    if asked.until_ms <= asked.from_ms:
        raise InputError(
            code="BIO-183", where=f"permit {asked.number}", got="one that ends before it begins",
            expected="its first and its last moment", fix="correct the days",
        )  # fmt: skip
    if books.find_permit(asked.number) is not None:
        raise ConflictError(
            code="BIO-184", where=f"permit {asked.number}", got="a number that is known",
            expected="a new one", fix="nothing has to be done, or correct the number",
        )  # fmt: skip
    id_ = books.make_number(Permit.TABLE)
    made = Permit(
        id_, asked.number, asked.authority, asked.country, asked.from_ms, asked.until_ms, asked.n_most
    )
    told = {"permit": asked.number, "country": asked.country, "n": asked.n_most}
    return Decision((made,), (Event("permit", container=0, told=told),), (), {"permit": id_})


def end_permit(books: Books, asked: EndPermit, moment: Moment) -> Decision:  # noqa: ARG001 - as others
    """Let nothing leave by a permit any more."""
    found = books.find_permit(asked.number)
    if found is None:
        raise NotFoundError(
            code="BIO-185", where=f"permit {asked.number:.64}", got="no such permit",
            expected="one that was taken in", fix="correct the number",
        )  # fmt: skip
    told = {"permit": asked.number, "why": asked.reason}
    return Decision((replace(found, state="ended"),), (Event("permit ended", container=0, told=told),))


def check_permit(books: Books, request: Request, asked: Ship, n: int, moment: Moment) -> Permit | None:
    """Return the permit that a shipment leaves by; None for one that stays in the country.

    Raises
    ------
    ForbiddenError
        It would leave without a valid permit, or without consent to that (BIO-188).
    """
    if not asked.country:
        return None
    found = books.find_permit(asked.permit)
    faults = [] if request.scopes & _ABROAD else ["a request that asks for no consent to sending abroad"]
    if found is None:
        faults.append(f"no permit {asked.permit}".rstrip())
    else:
        faults += _list_faults(found, asked.country, n, moment.at_ms)
    if faults:
        raise ForbiddenError(
            code="BIO-188", where=f"request {request.id}, to {asked.country}", got="; ".join(faults),
            expected=f"consent, and a permit for {n} specimens to {asked.country} that holds now",
            fix="ask the authority for a permit, and keep it with `bank_permit`; nothing leaves before",
        )  # fmt: skip
    return found


def _list_faults(permit: Permit, country: str, n: int, now_ms: int) -> list[str]:
    faults = []
    if permit.country != country:
        faults.append(f"a permit for {permit.country}")
    if permit.state != "valid":
        faults.append("a permit that was taken back")
    if not permit.from_ms <= now_ms < permit.until_ms:
        ends = (_show_day(permit.from_ms), _show_day(permit.until_ms))
        faults.append(f"a permit from {ends[0]} to {ends[1]}")
    if permit.n_used + n > permit.n_most:
        faults.append(f"a permit for {permit.n_most} specimens, of which {permit.n_used} have left")
    return faults


def _show_day(at_ms: int) -> str:
    return datetime.fromtimestamp(at_ms / _MS, UTC).date().isoformat()


ACTS = (
    Act("bank_permit", AddPermit, add_permit),
    Act("bank_end_permit", EndPermit, end_permit),
)
