"""Whose audit entries somebody may see, and what of them: all, or those that tell of their own record."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from oncopolis.record.access.allowing import EVERYTHING, Allowed
from oncopolis.record.access.conditions import FALSE, TRUE, is_in
from oncopolis.record.access.deciding import Rights
from oncopolis.record.access.disclosing import was_told
from oncopolis.record.access.relating import Ask
from oncopolis.record.access.scoping import narrow
from oncopolis.record.access.trail import Entry, Place, Wish, list_entries


@dataclass(frozen=True, slots=True)
class Watch:
    """What somebody may see of the audit.

    Parameters
    ----------
    patients
        Whose records the entries have to tell of; None for any entry.
    told
        Patients of whom they may see which record was looked at; what it is could tell a diagnosis.
    """

    patients: frozenset[str] | None
    told: frozenset[str] = frozenset()

    def covers(self, patient: str) -> bool:
        """Whether they may see who has looked at this patient's record, and who has written it."""
        return self.patients is None or patient in self.patients

    def list_entries(self, ask: Ask, wish: Wish, limit: int, before: Place | None = None) -> list[Entry]:
        """Entries that they may see of those asked for, newest first, those before a place."""
        return list_entries(ask, replace(wish, patients=self.patients), limit, before)

    def make_shows(self, ask: Ask) -> Callable[[str, str], bool]:
        """Return what tells whether a record may be named."""
        patients = self.patients
        if patients is None:
            return lambda _type, _id: True

        def shows(type_: str, id_: str) -> bool:
            if type_ == "Patient":
                return id_ in patients
            sql, values = is_in("patient", self.told)
            found = f"SELECT 1 FROM resource WHERE type = ? AND id = ? AND {sql}"  # noqa: S608 - one column
            return bool(ask(found, (type_, id_, *values)))

        return shows


def find_watch(ask: Ask, allowed: Allowed) -> Watch | None:
    """What somebody may see of the audit; None for nothing."""
    if allowed is EVERYTHING:
        return Watch(None)
    if not isinstance(allowed, Rights):
        return None
    caller = allowed.caller
    whose = {rule.whose for rule in allowed.list_rules(allowed.right, "AuditEvent")}
    scoped = narrow(caller, allowed.right, "AuditEvent", "r")
    if scoped == FALSE or not whose & {"any", "own"}:
        return None
    if "any" in whose and scoped == TRUE:
        return Watch(None)
    told = frozenset(patient for patient in caller.patients if _was_told(ask, allowed, patient))
    return Watch(caller.patients, told)


def _was_told(ask: Ask, rights: Rights, patient: str) -> bool:
    sql, values = was_told("w.patient", rights.caller, rights.default)
    row = "SELECT CAST(? AS TEXT) AS patient"
    return bool(ask(f"SELECT 1 FROM ({row}) w WHERE {sql}", (patient, *values)))  # noqa: S608
