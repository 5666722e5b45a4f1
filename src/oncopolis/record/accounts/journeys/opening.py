"""A link is opened on a phone: once with what only its owner knows, later with what the phone holds."""

from hmac import compare_digest

from oncopolis.record.accounts.desk import Desk
from oncopolis.record.accounts.journeys import rows, tokens
from oncopolis.record.accounts.journeys.errors import JourneyRefused
from oncopolis.record.accounts.journeys.giving import digest_code
from oncopolis.record.accounts.journeys.patients import find_birth_date, is_current
from oncopolis.record.accounts.journeys.rows import Journey
from oncopolis.record.accounts.journeys.standing import may_act
from oncopolis.record.accounts.keyring import Keyring
from oncopolis.record.accounts.tokens import digest
from oncopolis.record.store.session import Session
from oncopolis.record.types import Who

TRIES = 5  # structure: default of a setting


def check_link(desk: Desk, keyring: Keyring, text: str, device: str) -> Journey:
    """Return the link of a text if this device may open it, or has opened it.

    Raises
    ------
    JourneyRefused
        It may not.
    """
    claimed = tokens.read(keyring, text)
    if claimed is None:
        raise JourneyRefused("broken")
    one = desk.ask(lambda session: rows.find(session, claimed.id))
    now_ms = desk.clock_ms()
    if one is None or now_ms >= one.until_ms:
        raise JourneyRefused("expired")
    if one.ended_ms is not None or not is_current(desk, one.patient):
        raise JourneyRefused("ended")
    if one.device is not None:
        if not device or one.device != digest(device):
            raise JourneyRefused("elsewhere")
        return one
    if one.locked_ms is not None:
        raise JourneyRefused("locked")
    if now_ms >= claimed.until_ms:
        raise JourneyRefused("expired")
    return one


def open_link(desk: Desk, keyring: Keyring, text: str, device: str, answer: str) -> Journey:
    """Bind a link to a device whose owner has answered right.

    Raises
    ------
    JourneyRefused
        The answer is wrong, or the device may not open it.
    """
    one = check_link(desk, keyring, text, device)
    if one.device is not None:
        return one
    n_tries = desk.mark(lambda session, now_ms: rows.count_try(session, one.id, TRIES, now_ms))
    if n_tries is None:
        check_link(desk, keyring, text, device)  # Another device may have been first.
        raise JourneyRefused("locked")
    if not _is_right(desk, one, answer):
        desk.tell(_who(one), f"journey {one.id}: wrong answer {n_tries} of {TRIES}")
        raise JourneyRefused("wrong", TRIES - n_tries) if n_tries < TRIES else JourneyRefused("locked")
    bound = desk.do(
        lambda session, now_ms: rows.bind(session, one.id, digest(device), now_ms),
        _who(one),
        f"journey {one.id} opened on a device",
    )
    if not bound:
        raise JourneyRefused("elsewhere")
    return one


def list_journeys(desk: Desk, device: str) -> list[Journey]:
    """Return the links that a device may use now; those of carers only while the patient consents."""
    listed = desk.ask(lambda session: _list(session, device, desk.clock_ms())) if device else []
    return [one for one in listed if is_current(desk, one.patient)]


def find_journey(desk: Desk, device: str, id_: str) -> Journey:
    """Return one of them.

    Raises
    ------
    JourneyRefused
        The device has none of that number, the patient has withdrawn a carer's consent, or their record was
        merged or erased.
    """
    now_ms = desk.clock_ms()
    found = desk.ask(lambda session: _find(session, device, id_, now_ms)) if device else None
    if found is None:
        raise JourneyRefused("stranger")
    one, may = found
    if not may:
        raise JourneyRefused("withdrawn")
    if not is_current(desk, one.patient):
        raise JourneyRefused("ended")
    return one


def forget(desk: Desk, one: Journey) -> None:
    """Close a page at the wish of whoever holds the phone."""
    desk.do(
        lambda session, now_ms: rows.end(session, one.id, now_ms),
        _who(one),
        f"journey {one.id} closed on its device",
    )


def _find(session: Session, device: str, id_: str, now_ms: int) -> tuple[Journey, bool] | None:
    for one in rows.list_of_device(session, digest(device), now_ms):
        if one.id == id_:
            return one, _may(session, one, now_ms)
    return None


def _list(session: Session, device: str, now_ms: int) -> list[Journey]:
    listed = rows.list_of_device(session, digest(device), now_ms)
    return [one for one in listed if _may(session, one, now_ms)]


def _may(session: Session, one: Journey, now_ms: int) -> bool:
    return one.carer is None or may_act(session, one.patient, one.carer, now_ms)


def _is_right(desk: Desk, one: Journey, answer: str) -> bool:
    typed = "".join(sign for sign in answer if sign.isalnum() or sign == "-")
    if one.code is not None:
        return compare_digest(digest_code(one.id, typed), one.code)
    born = find_birth_date(desk, one.patient)
    return bool(born) and compare_digest(digest(typed), digest(born or ""))


def _who(one: Journey) -> Who:
    return Who("RelatedPerson", one.carer) if one.carer else Who("Patient", one.patient)
