"""How a caller is related to the patient of a record: by a clinic, as the patient, by consent."""

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any, Final, TypeAlias

from oncopolis.record.access.allowing import Condition
from oncopolis.record.access.caller import Caller
from oncopolis.record.access.conditions import (
    FALSE,
    both,
    deny,
    either,
    get_number,
    has_token,
    is_in,
    refers_to,
)
from oncopolis.record.access.policy import Whose
from oncopolis.record.access.tying import PLACES

Ask: TypeAlias = Callable[[str, Sequence[Any]], Sequence[Sequence[Any]]]
"""Runs a query."""

CONSENT: Final = "urn:oncopolis:consent"
"""System of `Consent.category`: ``carer`` names in its provision who may act for the patient, ``research``
lets pseudonymised records and specimens be used. Withdrawing is another status than ``active``."""
CARER, RESEARCH = "carer", "research"
_PSEUDONYMISED: Final = ("ANONYED", "PSEUDED")
_INTEGRITY: Final = "http://terminology.hl7.org/CodeSystem/v3-ObservationValue"
_N_KEPT = 4_096  # structure: conditions of callers who ask again


def relate(whose: Whose, caller: Caller, alias: str, now_ms: int) -> Condition:
    """Whether the record ``alias`` of ``resource`` is one of ``whose``."""
    if whose == "any":
        return ("1 = 1", ())
    patient = f"{alias}.patient"
    if whose == "nobody":
        return (f"{patient} IS NULL", ())
    if whose == "clinic":
        return _is_tied(caller.clinics, caller.practitioner, patient)
    if whose == "own":
        return is_in(patient, caller.patients)
    if whose == "carer":
        consent = has_consent(patient, CARER, now_ms, caller)
        return both([is_in(patient, caller.patients), consent])
    consent = has_consent(patient, RESEARCH, now_ms)
    if whose == "consented":
        return consent
    return both([consent, is_pseudonymised(f"{alias}.rk")])


def is_tied(ask: Ask, caller: Caller, patient: str) -> bool:
    """Whether a patient has an open tie to one of a caller's clinics, or to the caller, now.

    Parameters
    ----------
    ask
        Runs a query.
    """
    sql, values = _is_tied(caller.clinics, caller.practitioner, "w.patient")
    asked = f"SELECT 1 FROM (SELECT CAST(? AS TEXT) AS patient) w WHERE {sql}"  # noqa: S608 - conditions of ours
    return bool(ask(asked, (patient, *values)))


def is_pseudonymised(rk: str) -> Condition:
    """Whether the record ``rk`` is labelled as one in which nobody is named."""
    return has_token(rk, None, _INTEGRITY, _PSEUDONYMISED)


@lru_cache(_N_KEPT)
def _is_tied(clinics: frozenset[str], practitioner: str | None, patient: str) -> Condition:
    """Whether the patient has an open tie: one look at an index, which holds all of them."""
    people = (practitioner,) if practitioner is not None else ()
    party = either(
        [
            both([("xt.type = ?", ("Organization",)), is_in("xt.id", clinics)]),
            both([("xt.type = ?", ("Practitioner",)), is_in("xt.id", people)]),
            both([is_in("xt.type", PLACES), _belongs(clinics)]),
        ]
    )
    if party == FALSE:
        return FALSE
    return f"EXISTS (SELECT 1 FROM index_tie xt WHERE xt.patient = {patient} AND {party[0]})", party[1]  # noqa: S608


def _belongs(clinics: frozenset[str]) -> Condition:
    """Whether the place that the tie ``xt`` names belongs to one of the clinics now."""
    numbers = [get_number(type_, "organization") for type_ in PLACES]
    of_clinic = refers_to("xl.rk", numbers, "Organization", clinics)
    if of_clinic == FALSE:
        return FALSE
    sql, values = both([("xl.type = xt.type AND xl.id = xt.id AND xl.deleted = 0", ()), of_clinic])
    return f"EXISTS (SELECT 1 FROM resource xl WHERE {sql})", values  # noqa: S608 - names of columns


def has_consent(patient: str, category: str, now_ms: int, actor: Caller | None = None) -> Condition:
    """Whether the patient has an active Consent of this category, for now, that names the actor."""
    conditions: list[Condition] = [
        ("xc.type = 'Consent'", ()),
        (f"xc.patient = {patient}", ()),
        ("xc.deleted = 0", ()),
        has_token("xc.rk", get_number("Consent", "category"), CONSENT, [category]),
        has_token("xc.rk", get_number("Consent", "status"), "", ["active"]),
        either([deny(_has_period()), _has_period(now_ms)]),
    ]
    if actor is not None:
        who = actor.who
        conditions.append(refers_to("xc.rk", [get_number("Consent", "actor")], who.kind, [who.id]))
    sql, values = both(conditions)
    return f"EXISTS (SELECT 1 FROM resource xc WHERE {sql})", values  # noqa: S608 - names of columns


def _has_period(now_ms: int | None = None) -> Condition:
    conditions: list[Condition] = [
        ("xd.rk = xc.rk", ()),
        ("xd.parameter = ?", (get_number("Consent", "period"),)),
    ]
    if now_ms is not None:
        conditions.append(("xd.low_ms <= ? AND xd.high_ms >= ?", (now_ms, now_ms)))
    sql, values = both(conditions)
    return f"EXISTS (SELECT 1 FROM index_date xd WHERE {sql})", values  # noqa: S608 - names of columns
