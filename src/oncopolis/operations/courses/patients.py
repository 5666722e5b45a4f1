"""Whether there is a patient, asked of the record in the transaction of an act: people are on no floor."""

from collections.abc import Callable, Mapping
from typing import Any

from oncopolis.foundation import NotFoundError
from oncopolis.operations.people.refusing import refuse_merged
from oncopolis.operations.people.views import Person
from oncopolis.record.fhir.text import parse
from oncopolis.record.store import Transaction

Check = Callable[[Transaction], Mapping[str, Any]]


def check_patient(id_: str) -> Check:
    """Return what refuses an act for somebody who is not there, or whose record was merged into another."""

    def check(transaction: Transaction) -> Mapping[str, Any]:
        found = transaction.read(Person.TYPE, id_)
        if found is None or found.body is None:
            raise NotFoundError(
                code="OPS-001", where=f"Patient/{id_}", got="no person of that id",
                expected="one that is there", fix="look it up again: it may be gone or another one",
            )  # fmt: skip
        merged_into = Person.from_record(parse(found.body)).merged_into
        if merged_into:
            refuse_merged(id_, merged_into)
        return {}

    return check
