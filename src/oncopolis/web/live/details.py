"""Who somebody is: what is wrong is put right, and who nobody knew is told; two records are two again."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final

from starlette.responses import Response

from oncopolis.foundation import OncopolisError
from oncopolis.foundation.marking import mark
from oncopolis.operations.people import Candidate, Person, find_candidates, write_name
from oncopolis.operations.people.asking import Details
from oncopolis.operations.people.views import PROVISIONAL
from oncopolis.web.live.doing import add_query, perform_said
from oncopolis.web.live.reception import LIKELY, find_system, make_audited, make_teller
from oncopolis.web.live.showing import show
from oncopolis.web.live.station import Station
from oncopolis.web.live.telling import tell_code
from oncopolis.web.login.pages import get_status_of
from oncopolis.web.login.visits import Visit
from oncopolis.web.pages import find_words, go

Said = dict[str, Any]
_MORE: Final = 1
"""Empty lines of a form for another name, number or telephone."""
_USES: Final = {
    "official": mark("in documents"),
    "usual": mark("as they are called"),
    "maiden": mark("before marriage"),
    "old": mark("earlier"),
}
_SYSTEMS: Final = {"phone": mark("telephone"), "sms": mark("text messages"), "email": mark("e-mail")}


def show_details(station: Station, visit: Visit) -> Response:
    """The form, as the record has it."""
    return _show(station, visit, read_form(_get(station, visit)))


def _get(station: Station, visit: Visit) -> Person:
    id_ = visit.parts["id"]
    return station.live.ask(lambda floor: floor.get(Person, id_))


def _show(
    station: Station, visit: Visit, form: Mapping[str, str], error: OncopolisError | None = None
) -> Response:
    person, words = _get(station, visit), find_words(visit.language)
    values: dict[str, object] = {}
    if error is not None:
        values["told"] = tell_code(words, error.code)
    return show(
        station, visit, "details.html", get_status_of(error) if error is not None else HTTPStatus.OK, (),
        [person.id],
        person=person, name=write_name(person, visit.language), form=form,
        is_unknown=person.identity == PROVISIONAL,
        lines={
            "names": range(max(1, len(person.names) + _MORE)),
            "numbers": range(len(person.identifiers) + _MORE),
            "contacts": range(len(person.contacts) + _MORE),
        },
        uses=[(key, words.text(told)) for key, told in _USES.items()],
        systems=[(key, words.text(told)) for key, told in _SYSTEMS.items()],
        found=_find_likely(station, visit, person) if error is not None and error.code == LIKELY else [],
        reasons=make_teller(words), write_name=lambda one: write_name(one, visit.language), **values,
    )  # fmt: skip


def _find_likely(station: Station, visit: Visit, person: Person) -> list[Candidate]:
    """Return who is likely the same as somebody who is told; they have to be told apart first."""
    details = Details.model_validate(read_details(person, visit.form, find_system(station)))
    found = find_candidates(station.live.store, details, make_audited(visit))
    return [one for one in found if one.person.id != person.id]


def take_details(station: Station, visit: Visit) -> Response:
    """Put the record right, or tell who it is."""
    person, form = _get(station, visit), visit.form
    name = "identify" if person.identity == PROVISIONAL else "correct"
    try:
        said = read_details(person, form, find_system(station)) | {"patient": person.id}
        if name == "identify":
            said["not_one_of"] = form.get("not_one_of", "").split()
        perform_said(station, visit, name, said, form.get("key", ""))
    except OncopolisError as error:
        return _show(station, visit, form, error)
    return go(add_query(f"/live/people/{person.id}", done=name))


def read_form(person: Person) -> dict[str, str]:
    """Return what the form of a record has in its fields."""
    form = {"birth_date": person.birth_date, "sex": person.sex, "language": person.language, "preferred": ""}
    for i, one in enumerate(person.names):
        given = (*one.given, "", "")
        form |= {
            f"family-{i}": one.family, f"given-{i}": given[0],
            f"use-{i}": one.use if one.use not in ("", "temp") else "official",
            f"patronymic-{i}": " ".join(one.given[1:]),
        }  # fmt: skip
    for i, number in enumerate(person.identifiers):
        form |= {f"number-{i}": number.value, f"of-{i}": number.system}
    for i, contact in enumerate(person.contacts):
        form |= {f"contact-{i}": contact.value, f"by-{i}": contact.system}
        if contact.rank == 1:
            form["preferred"] = str(i)
    return form


def read_details(person: Person, form: Mapping[str, str], system: str) -> Said:
    """Return what a form says otherwise than the record, as the acts ask for it.

    Parameters
    ----------
    system
        Of a number that is new.
    """
    before, said = read_form(person), Said()
    for name in ("birth_date", "sex", "language"):
        if form.get(name, "").strip() not in ("", before[name]):
            said[name] = form[name].strip()
    for name, read in (("names", _read_names), ("identifiers", _read_numbers), ("contacts", _read_contacts)):
        now = read(form, system)
        if now and now != read(before, system):
            said[name] = now
    return said


def _list_lines(form: Mapping[str, str], name: str) -> list[str]:
    """Return the numbers of the lines of a form."""
    start = f"{name}-"
    return sorted(
        (key.removeprefix(start) for key in form if key.startswith(start)), key=lambda n: (len(n), n)
    )


def _read_names(form: Mapping[str, str], _system: str) -> list[Said]:
    names = []
    for n in _list_lines(form, "family"):
        family, *given = (form.get(f"{name}-{n}", "").strip() for name in ("family", "given", "patronymic"))
        if family or any(given):
            told = {"family": family or None, "given": [one for one in given if one]}
            names.append(told | {"use": form.get(f"use-{n}") or "official"})
    return names


def _read_numbers(form: Mapping[str, str], system: str) -> list[Said]:
    lines = (
        (form[f"number-{n}"].strip(), form.get(f"of-{n}") or system) for n in _list_lines(form, "number")
    )
    return [{"system": of, "value": value} for value, of in lines if value]


def _read_contacts(form: Mapping[str, str], _system: str) -> list[Said]:
    return [
        {
            "system": form.get(f"by-{n}") or "phone", "value": form[f"contact-{n}"].strip(),
            "is_preferred": form.get("preferred") == n,
        }
        for n in _list_lines(form, "contact")
        if form[f"contact-{n}"].strip()
    ]  # fmt: skip


def take_unmerge(station: Station, visit: Visit) -> Response:
    """Make two records of one again, and tell what somebody has to look at."""
    id_, form = visit.parts["id"], visit.form
    try:
        said = {"loser": id_, "reason": form.get("reason", "")}
        answer = perform_said(station, visit, "unmerge", said, form.get("key", ""))
    except OncopolisError as error:
        return go(add_query(f"/live/people/{id_}", told=error.code))
    if not answer["n_since"]:
        return go(add_query(f"/live/people/{id_}", done="unmerge"))
    names = station.people.find_names((id_, answer["survivor"]), visit.language)
    return show(station, visit, "unmerged.html", answer=answer, loser=id_, people=names)
