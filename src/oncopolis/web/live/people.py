"""`People`: what patients are called, kept until their record changes."""

from collections import OrderedDict
from collections.abc import Callable, Iterable
from typing import Any, Final

from oncopolis.record import Act
from oncopolis.record.fhir.text import parse
from oncopolis.record.store import Store, Transaction

_MOST: Final = 50_000  # structure: names that are remembered
_USES: Final = ("official", "usual", "", "nickname", "temp", "maiden", "old")


class People:
    """Names of patients."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._known: OrderedDict[str, str] = OrderedDict()
        self._n_changes = 0
        store.follow(self._follow)

    def find_name(self, patient: str) -> str:
        """Return what a patient is called; their id if nobody knows."""
        name = self._known.get(patient)
        if name is None:
            changes = self._n_changes
            found = self._store.read("Patient", patient)
            record = parse(found.body) if found is not None and found.body is not None else {}
            name = write_name(record) or patient
            if changes == self._n_changes:  # Else it may be the name of before.
                self._known[patient] = name
            if len(self._known) > _MOST:
                self._known.popitem(last=False)
        return name

    def find_names(self, patients: Iterable[str]) -> dict[str, str]:
        """Return what some are called."""
        return {patient: self.find_name(patient) for patient in patients}

    def _follow(self, transaction: Transaction, _act: Act) -> None:
        for one in transaction.touched:
            if one.type == "Patient":
                transaction.on_commit(self._make_forget(one.id))

    def _make_forget(self, patient: str) -> Callable[[], None]:
        def forget() -> None:
            self._n_changes += 1
            self._known.pop(patient, None)

        return forget


def write_name(record: dict[str, Any]) -> str:
    """Return the name of a Patient record: family name first, as lists are sorted."""
    names = sorted(record.get("name", ()), key=lambda one: _USES.index(one.get("use", "")))
    for name in names:
        if text := name.get("text"):
            return str(text)
        if parts := [name.get("family", ""), *name.get("given", ())]:
            return " ".join(part for part in parts if part)
    return ""
