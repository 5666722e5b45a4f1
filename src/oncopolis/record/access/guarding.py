"""Whether a write is allowed, asked in the transaction that does it: of the record as it is and will be."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from oncopolis.foundation.errors import ForbiddenError, InputError, NotFoundError
from oncopolis.record.access.allowing import Allowed, Condition
from oncopolis.record.access.caller import Caller
from oncopolis.record.access.conditions import FALSE, TRUE, both, either, get_number, has_token
from oncopolis.record.access.deciding import Rights
from oncopolis.record.access.policy import Guarded, Right, Rule
from oncopolis.record.access.relating import CONSENT, Ask, is_pseudonymised, is_tied, relate
from oncopolis.record.access.scoping import narrow
from oncopolis.record.fhir.rows import IndexRow

_NEW: Final = "w"


@dataclass(frozen=True, slots=True)
class Change:
    """A record as it will be, and the right by which it is written.

    Parameters
    ----------
    patient
        Id of the patient it will be about.
    rows
        Its index rows.
    """

    right: Right
    resource: Mapping[str, Any]
    patient: str | None
    rows: Sequence[IndexRow]

    @property
    def type(self) -> str:
        """Its type."""
        return str(self.resource["resourceType"])


class Guard:
    """Refuses what a caller may not write."""

    def __init__(self, rights: Rights) -> None:
        self._rights = rights
        self.allowed: Allowed = rights.for_right("read")
        """What they may see meanwhile."""

    @property
    def caller(self) -> Caller:
        """Who asks."""
        return self._rights.caller

    def check_present(self, ask: Ask, right: Right, type_: str, id_: str) -> None:
        """Refuse to write a record of this name, in the same words whether it is hidden or not there.

        Raises
        ------
        NotFoundError
            It is not there or may not be seen, and they may not give names to records (REC-241).
        ForbiddenError
            It may be seen, but not written (REC-242).
        """
        see = self.allowed.restrict(type_, "r")
        may = self._rights.for_right(right).restrict(type_, "r")
        may_name = self._can(type_, "name")
        if see == may == TRUE and may_name:
            return
        columns = ", ".join(f"CASE WHEN {sql} THEN 1 ELSE 0 END" for sql, _ in (see, may))
        sql = f"SELECT {columns} FROM resource r WHERE r.type = ? AND r.id = ?"  # noqa: S608 - conditions of ours
        found = ask(sql, (*see[1], *may[1], type_, id_))
        if found and found[0][0]:
            if not found[0][1]:
                raise _forbid(right, type_)
        elif found or not may_name:
            raise NotFoundError(
                code="REC-241",
                where=f"{type_}/{id_}",
                got="no such record",
                expected="the id of a record",
                fix="correct the id",
            )

    def check_change(self, ask: Ask, change: Change, before: Iterable[IndexRow]) -> Condition:
        """Refuse a record as it will be; what has to be true of it as row ``r`` once it is written.

        Parameters
        ----------
        before
            Index rows of the record as it is; none of a new one.

        Raises
        ------
        ForbiddenError
            REC-242
        InputError
            A consent that we would read as another than it is (REC-243).
        """
        _check_form(change)
        self._check_guarded(change, before)
        rules = self._rights.list_rules(change.right, change.type)
        reached = [self._need(rule, change) for rule in rules if self._reaches(ask, rule, change.patient)]
        scoped = narrow(self._rights.caller, change.right, change.type, "r")
        needed = both([either(reached), scoped])
        if needed == FALSE:
            raise _forbid(change.right, change.type)
        return needed

    def refuse(self, change: Change) -> ForbiddenError:
        """The error for a record of which what has to be true is not."""
        return _forbid(change.right, change.type)

    def _can(self, type_: str, right: Right) -> bool:
        return bool(self._rights.list_rules(right, type_))

    def _reaches(self, ask: Ask, rule: Rule, patient: str | None) -> bool:
        """Whether a row of the table reaches records of a patient; the record itself does not count yet."""
        rights = self._rights
        if rule.whose in ("any", "nobody"):
            return rule.whose == "any" or patient is None
        if patient is None:
            return False
        if rule.whose == "own":
            return patient in rights.caller.patients
        if rule.whose == "clinic" and patient == rights.glass and rights.has_broken_glass(rule):
            return True
        if rule.whose == "clinic":
            return is_tied(ask, rights.caller, patient)
        whose = "consented" if rule.whose == "research" else rule.whose
        sql, values = relate(whose, rights.caller, _NEW, rights.now_ms)
        return bool(
            ask(f"SELECT 1 FROM (SELECT CAST(? AS TEXT) AS patient) {_NEW} WHERE {sql}", (patient, *values))  # noqa: S608
        )

    def _need(self, rule: Rule, change: Change) -> Condition:
        """What else a row of the table asks of the record."""
        needed = [TRUE]
        if rule.only is not None:
            parameter, system, code = rule.only
            needed.append(has_token("r.rk", get_number(change.type, parameter), system, [code]))
        if rule.whose == "research":
            needed.append(is_pseudonymised("r.rk"))
        return both(needed)

    def _check_guarded(self, change: Change, rows_before: Iterable[IndexRow]) -> None:
        """Refuse to give or take a code that changes what others may, or to change a record for its sake."""
        for guarded in self._rights.policy.guarded:
            if guarded.roles & self._rights.caller.roles or guarded.type not in ("*", change.type):
                continue
            number = get_number(change.type, guarded.parameter)
            after = _list_codes(change.rows, number, guarded)
            before = _list_codes(rows_before, number, guarded)
            if (before | after) if guarded.type != "*" else (before ^ after):
                raise _forbid(change.right, f"{change.type} with codes of {guarded.system}")


def _list_codes(rows: Iterable[IndexRow], number: int, guarded: Guarded) -> set[str]:
    tokens = (values for kind, values in rows if kind == "token")
    return {code for parameter, system, code in tokens if (parameter, system) == (number, guarded.system)}


def _check_form(change: Change) -> None:
    """Refuse a consent of ours that denies: who dissents, withdraws it by its status."""
    if change.type != "Consent":
        return
    categories = [coding for one in change.resource.get("category", ()) for coding in one.get("coding", ())]
    if any(one.get("system") == CONSENT for one in categories) and _denies(
        change.resource.get("provision", {})
    ):
        raise InputError(
            code="REC-243",
            where="Consent.provision.type",
            got="deny",
            expected="a consent that permits; another status than active withdraws it",
            fix="leave the provision out, or use another category",
        )


def _denies(provision: Mapping[str, Any]) -> bool:
    return provision.get("type") == "deny" or any(_denies(one) for one in provision.get("provision", ()))


def _forbid(right: Right, what: str) -> ForbiddenError:
    return ForbiddenError(
        code="REC-242",
        where=what,
        got=f"somebody who may not {right} it",
        expected="a caller to whom the access policy gives that right",
        fix="ask the administrator for the role, or somebody who has it",
    )
