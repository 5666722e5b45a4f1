"""What the record says of a patient's tumours: each with the stages that were stated, the latest first."""

from collections.abc import Iterable
from functools import partial
from typing import NamedTuple

from oncopolis.operations.diagnoses.staging import Staging
from oncopolis.operations.diagnoses.views import Diagnosis
from oncopolis.operations.floor import Floor
from oncopolis.operations.views import Record
from oncopolis.record.fhir.bodies import find_resource
from oncopolis.record.store.reading import Reading


class Tumour(NamedTuple):
    """A diagnosis with all stages that were stated of it, the latest first."""

    diagnosis: Diagnosis
    stagings: tuple[Staging, ...]

    @property
    def stage(self) -> Staging | None:
        """The stage that holds now: the latest that was not withdrawn."""
        return next((one for one in self.stagings if not one.is_withdrawn), None)


def list_tumours(floor: Floor, patient: str) -> tuple[Tumour, ...]:
    """Return the tumours of a patient; none without a record behind the floor."""
    nothing: tuple[Tumour, ...] = ()
    return floor.look(partial(read_tumours, patient), nothing)


def read_records(patient: str, type_: str, reading: Reading) -> list[Record]:
    """Return the records of a type that are about a patient."""
    found = (find_resource(version) for version in reading.list_of_patient(type_, patient))
    return [record for record in found if record is not None]


def read_tumours(patient: str, reading: Reading) -> tuple[Tumour, ...]:
    """Return the tumours of a patient in the order they were found; withdrawn ones last."""
    conditions, observations = (read_records(patient, one, reading) for one in ("Condition", "Observation"))
    diagnoses = [Diagnosis.from_record(one) for one in conditions if Diagnosis.is_mine(one)]
    stagings = [Staging.from_record(one) for one in observations if Staging.is_mine(one)]
    diagnoses.sort(key=lambda one: (one.state == "withdrawn", one.day, one.id))
    return tuple(Tumour(one, _list_of(one.id, stagings)) for one in diagnoses)


def _list_of(diagnosis: str, stagings: Iterable[Staging]) -> tuple[Staging, ...]:
    own = (one for one in stagings if one.diagnosis == diagnosis)
    return tuple(sorted(own, key=lambda one: (one.day, one.stated_ms, one.id), reverse=True))
