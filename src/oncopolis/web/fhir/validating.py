"""``$validate``: what is wrong with a resource that is sent or stored, told without storing anything."""

import asyncio
from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Any

from oncopolis.foundation import OncopolisError
from oncopolis.record import Version
from oncopolis.record.fhir.text import parse
from oncopolis.record.fhir.validating import Remark, is_known
from oncopolis.record.fhir.validating import validate as find_remarks
from oncopolis.record.store import Store
from oncopolis.web.fhir.commands import not_there
from oncopolis.web.fhir.exchange import Answer, Asked, answer_error, answer_resource
from oncopolis.web.fhir.parameters import Parameters, read_parameters
from oncopolis.web.fhir.policy import check_deletable
from oncopolis.web.fhir.refusing import MOST_ISSUES, RequestError, clean, make_information, make_outcome, show

PARAMETERS = frozenset({"mode", "profile"})
_MODES = ("create", "update", "delete", "profile")


async def validate(store: Store, asked: Asked) -> Answer:
    """``$validate`` of a type or a record: 200 with what was found, however much that is."""
    given = await asyncio.to_thread(read_parameters, asked, PARAMETERS)
    mode = _read_mode(asked, given)
    if mode == "delete":
        return await _answer_delete(store, asked)
    resource = await _read_stored(store, asked) if given.resource is None else given.resource
    _check_meant(asked, resource, mode)
    profiles = _read_profiles(given, mode)
    return answer_resource(_to_outcome(await asyncio.to_thread(find_remarks, resource, profiles)))


def _read_mode(asked: Asked, given: Parameters) -> str | None:
    mode = given.texts.get("mode")
    if mode is not None and mode not in _MODES:
        raise _bad("mode", show(mode), f"one of {', '.join(_MODES)}", "mend it")
    is_of_type = len(asked.segments) == 2
    if mode in ("update", "delete") and is_of_type:
        raise _bad("mode", f"{mode} of a type", "the address of a record", "name the record")
    if given.resource is None and is_of_type:
        raise _bad("body", "no resource", "the resource that is to be validated", "send it")
    return mode


def _read_profiles(given: Parameters, mode: str | None) -> tuple[str, ...]:
    """Return the profile that was asked for; to leave an unknown one out would look like conformance."""
    url = given.texts.get("profile")
    if url is None and mode == "profile":
        raise _bad("profile", "nothing", "the URL of a profile", "name it, or leave the mode out")
    if url is not None and not is_known(url):
        expected = "the URL of a profile of mCODE STU4, or of a resource type"
        raise _bad("profile", show(url), expected, "ask for one of those")
    return () if url is None else (url,)


async def _read_stored(store: Store, asked: Asked) -> Mapping[str, Any]:
    """Return the record itself, with the reading of it in the audit."""
    version = await asyncio.to_thread(_find, store, asked)
    if version.body is None:
        raise not_there(version.type, version.id)
    await asyncio.shield(asyncio.wrap_future(store.note(asked.act("R", "$validate"), [version])))
    return parse(version.body)


def _find(store: Store, asked: Asked) -> Version:
    type_, id_ = asked.segments[:2]
    version = store.read(type_, id_, asked.allowed)
    if version is None or version.body is None:
        raise not_there(type_, id_)
    return version


async def _answer_delete(store: Store, asked: Asked) -> Answer:
    """Tell whether the record could be deleted."""
    version = await asyncio.to_thread(_find, store, asked)
    try:
        check_deletable(version.type, version.id, "")
    except OncopolisError as error:
        return Answer(HTTPStatus.OK, answer_error(error).body)
    return answer_resource(make_information(f"{version.type}/{version.id} may be deleted"))


def _check_meant(asked: Asked, resource: Mapping[str, Any], mode: str | None) -> None:
    """Refuse a resource of another type than the address, and on an update of another record."""
    type_ = asked.segments[0]
    if resource.get("resourceType") != type_:
        raise _bad(
            f"{type_}.resourceType", show(resource.get("resourceType")), f"{type_!r}, as in the URL",
            "make them the same",
        )  # fmt: skip
    if mode == "update" and resource.get("id") != asked.segments[1]:
        raise _bad(f"{type_}.id", show(resource.get("id")), "the id in the URL", "make them the same")


def _to_outcome(remarks: Iterable[Remark]) -> dict[str, Any]:
    listed = list(remarks)
    if not listed:
        return make_information("nothing is wrong")
    issues = [_to_issue(remark) for remark in listed[:MOST_ISSUES]]
    if len(listed) > MOST_ISSUES:
        text = f"{len(listed) - MOST_ISSUES} more; mend these first, they are the worst"
        issues.append({"severity": "information", "code": "informational", "diagnostics": text})
    return make_outcome(issues)


def _to_issue(remark: Remark) -> dict[str, Any]:
    return {
        "severity": remark.severity,
        "code": remark.code,
        "details": {"text": remark.rule},
        "diagnostics": clean(remark.text),
        "expression": [clean(remark.path)],
    }


def _bad(where: str, got: str, expected: str, fix: str) -> RequestError:
    return RequestError(code="REC-221", where=where, got=got, expected=expected, fix=fix)
