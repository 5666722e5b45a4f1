"""`People`: what patients are called; who was asked for is remembered until their record changes."""

from collections import OrderedDict
from collections.abc import Callable, Iterable
from typing import Final

from oncopolis.operations.people import Person, write_name
from oncopolis.record import Act
from oncopolis.record.fhir.bodies import find_resource
from oncopolis.record.store import Store, Transaction

_MOST: Final = 20_000  # structure: people who are remembered


class People:
    """Patients by id."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._known: OrderedDict[str, Person] = OrderedDict()
        self._n_changes = 0
        store.follow(self._follow)

    def find_name(self, patient: str, language: str) -> str:
        """Return what a patient is called, in a script the reader knows if there is one."""
        person = self._known.get(patient)
        if person is None:
            changes = self._n_changes
            found = find_resource(self._store.read("Patient", patient))
            if found is None:
                return patient
            person = Person.from_record(found)
            if changes == self._n_changes:  # Else it may be the one of before.
                self._known[patient] = person
            if len(self._known) > _MOST:
                self._known.popitem(last=False)
        return write_name(person, language)

    def find_names(self, patients: Iterable[str], language: str) -> dict[str, str]:
        """Return what some are called."""
        return {patient: self.find_name(patient, language) for patient in patients}

    def _follow(self, transaction: Transaction, _act: Act) -> None:
        for one in transaction.touched:
            if one.type == "Patient":
                transaction.on_commit(self._make_forget(one.id))

    def _make_forget(self, patient: str) -> Callable[[], None]:
        def forget() -> None:
            self._n_changes += 1
            self._known.pop(patient, None)

        return forget
