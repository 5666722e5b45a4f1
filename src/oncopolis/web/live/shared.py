"""The pages of a partner's member: the cases that are shared with their centre, and nothing else.

Every look asks whether the member belongs to the partner and the consent holds, and is in the patient's log.
"""

from base64 import b64decode
from functools import partial
from http import HTTPStatus
from uuid import uuid4

from starlette.responses import Response

from oncopolis.foundation import NotFoundError
from oncopolis.operations.board.views import Case
from oncopolis.operations.diagnoses import Diagnosis
from oncopolis.operations.elements import to_instant
from oncopolis.operations.floor import Floor
from oncopolis.operations.sharing import (
    Share,
    make_bundle,
    read_opinions,
    read_partner_of,
    read_remarks,
    read_shared,
)
from oncopolis.operations.views import Record
from oncopolis.record import Act as Audited
from oncopolis.record.fhir.bodies import find_resource
from oncopolis.record.fhir.text import to_text
from oncopolis.web.live.diagnosis_words import BASES, SIDES
from oncopolis.web.live.sharing import name_writers
from oncopolis.web.live.showing import show
from oncopolis.web.live.station import Station
from oncopolis.web.login.gate import to_caller
from oncopolis.web.login.visits import Visit
from oncopolis.web.pages import find_words

LIST = "/live/shared"
ONE = f"{LIST}/{{id}}"
_LISTED = ("Procedure", "DiagnosticReport", "MedicationRequest")


def show_list(station: Station, visit: Visit) -> Response:
    """The cases that are shared with the centre of whoever asks."""
    partner = _find_partner(station, visit)
    today = station.house.to_local(station.now_ms).date()

    def look(floor: Floor) -> list[tuple[Share, Case | None]]:
        shares = [
            one for one in floor.list(Share) if partner and one.partner == partner and one.holds_on(today)
        ]
        return [(one, floor.find(Case, one.case)) for one in sorted(shares, key=lambda one: -one.shared_ms)]

    found = station.live.ask(look)
    ask = station.live.store.ask
    given = {
        share.id
        for share, _ in found
        for one in ask(partial(read_opinions, share.case))
        if one.share == share.id
    }
    patients = [share.patient for share, _ in found]
    return show(
        station,
        visit,
        "shared.html",
        topics=["share", "opinion"],
        patients=patients,
        cases=found,
        given=given,
    )


def show_one(station: Station, visit: Visit) -> Response:
    """One case without its patient's name."""
    share, bundle = _read(station, visit)
    ask = station.live.store.ask
    resources = [one["resource"] for one in bundle["entry"]]
    remarks = ask(partial(read_remarks, share.id))
    opinions = [one for one in ask(partial(read_opinions, share.case)) if one.share == share.id]
    words = find_words(visit.language)
    stagings = [one for one in resources if one["resourceType"] == "Observation" and "hasMember" in one]
    return show(
        station, visit, "shared_case.html", topics=["share", "remark", "opinion"], patients=[share.patient],
        share=share, patient=resources[0], remarks=remarks, opinions=opinions,
        tumours=[Diagnosis.from_record(one) for one in resources if Diagnosis.is_mine(one)],
        stages=[_tell_stage(one) for one in stagings],
        others=[(one["resourceType"], _tell(one)) for one in resources if one["resourceType"] in _LISTED],
        bases={key: words.text(one) for key, one in BASES.items()},
        sides={key: words.text(one) for key, one in SIDES.items()},
        called=name_writers(station, visit, remarks, opinions),
    )  # fmt: skip


def give_bundle(station: Station, visit: Visit) -> Response:
    """The case as a file: an mCODE bundle without its patient's name."""
    share, bundle = _read(station, visit)
    station.views.note(visit, [share.patient], station.now_ms)
    headers = _make_headers(f"{share.pseudonym}.json")
    return Response(to_text(bundle), HTTPStatus.OK, headers, "application/fhir+json")


def give_document(station: Station, visit: Visit) -> Response:
    """A document that the consent names, by its place in it."""
    share = _get(station, visit)
    place = visit.parts["place"]
    if not (place.isascii() and place.isdecimal() and 0 < int(place[:4]) <= len(share.documents)):
        raise _refuse(visit)
    id_ = share.documents[int(place) - 1]
    version = station.live.store.read("DocumentReference", id_)
    record = find_resource(version) or {}
    found = next(
        (one["attachment"] for one in record.get("content", ()) if one.get("attachment", {}).get("data")),
        None,
    )
    if version is None or found is None:
        raise _refuse(visit)
    caller = to_caller(visit.account)
    station.live.store.note(
        Audited("R", "read", caller.who, str(uuid4()), caller.purpose), [version]
    ).result()
    kind = found.get("contentType", "application/octet-stream")
    return Response(
        b64decode(found["data"]), HTTPStatus.OK, _make_headers(f"{share.pseudonym}-{place}"), kind
    )


def _make_headers(name: str) -> dict[str, str]:
    return {
        "Content-Disposition": f"attachment; filename={name}",
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "Cache-Control": "no-store",
    }


def _find_partner(station: Station, visit: Visit) -> str:
    practitioner = visit.account.practitioner
    return station.live.store.ask(partial(read_partner_of, practitioner)) if practitioner else ""


def _get(station: Station, visit: Visit) -> Share:
    """Return a case that is shared with the centre of whoever asks; one answer for hidden and missing."""
    share = station.live.ask(lambda floor: floor.find(Share, visit.parts["id"]))
    today = station.house.to_local(station.now_ms).date()
    if share is None or not share.holds_on(today) or share.partner != (_find_partner(station, visit) or None):
        raise _refuse(visit)
    return share


def _refuse(visit: Visit) -> NotFoundError:
    return NotFoundError(
        code="WEB-390", where="shared case", got=visit.parts["id"][:64],
        expected="a case that is shared with the caller's centre now", fix="ask who shared it",
    )  # fmt: skip


def _read(station: Station, visit: Visit) -> tuple[Share, Record]:
    share = _get(station, visit)
    patient, records = station.live.store.ask(partial(read_shared, share))
    return share, make_bundle(share, patient, records, to_instant(station.now_ms))


def _tell_stage(record: Record) -> tuple[str, str, str]:
    """Return the day, the categories and the group of a stage."""
    tnm = " ".join(one.get("display", "") for one in record["hasMember"])
    return record.get("effectiveDateTime", ""), tnm, record.get("valueCodeableConcept", {}).get("text", "")


def _tell(record: Record) -> str:
    concept = record.get("medicationCodeableConcept") or record.get("code", {})
    coding: Record = next(iter(concept.get("coding", ())), {})
    what = concept.get("text") or coding.get("display") or coding.get("code", "")
    when = str(record.get("performedDateTime") or record.get("issued") or record.get("authoredOn", ""))[:10]
    how = "; ".join(str(one.get("text", "")) for one in record.get("dosageInstruction", ()))
    return " · ".join(filter(None, (when, what, how, record.get("conclusion", ""))))
