"""Breaking the glass of one patient's record: allowed for stated roles, and reviewed afterwards."""

from http import HTTPStatus

from oncopolis.foundation import ForbiddenError
from oncopolis.record.access import Caller
from oncopolis.record.access.glass import is_under_review, make_review
from oncopolis.record.access.policy import get_policy
from oncopolis.record.access.practice import Practice
from oncopolis.record.store import Store, Transaction
from oncopolis.web.fhir.exchange import Asked
from oncopolis.web.fhir.refusing import RequestError

_MS_PER_MIN = 60_000  # structure: milliseconds in a minute


async def break_glass(store: Store, asked: Asked, named: tuple[str, str], practice: Practice) -> str:
    """Open the review, and return the id of the patient whose record is opened.

    Raises
    ------
    ForbiddenError
        The caller has no role that may (REC-247).
    RequestError
        What was named belongs to no patient (REC-248).
    """
    caller = asked.caller
    assert caller is not None
    if not caller.roles & get_policy().glass or caller.practitioner is None:
        raise ForbiddenError(
            code="REC-247", where="X-Purpose-Of-Use", got="a caller who may not break the glass",
            expected=f"one of {', '.join(sorted(get_policy().glass))}", fix="ask somebody who may",
        )  # fmt: skip
    sql = "SELECT patient FROM resource WHERE type = ? AND id = ?"
    found = store.ask(lambda reading: reading.session.query(sql, named))
    if not found or found[0][0] is None:
        raise RequestError(
            code="REC-248", where="X-Break-Glass-Patient", got="no patient",
            expected="the id of a Patient, or a record of one", fix="name the patient",
            status=HTTPStatus.NOT_FOUND, issue="not-found",
        )  # fmt: skip
    patient = str(found[0][0])
    lasts_ms = practice.glass_minutes * _MS_PER_MIN
    await store.submit_here(
        lambda transaction: _open_review(transaction, caller, patient, lasts_ms),
        asked.act("E", "break-glass"),
    )
    return patient


def _open_review(transaction: Transaction, caller: Caller, patient: str, lasts_ms: int) -> None:
    since_ms = transaction.now_ms - lasts_ms
    if not is_under_review(transaction.session.query, caller, patient, since_ms):
        transaction.put(make_review(caller, patient, transaction.now_ms))
