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
from oncopolis.record.access.policy import Policy, Tie, Whose, get_policy

Ask: TypeAlias = Callable[[str, Sequence[Any]], Sequence[Sequence[Any]]]
"""Runs a query."""

CONSENT: Final = "urn:oncopolis:consent"
"""System of `Consent.category`: ``carer`` names in its provision who may act for the patient, ``research``
lets pseudonymised records and specimens be used. Withdrawing is another status than ``active``."""
CARER, RESEARCH = "carer", "research"
_PSEUDONYMISED: Final = ("ANONYED", "PSEUDED")
_INTEGRITY: Final = "http://terminology.hl7.org/CodeSystem/v3-ObservationValue"
_N_KEPT = 4_096  # structure: conditions of callers who ask again
_PLACES: Final = ("Location", "HealthcareService")


def relate(whose: Whose, caller: Caller, policy: Policy, alias: str, now_ms: int) -> Condition:
    """Whether the record ``alias`` of ``resource`` is one of ``whose``."""
    if whose == "any":
        return ("1 = 1", ())
    patient = f"{alias}.patient"
    if whose == "nobody":
        return (f"{patient} IS NULL", ())
    if whose == "clinic":
        return _is_tied(caller.clinics, caller.practitioner, policy.ties, patient)
    if whose == "own":
        return is_in(patient, caller.patients)
    if whose == "carer":
        consent = has_consent(patient, CARER, now_ms, caller)
        return both([is_in(patient, caller.patients), consent])
    consent = has_consent(patient, RESEARCH, now_ms)
    if whose == "consented":
        return consent
    return both([consent, is_pseudonymised(f"{alias}.rk")])


def is_tied(ask: Ask, caller: Caller, patient: str, policy: Policy | None = None) -> bool:
    """Whether a patient has an open tie to one of a caller's clinics, or to the caller, now.

    Parameters
    ----------
    ask
        Runs a query.
    """
    ties = (policy or get_policy()).ties
    sql, values = _is_tied(caller.clinics, caller.practitioner, ties, "w.patient")
    asked = f"SELECT 1 FROM (SELECT CAST(? AS TEXT) AS patient) w WHERE {sql}"  # noqa: S608 - conditions of ours
    return bool(ask(asked, (patient, *values)))


def is_pseudonymised(rk: str) -> Condition:
    """Whether the record ``rk`` is labelled as one in which nobody is named."""
    return has_token(rk, None, _INTEGRITY, _PSEUDONYMISED)


@lru_cache(_N_KEPT)
def _is_tied(
    clinics: frozenset[str], practitioner: str | None, ties: tuple[Tie, ...], patient: str
) -> Condition:
    """Whether the patient has an open tie: a question for each type, which an index answers."""
    return either(_has_tie(tie, _is_party(tie, clinics, practitioner), patient) for tie in ties)


def _has_tie(tie: Tie, party: Condition, patient: str) -> Condition:
    if party == FALSE:
        return FALSE
    sql, values = both(
        [
            (f"xt.patient = {patient}", ()),
            ("xt.type = ?", (tie.type,)),
            ("xt.deleted = 0", ()),
            party,
            has_token("xt.rk", get_number(tie.type, "status"), "", tie.open),
        ]
    )
    return f"EXISTS (SELECT 1 FROM resource xt WHERE {sql})", values  # noqa: S608 - names of columns


def _is_party(tie: Tie, clinics: frozenset[str], practitioner: str | None) -> Condition:
    """Whether the tie ``xt`` names the practitioner, one of the clinics or a place of these."""
    people = (practitioner,) if practitioner is not None else ()
    persons = [get_number(tie.type, code) for code in tie.person]
    organizations = [get_number(tie.type, code) for code in tie.clinic]
    return either(
        [
            refers_to("xt.rk", organizations, "Organization", clinics),
            refers_to("xt.rk", persons, "Practitioner", people),
            *(_is_at(tie, type_, clinics) for type_ in _PLACES),
        ]
    )


def _is_at(tie: Tie, type_: str, clinics: frozenset[str]) -> Condition:
    """Whether the tie ``xt`` names a place that belongs to one of the clinics."""
    numbers = [get_number(tie.type, code) for code in tie.place]
    belongs = refers_to("xl.rk", [get_number(type_, "organization")], "Organization", clinics)
    if not numbers or belongs == FALSE:
        return FALSE
    where, values = both(
        [
            ("xp.rk = xt.rk", ()),
            is_in("xp.parameter", numbers),
            ("xp.type = ?", (type_,)),
            ("xp.url IS NULL", ()),
            belongs,
        ]
    )
    sql = (
        "EXISTS (SELECT 1 FROM index_reference xp JOIN resource xl ON xl.type = xp.type AND xl.id = xp.id "  # noqa: S608
        f"WHERE xl.deleted = 0 AND {where})"
    )
    return sql, values


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
