"""Who calls and what they may: asked before anything is done, and put into the request.

Every interaction has its right here; one that has none is refused. Three headers speak of purpose:
``X-Purpose-Of-Use`` (a code of HL7 v3 PurposeOfUse) narrows what is allowed to what serves that purpose;
``ETREAT`` breaks the glass, for this request and for one patient, with ``X-Break-Glass-Reason`` and, where
the address names no record of theirs, ``X-Break-Glass-Patient``.
"""

import re
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from http import HTTPStatus
from typing import Final, TypeAlias

from starlette.types import Scope

from oncopolis.foundation import ForbiddenError
from oncopolis.record.access import Caller
from oncopolis.record.access.deciding import EMERGENCY, Rights
from oncopolis.record.access.guarding import Guard
from oncopolis.record.access.policy import Right
from oncopolis.record.access.practice import Practice
from oncopolis.web.fhir.exchange import Asked
from oncopolis.web.fhir.headers import MS_PER_S
from oncopolis.web.fhir.refusing import RequestError, show

Gate: TypeAlias = Callable[[Scope], Awaitable[Caller]]
"""Tells who sends a request, or refuses it with status 401."""

LOG: Final = "$access-log"
RIGHTS: Final[Mapping[str, Right]] = {
    "read": "read",
    "vread": "read",
    "history-instance": "read",
    "history-type": "read",
    "history-system": "read",
    "search-type": "search",
    "search-system": "search",
    "create": "create",
    "update": "update",
    "patch": "update",
    "delete": "delete",
    "transaction": "read",
    "batch": "read",
    "$validate": "read",
    "$everything": "search",
    "$mcode-everything": "search",
    "$cancer-notification": "search",
    "$miabis": "search",
    "$export": "search",
    LOG: "search",
    "search-compartment": "search",
}
"""Interaction -> the right it needs. Transactions and batches need those of their entries."""

_CODE = re.compile(r"[A-Z]{1,20}", re.ASCII)
_REASON = re.compile(r"[^\x00-\x1f]{5,500}")
_ID = re.compile(r"[A-Za-z0-9.-]{1,64}", re.ASCII)


def read_purpose(caller: Caller, headers: Mapping[str, str]) -> Caller:
    """Return the caller with the purpose and reason that the headers state.

    Raises
    ------
    RequestError
        For a purpose that is no code, and for a broken glass without a reason.
    """
    purpose = headers.get("x-purpose-of-use", caller.purpose)
    reason = headers.get("x-break-glass-reason", caller.reason)
    if purpose and not _CODE.fullmatch(purpose):
        raise _bad("X-Purpose-Of-Use", purpose, "a code of HL7 v3 PurposeOfUse, such as TREAT")
    if purpose == EMERGENCY and not _REASON.fullmatch(reason):
        raise _bad("X-Break-Glass-Reason", reason, "why the glass is broken, in 5 to 500 characters")
    is_same = (purpose, reason) == (caller.purpose, caller.reason)
    return caller if is_same else replace(caller, purpose=purpose, reason=reason)


def admit(asked: Asked, code: str, practice: Practice) -> Asked:
    """Return the request with what its caller may see; whoever may do so with no record at all is refused.

    Raises
    ------
    ForbiddenError
        The access policy gives them no such right for this type (REC-244).
    """
    if asked.caller is None:
        return asked
    right = RIGHTS.get(code)
    if right is None:
        raise _forbid(asked, code)
    now_ms = int(time.time()) * MS_PER_S  # Whole seconds, so that conditions of the same second are the same.
    rights = Rights(asked.caller, right, now_ms, practice.disclosure, asked.glass)
    type_ = asked.segments[0] if asked.segments and not asked.segments[0].startswith(("_", "$")) else None
    if code == LOG:
        type_ = "AuditEvent"
    if type_ is not None and not rights.list_rules(right, type_):
        raise _forbid(asked, code)
    return asked._replace(allowed=rights)


def get_guard(asked: Asked) -> Guard | None:
    """Return what watches over the writes of a request; none where nobody is asked who they are."""
    return Guard(asked.allowed) if isinstance(asked.allowed, Rights) else None


def find_glass(asked: Asked) -> tuple[str, str] | None:
    """Return type and id of the record by which the patient is named whose glass is broken.

    Raises
    ------
    RequestError
        Nothing names one.
    """
    if asked.caller is None or asked.caller.purpose != EMERGENCY:
        return None
    header = asked.headers.get("x-break-glass-patient")
    if header is not None:
        if not _ID.fullmatch(header):
            raise _bad("X-Break-Glass-Patient", header, "the id of a Patient")
        return "Patient", header
    return _find_in_path(asked) or _find_in_query(asked)


def _find_in_path(asked: Asked) -> tuple[str, str] | None:
    if len(asked.segments) > 1 and _ID.fullmatch(asked.segments[1]):
        return asked.segments[0], asked.segments[1]
    return None


def _find_in_query(asked: Asked) -> tuple[str, str]:
    found = re.search(r"(?:^|&)(?:patient|subject)=(?:Patient/)?([A-Za-z0-9.-]{1,64})(?:&|$)", asked.query)
    if found is None:
        raise _bad("X-Break-Glass-Patient", "", "the id of the one patient whose record is opened")
    return "Patient", found[1]


def _forbid(asked: Asked, code: str) -> ForbiddenError:
    what = f"{code} of {asked.segments[0]}" if asked.segments else code
    return ForbiddenError(
        code="REC-244",
        where=what[:100],
        got="a caller without that right",
        expected="one to whom the access policy gives it for the stated purpose",
        fix="ask the administrator for the role, or state another purpose",
    )


def _bad(where: str, got: str, expected: str) -> RequestError:
    return RequestError(
        code="REC-245", where=where, got=show(got), expected=expected, fix="correct the header",
        status=HTTPStatus.BAD_REQUEST,
    )  # fmt: skip
