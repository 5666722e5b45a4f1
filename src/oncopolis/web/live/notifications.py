"""Notifications of cancers: what a registry has to be told, until when, what lacks, and what it sent back."""

from collections.abc import Iterator
from functools import partial
from http import HTTPStatus
from typing import NamedTuple

from starlette.responses import Response

from oncopolis.foundation import Finding, NotFoundError
from oncopolis.foundation.units import MS_PER_DAY
from oncopolis.operations.diagnoses import Diagnosis, read_records
from oncopolis.operations.notifications import Notification, find_deadline
from oncopolis.operations.views import Record
from oncopolis.record.fhir.bodies import find_resource
from oncopolis.record.oncology.notification import Case, check_case, read_cases, to_csv
from oncopolis.record.store.reading import Reading
from oncopolis.web.live.notification_words import ITEMS
from oncopolis.web.live.showing import show
from oncopolis.web.live.station import Station
from oncopolis.web.login.visits import Visit

PATH = "/live/notifications"
FILE = f"{PATH}/{{id}}/row.csv"
_MOST = 100  # structure: lines of one page
_TYPES = ("Patient", "Condition", "Observation", "Procedure", "MedicationRequest", "MedicationAdministration")


class Line(NamedTuple):
    """A notification with its diagnosis, what lacks, and how many days are left; None without a deadline."""

    notification: Notification
    diagnosis: Diagnosis | None
    lacking: list[Finding]
    days_left: int | None


def show_notifications(station: Station, visit: Visit) -> Response:
    """What is to be notified, and what was notified last."""
    project = station.house.equipped.project
    deadline = find_deadline(project.folder, station.house.centre.country)
    open_ = station.live.ask(lambda floor: sorted(floor.list(Notification), key=lambda one: one.since_ms))

    def look(reading: Reading) -> tuple[list[Line], list[Line]]:
        told = sorted(_list_told(reading), key=lambda one: -(one.told_ms or 0))[:_MOST]
        days = deadline.days if deadline is not None else None
        due = [_read_line(one, days, station.now_ms, reading) for one in open_[:_MOST]]
        return due, [Line(one, _read_diagnosis(one, reading), [], None) for one in told]

    due, told = station.live.store.ask(look)
    named = {one.notification.patient for one in (*due, *told)}
    return show(
        station, visit, "notifications.html", topics=["notification"], due=due, told=told,
        deadline=deadline, items=ITEMS,
        n_more=len(open_) - len(due), people=station.people.find_names(named, visit.language),
    )  # fmt: skip


def give_row(station: Station, visit: Visit) -> Response:
    """The items of one notification as a row of CSV, with an entry in the audit."""
    known = station.live.ask(lambda floor: floor.get(Notification, visit.parts["id"]))
    case = station.live.store.ask(partial(_read_case, known))
    if case is None:
        raise NotFoundError(
            code="OPS-001", where=f"Condition/{known.diagnosis}", got="no primary cancer",
            expected="a diagnosis that holds", fix="look at the diagnoses of the patient",
        )  # fmt: skip
    station.views.note(visit, [known.patient], station.now_ms)
    headers = {
        "Content-Disposition": "attachment; filename=notification.csv",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "no-store",
    }
    return Response("\ufeff" + to_csv([case]), HTTPStatus.OK, headers, "text/csv; charset=utf-8")


def _list_told(reading: Reading) -> Iterator[Notification]:
    for version in reading.list_with_code("Task", "code", ("cancer-notification",)):
        record = find_resource(version)
        if record is not None and Notification.is_mine(record) and record["status"] == "completed":
            yield Notification.from_record(record)


def _read_line(known: Notification, days: int | None, now_ms: int, reading: Reading) -> Line:
    case = _read_case(known, reading)
    lacking = [one for one in check_case(case) if one.severity == "error"] if case is not None else []
    left = None if days is None else days - (now_ms - known.since_ms) // MS_PER_DAY
    return Line(known, _read_diagnosis(known, reading), lacking, left)


def _read_diagnosis(known: Notification, reading: Reading) -> Diagnosis | None:
    record = find_resource(reading.read("Condition", known.diagnosis))
    return Diagnosis.from_record(record) if record is not None and Diagnosis.is_mine(record) else None


def _read_case(known: Notification, reading: Reading) -> Case | None:
    records: list[Record] = [
        one for type_ in _TYPES[1:] for one in read_records(known.patient, type_, reading)
    ]
    patient = find_resource(reading.read("Patient", known.patient))
    cases = read_cases([*([patient] if patient is not None else []), *records])
    return next((one for one in cases if one.used[1].get("id") == known.diagnosis), None)
