"""Disclosure of a diagnosis: who was told, and what is hidden from them until then.

That somebody was told is a `Communication` of category ``urn:oncopolis:disclosure|diagnosis`` about the
patient, ``completed``, whose recipients are the Patient or the RelatedPerson who was told; ``not-done`` says
that it is withheld from them. It is the conversation itself that is recorded: who spoke, when, with whom; a
family may have been told when the patient was not.
"""

from functools import cache
from typing import Final, Literal, TypeAlias

from oncopolis.record.access.allowing import Condition
from oncopolis.record.access.caller import Caller
from oncopolis.record.access.conditions import (
    FALSE,
    TRUE,
    both,
    deny,
    either,
    get_number,
    has_token,
    is_in,
    refers_to,
)
from oncopolis.record.access.policy import Policy

DISCLOSURE: Final = "urn:oncopolis:disclosure"
DIAGNOSIS, SHAREABLE, REVEALS = "diagnosis", "shareable", "reveals"
Default: TypeAlias = Literal["withheld", "disclosed"]
"""What holds for those of whom no Communication tells anything."""


def was_told(patient: str, caller: Caller, default: Default) -> Condition:
    """Whether the caller was told the diagnosis of the patient in this column."""
    told = _has_told(patient, "completed", caller)
    if default == "withheld":
        return told
    return either([told, deny(_has_told(patient, "not-done", caller))])


def _has_told(patient: str, status: str, caller: Caller) -> Condition:
    category = has_token("xm.rk", get_number("Communication", "category"), DISCLOSURE, [DIAGNOSIS])
    sql, values = both(
        [
            ("xm.type = 'Communication'", ()),
            (f"xm.patient = {patient}", ()),
            ("xm.deleted = 0", ()),
            category,
            has_token("xm.rk", get_number("Communication", "status"), "", [status]),
            refers_to("xm.rk", [get_number("Communication", "recipient")], caller.who.kind, [caller.who.id]),
        ]
    )
    return f"EXISTS (SELECT 1 FROM resource xm WHERE {sql})", values  # noqa: S608 - names of columns


def was_told_everything(caller: Caller, default: Default) -> Condition:
    """Whether the caller was told all diagnoses of those they are or act for; places could tell them."""
    if not caller.patients:
        return FALSE
    listed, values = is_in("xu.id", caller.patients)
    told, more = was_told("xu.id", caller, default)
    sql = f"NOT EXISTS (SELECT 1 FROM resource xu WHERE xu.type = 'Patient' AND {listed} AND NOT {told})"  # noqa: S608
    return sql, (*values, *more)


def is_harmless(type_: str, policy: Policy, alias: str) -> Condition:
    """Whether a record tells nothing of a diagnosis."""
    rk = f"{alias}.rk"
    shown = TRUE if type_ in policy.harmless else has_token(rk, None, DISCLOSURE, [SHAREABLE])
    return both([shown, deny(_reveals(rk, policy.revealing)), deny(_refers_to_what_reveals(rk, policy))])


@cache
def _reveals(rk: str, revealing: tuple[tuple[str, str], ...]) -> Condition:
    """Whether a record is labelled so, or carries a code that does."""
    starts = [("(xk.system = ? AND substr(xk.code, 1, ?) = ?)", (s, len(c), c)) for s, c in revealing]
    sql, values = either([("(xk.system = ? AND xk.code = ?)", (DISCLOSURE, REVEALS)), *starts])
    return f"EXISTS (SELECT 1 FROM index_token xk WHERE xk.rk = {rk} AND {sql})", values  # noqa: S608


def _refers_to_what_reveals(rk: str, policy: Policy) -> Condition:
    sql, values = _reveals("xo.rk", policy.revealing)
    found = (
        "EXISTS (SELECT 1 FROM index_reference xe JOIN resource xo ON xo.type = xe.type AND xo.id = xe.id "  # noqa: S608
        f"WHERE xe.rk = {rk} AND xe.url IS NULL AND xo.deleted = 0 AND {sql})"
    )
    return found, values
