"""What reception does about pages of patients: gives a link, takes it back, sees what is locked or unsent."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any, Final
from uuid import uuid4

from starlette.responses import Response
from starlette.routing import Route

from oncopolis.foundation import ForbiddenError, InputError, NotFoundError, OncopolisError
from oncopolis.foundation.marking import mark
from oncopolis.operations import make_wish
from oncopolis.operations.notices import PATIENT_NOTICE, Notice, find_place, word_place
from oncopolis.record import Act
from oncopolis.record.access.policy import get_policy
from oncopolis.record.accounts.journeys import give, rows, take_back
from oncopolis.record.accounts.journeys.giving import UNTIL_MS
from oncopolis.record.accounts.journeys.patients import find_name, list_carers
from oncopolis.record.accounts.journeys.seeing import find_record
from oncopolis.record.fhir.text import parse
from oncopolis.record.store.outbox import Job
from oncopolis.web import pages
from oncopolis.web.journey.door import HOME, Door
from oncopolis.web.live.dossier import find_dossier
from oncopolis.web.live.sections import WITH_PAGES
from oncopolis.web.login import Page, make_routes
from oncopolis.web.login.pages import get_status_of, make_frame
from oncopolis.web.login.visits import Visit
from oncopolis.web.pages import CODES, NAMES, find_words

DESK: Final = "/live/journeys"
NOTICES: Final = "/live/notices"
[_ACT] = WITH_PAGES
"""Whoever may do it may give a patient their page."""
_MOST = 100  # structure: questionnaires, and notices that were given up, on one page
_LONGEST_JOB = 18  # structure: digits of the number of a job
_TOLD: Final = {
    "REC-336": mark("The patient has not consented to this person acting for them."),
    "REC-338": mark("There is no such patient."),
    "REC-339": mark("The date of birth is not known to the day: give the link with a code."),
    "OPS-190": mark("The notice has left already. Tell the patient anew."),
    "WEB-001": mark("Your role may not do this."),
    "WEB-304": mark("There is no such form, or it is not active."),
    "WEB-305": mark("Something in the form cannot be so. Please check it."),
}

Handler = Callable[[Door, Visit], Response]


def make_desk_routes(door: Door) -> list[Route]:
    """Return the routes of reception."""
    table: tuple[tuple[Any, str, Handler], ...] = (
        ("GET", DESK, _show_all),
        ("GET", f"{DESK}/areas", _show_areas),
        ("GET", f"{DESK}/{{patient}}", _show_patient),
        ("POST", f"{DESK}/{{patient}}", _take_give),
        ("POST", f"{DESK}/{{patient}}/end", _take_end),
        ("POST", f"{DESK}/{{patient}}/ask", _take_ask),
        ("POST", f"{NOTICES}/{{id}}/undo", _take_undo),
        ("POST", f"{NOTICES}/given-up/{{job}}", _take_given_up),
    )
    return make_routes(door.login, [_make_page(door, *row) for row in table])


def _make_page(door: Door, method: Any, path: str, handler: Handler) -> Page:
    def handle(visit: Visit) -> Response:
        try:
            if not visit.account.roles & get_policy().acts[_ACT]:
                raise ForbiddenError(
                    code="WEB-001", where=path, got="an account without that role",
                    expected=f"a role that may do {_ACT}", fix="ask the administrator",
                )  # fmt: skip
            return handler(door, visit)
        except OncopolisError as error:
            words = find_words(visit.language)
            told = words.text(_TOLD.get(error.code, mark("Something went wrong. Please try again.")))
            back = (DESK, words.text(mark("Pages of patients")))
            return pages.show_refusal(make_frame(visit), get_status_of(error), told, back)

    return Page(method, path, f"acts: {_ACT}", handle)


def _show(visit: Visit, template: str, **values: object) -> Response:
    frame = replace(make_frame(visit), values={"csrf": visit.csrf, "desk": DESK, **values})
    return pages.show("journey", template, frame)


def _show_all(door: Door, visit: Visit) -> Response:
    """What is locked, what can still be taken back, and what was given up."""
    since_ms = door.now_ms - UNTIL_MS
    locked = door.desk.ask(lambda session: rows.list_locked(session, since_ms))
    unsent = door.live.ask(lambda floor: sorted(floor.list(Notice), key=lambda one: -one.at_ms)[:_MOST])
    given_up = list(_list_given_up(door))
    named = {*(one.patient for one in locked), *(one.patient for one in unsent)}
    named |= {notice.patient for _, notice in given_up}
    names = {id_: find_name(door.desk, id_) for id_ in named}
    return _show(
        visit, "desk.html", locked=locked, unsent=unsent, given_up=given_up, names=names, notices=NOTICES
    )


def _show_areas(door: Door, visit: Visit) -> Response:
    """A code for each area, to hang up there."""
    cards = door.house.cards.values()
    areas = dict.fromkeys(card.department for card in cards if card.is_contact)
    words = find_words(visit.language)
    listed = [
        (
            words.label(door.house.centre.departments[area].label),
            [word_place(find_place(door.house, area), code) for code in CODES],
            f"{door.login.base}{HOME}/here/{area}",
        )
        for area in areas
    ]
    return _show(visit, "posters.html", listed=listed)


def _show_patient(door: Door, visit: Visit) -> Response:
    patient = visit.parts["patient"]
    _check_patient(door, patient)
    carers = list_carers(door.desk, patient)
    forms = [(one["id"], one.get("title", one["id"])) for one in _list_forms(door)]
    return _show(
        visit, "give.html", dossier=find_dossier(visit.account, patient), here=f"{DESK}/{patient}",
        patient=patient, name=find_name(door.desk, patient),
        links=door.desk.ask(lambda session: rows.list_of_patient(session, patient)), carers=carers,
        whose=[("", find_words(visit.language).text(mark("The patient"))), *carers.items()],
        codes=list(NAMES.items()), forms=forms, now_ms=door.now_ms,
        spoken=_find_language(door, patient),
    )  # fmt: skip


def _take_give(door: Door, visit: Visit) -> Response:
    """Make a link, and show it once."""
    form, patient = visit.form, visit.parts["patient"]
    if form.get("factor") not in ("code", "born") or form.get("spoken") not in CODES:
        raise InputError(
            code="WEB-305", where="form", got="something else", expected="what the form offers",
            fix="open the page again",
        )  # fmt: skip
    given = give(
        door.desk, door.login.keyring, patient, visit.account.who, carer=form.get("carer") or None,
        is_by_code=form["factor"] == "code", language=form["spoken"],
    )  # fmt: skip
    address = f"{door.login.base}{HOME}/link/{given.text}"
    return _show(visit, "given.html", given=given, address=address, name=find_name(door.desk, patient))


def _take_end(door: Door, visit: Visit) -> Response:
    take_back(door.desk, visit.form.get("id", ""), visit.account.who)
    return pages.go(f"{DESK}/{visit.parts['patient']}")


def _take_ask(door: Door, visit: Visit) -> Response:
    """Ask a patient to fill in a form."""
    patient, id_ = visit.parts["patient"], visit.form.get("form", "")
    _check_patient(door, patient)
    if all(one["id"] != id_ for one in _list_forms(door)):
        raise NotFoundError(
            code="WEB-304", where=f"form {id_:.64}", got="no such form", expected="an active Questionnaire",
            fix="choose one of the list",
        )  # fmt: skip
    _perform(door, visit, _ACT, patient=patient, form=id_, language=_find_language(door, patient))
    return pages.go(f"{DESK}/{patient}")


def _take_undo(door: Door, visit: Visit) -> Response:
    """Take a notice back that has not left."""
    _perform(door, visit, "take_back_notice", notice=visit.parts["id"])
    return pages.go(DESK)


def _take_given_up(door: Door, visit: Visit) -> Response:
    """Hand a notice over once more, or leave it at that."""
    id_ = visit.parts["job"]
    job = (
        door.desk.store.jobs.find(int(id_))
        if id_.isascii() and id_.isdecimal() and len(id_) <= _LONGEST_JOB
        else None
    )
    if job is not None and job.kind == PATIENT_NOTICE and job.state == "dead":
        (door.desk.store.jobs.revive if visit.form.get("do") == "again" else door.desk.store.jobs.cancel)(
            job.id
        )
        door.desk.tell(
            visit.account.who, f"notice {job.payload['notice']}: {visit.form.get('do') == 'again'}"
        )
    return pages.go(DESK)


def _perform(door: Door, visit: Visit, name: str, **said: str) -> None:
    act = Act("E", name, visit.account.who, str(uuid4()))
    door.live.perform(make_wish(name, said, act, key=visit.form.get("key") or None)).result()


def _check_patient(door: Door, patient: str) -> None:
    if find_record(door.desk, "Patient", patient) is None:
        raise NotFoundError(
            code="REC-338", where="journey", got=f"Patient/{patient:.64}", expected="a patient who is there",
            fix="look the patient up again",
        )  # fmt: skip


def _find_language(door: Door, patient: str) -> str:
    """Return the language a patient wishes, the first of the centre if they wish none there are words in."""
    record = find_record(door.desk, "Patient", patient) or {}
    wishes = [
        str(coding.get("code", ""))
        for one in sorted(record.get("communication", ()), key=lambda one: not one.get("preferred"))
        for coding in one.get("language", {}).get("coding", ())
    ]
    return next((wish for wish in wishes if wish in CODES), door.house.centre.languages[0])


def _list_forms(door: Door) -> Sequence[dict[str, Any]]:
    versions = door.desk.store.list_current("Questionnaire", limit=_MOST)
    records = [parse(version.body) for version in versions if version.body is not None]
    return [record for record in records if record.get("status") == "active"]


def _list_given_up(door: Door) -> Iterator[tuple[Job, Notice]]:
    for job in door.desk.store.jobs.list("dead", limit=_MOST):
        record = find_record(door.desk, Notice.TYPE, str(job.payload.get("notice", "")))
        if job.kind == PATIENT_NOTICE and record is not None and Notice.is_mine(record):
            yield job, Notice.from_record(record)
