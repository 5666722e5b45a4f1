"""A statement becomes records, within a command of the store."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from oncopolis.foundation.errors import ConflictError, ForbiddenError
from oncopolis.interop.hl7.refusing import Refusal, show
from oncopolis.interop.instants import to_instant
from oncopolis.interop.mapping.places import make_location
from oncopolis.interop.mapping.rows import Change
from oncopolis.interop.mapping.stating import Key, Stated, Statement, make_id
from oncopolis.interop.naming import RECORD
from oncopolis.interop.overlay.bases import find_base
from oncopolis.interop.overlay.conflicts import find_owner, is_decided, make_conflict, make_conflict_id
from oncopolis.interop.overlay.masters import Difference, compare, get_source, is_from, mark
from oncopolis.interop.overlay.merging import change_record, list_elements, make_record
from oncopolis.interop.overlay.watching import KIND
from oncopolis.interop.settings import Settings
from oncopolis.record import Version, Who
from oncopolis.record.fhir.checking import check_resource
from oncopolis.record.fhir.text import parse
from oncopolis.record.merging import Merge, merge
from oncopolis.record.store import Transaction
from oncopolis.record.store.replaced import follow

__all__ = ["Applier", "ErasedError", "Origin"]


class ErasedError(ForbiddenError):
    """A statement about a patient whose records were erased."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a statement comes from.

    Parameters
    ----------
    document
        Id of the DocumentReference that keeps it.
    replayed_ms
        When a message came that is applied only now; what its sender said later is newer.
    """

    partner: str
    source: str
    document: str
    replayed_ms: int | None = None


@dataclass
class Applier:
    """Applies statements of one origin.

    Attributes
    ----------
    conflicts
        Ids of the tasks that somebody has to decide.
    """

    transaction: Transaction
    settings: Settings
    origin: Origin
    conflicts: list[str] = field(default_factory=list)

    def apply(self, statement: Statement) -> str:
        """Write what a statement changes; id of the patient.

        Raises
        ------
        Refusal
            Nothing of it can be applied.
        ErasedError
            Its patient was erased.
        """
        patient = self._apply_patient(statement)
        for stated in statement.records:
            self._apply_record(stated, patient)
        return patient

    def _apply_patient(self, statement: Statement) -> str:
        stated = statement.patient
        found = self.find(stated)
        if found is None and self._find_master("Patient") not in ("", self.origin.partner):
            raise Refusal(
                code="INT-033", where=stated.where, got="identifiers of no patient of ours",
                expected="one that the master of demographics has told us", condition="204",
            )  # fmt: skip
        if statement.is_about_patient or found is None:
            found = self._write(stated, found, stated.changes, "")
        if statement.prior:
            self._merge(statement, found)
        return found

    def _apply_record(self, stated: Stated, patient: str) -> None:
        changes = [
            change if change.value is None else replace(change, value=self._resolve(change.value))
            for change in stated.changes
        ]
        found = self.find(stated)
        if found is not None:
            self._check_belongs(stated, found, patient)
        self._write(stated, found, changes, patient)

    def find(self, stated: Stated) -> str | None:
        """Return the id of the record that is meant, None if there is none."""
        found = {id_ for key in stated.keys for id_ in self._find_by(stated.type, key)}
        if not found:
            found = {stated.id} if self._is_there(stated.type, stated.id) else set()
        if stated.type == "Patient":
            found = {self._follow(id_) for id_ in found}
        if len(found) > 1:
            raise Refusal(
                code="INT-030", where=stated.where, got=f"identifiers of {len(found)} records",
                expected="those of one", condition="205",
            )  # fmt: skip
        return next(iter(found), None)

    def _find_by(self, type_: str, key: Key) -> list[str]:
        system, value = key
        if system == RECORD:
            return [value] if self._is_there(type_, value) else []
        return self.transaction.find_token(
            type_, "identifier", system, value, 3
        )  # structure: more are too many

    def _is_there(self, type_: str, id_: str) -> bool:
        version = self.transaction.read(type_, id_)
        if version is not None and version.erased:
            raise ErasedError(
                code="INT-031", where=type_, got="a patient whose records were erased",
                expected="another patient",
                fix="tell the sender that nothing about this patient may be sent",
            )  # fmt: skip
        return version is not None and version.body is not None

    def _follow(self, id_: str) -> str:
        """Return the patient record that a merged one was replaced by."""
        return self.transaction.ask(lambda reading: follow(reading.session, id_))

    def _get(self, type_: str, id_: str) -> dict[str, Any]:
        return parse(self.transaction.get(type_, id_).body or b"")

    def _find_master(self, type_: str) -> str:
        return self.settings.find_master(type_)

    def _check_belongs(self, stated: Stated, id_: str, patient: str) -> None:
        """Refuse what would move a record from one patient to another."""
        owner = find_owner(self._get(stated.type, id_))
        if owner and self._follow(owner) != patient:
            raise Refusal(
                code="INT-032", where=stated.where, got="a number of a record of another patient",
                expected="one of this patient", condition="205",
            )  # fmt: skip

    def _write(self, stated: Stated, found: str | None, changes: Sequence[Change], patient: str) -> str:
        """Write one record, or say who differs; its id."""
        version = self.transaction.get(stated.type, found) if found else None
        current = parse(version.body or b"") if version else None
        wanted = (
            change_record(current, changes)
            if current
            else make_record(replace(stated, changes=tuple(changes)))
        )
        wanted = _link(wanted, stated.link, patient)
        elements = [*list_elements(changes), *([stated.link] if stated.link else [])]
        if current is not None and all(current.get(one) == wanted.get(one) for one in elements):
            return str(current["id"])
        _check_sound(wanted, stated)
        differences = self._find_differences(stated.type, version, current, wanted, elements)
        if differences:
            self._add_conflict(wanted, differences, patient)
        else:
            marked = mark(wanted, self.origin.source, self._find_master(stated.type))
            self.transaction.put(marked, expected=version.version if version else None)
        return str(wanted["id"])

    def _find_differences(
        self,
        type_: str,
        version: Version | None,
        current: Mapping[str, Any] | None,
        wanted: Mapping[str, Any],
        elements: Sequence[str],
    ) -> list[Difference]:
        """Return what a person has to decide before this is applied."""
        master = self._find_master(type_)
        named = list(dict.fromkeys(elements))
        if current is None or version is None:
            return (
                []
                if master in ("", self.origin.partner)
                else compare(sorted(wanted.keys() - _NAMING), {}, wanted)
            )
        came_ms = self.origin.replayed_ms
        is_newer = came_ms is not None and version.at_ms > came_ms
        is_stale = is_newer and is_from(get_source(current), self.origin.partner)
        if is_stale or master not in ("", self.origin.partner):
            return compare(named, current, wanted)
        return (
            []
            if master == ""
            else compare(named, current, wanted, find_base(self.transaction, version, self.origin.partner))
        )

    def _add_conflict(self, wanted: Mapping[str, Any], differences: list[Difference], patient: str) -> None:
        type_, id_ = wanted["resourceType"], wanted["id"]
        earlier = self.transaction.read("Task", make_conflict_id(self.origin.partner, type_, id_))
        if earlier is not None and earlier.body is not None and is_decided(parse(earlier.body), differences):
            return
        task = make_conflict(
            self.origin.partner, type_, id_, differences, source=self.origin.source,
            document=self.origin.document, master=self._find_master(type_),
            patient=patient or (id_ if type_ == "Patient" else ""),
            authored=to_instant(self.transaction.now_ms),
        )  # fmt: skip
        self.transaction.put(task)
        self.conflicts.append(task["id"])

    def _merge(self, statement: Statement, patient: str) -> None:
        """End the prior record of a patient: what was in it is in the one that stays."""
        master = self._find_master("Patient")
        if master not in ("", self.origin.partner):
            raise Refusal(
                code="INT-034", where="MRG", got="a merge", expected="one by the master of demographics",
                condition="204",
            )  # fmt: skip
        prior = Stated("Patient", statement.prior, make_id("Patient", *statement.prior[0]), (), where="MRG-1")
        found = self.find(prior)
        if found is None or found == patient:
            return
        try:
            merge(
                self.transaction,
                Merge(
                    patient, found, Who(KIND, self.origin.partner), self.origin.source,
                    lambda record: mark(record, self.origin.source, master),
                ),
            )  # fmt: skip
        except ConflictError as error:
            raise Refusal(
                code="INT-046", where="MRG", got=error.got, expected=error.expected, condition="206"
            ) from error

    def _resolve(self, value: Any) -> Any:
        """Return a value whose references by identifier lead to records, where there are such."""
        if isinstance(value, list):
            return [self._resolve(one) for one in value]
        if not isinstance(value, Mapping):
            return value
        type_ = value.get("type")
        if type_ in ("Location", "ServiceRequest") and "identifier" in value:
            return self._resolve_reference(str(type_), value)
        return {name: self._resolve(one) for name, one in value.items()}

    def _resolve_reference(self, type_: str, reference: Mapping[str, Any]) -> Any:
        identifier = reference["identifier"]
        found = self._find_by(type_, (identifier["system"], identifier["value"]))
        if not found and type_ == "Location":
            place = make_id("Location", identifier["system"], identifier["value"])
            made = mark({**make_location(reference), "id": place}, self.origin.source, "")
            found = [self.transaction.put(made).id]
        if not found:
            return dict(reference)
        shown = {"display": reference["display"]} if "display" in reference else {}
        return {"reference": f"{type_}/{found[0]}", **shown}


_NAMING: Final = frozenset({"resourceType", "id", "meta"})


def _link(record: dict[str, Any], link: str, patient: str) -> dict[str, Any]:
    """Return a record that belongs to a patient."""
    if not link or find_owner(record) == patient:
        return record
    reference = {"reference": f"Patient/{patient}"}
    if link != "participant":
        return {**record, link: reference}
    others = [
        one
        for one in record.get("participant", ())
        if not str(one.get("actor", {}).get("reference", "")).startswith("Patient/")
    ]
    return {**record, "participant": [{"actor": reference, "status": "accepted"}, *others]}


def _check_sound(record: Mapping[str, Any], stated: Stated) -> None:
    issues = check_resource(record)
    if issues:
        raise Refusal(
            code="INT-021", where=f"{stated.where} ({issues[0].path})", got=show(issues[0].got),
            expected=issues[0].expected,
        )  # fmt: skip
