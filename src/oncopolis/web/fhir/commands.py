"""The writes of the API as commands of the store; each may be run again after a lost race.

A command gives a `Written`, which is JSON, so that the answer to a repeated request is that of the first.
"""

from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any, TypeAlias, TypedDict

from oncopolis.foundation import NotFoundError
from oncopolis.record import ANY, Expected, Version, VersionConflict
from oncopolis.record.fhir.checking import check_resource
from oncopolis.record.fhir.text import parse
from oncopolis.record.store import Transaction
from oncopolis.web.fhir.patching import apply_patch
from oncopolis.web.fhir.policy import FORGIVEN, is_definition
from oncopolis.web.fhir.queries import Condition
from oncopolis.web.fhir.refusing import LONGEST, ElementError, RequestError, ResourceErrors

Resource: TypeAlias = Mapping[str, Any]


class Written(TypedDict):
    """What a write made of one record, as JSON."""

    status: int
    type: str
    id: str
    version: int
    at_ms: int
    body: str | None


Command: TypeAlias = Callable[[Transaction], Written]


def create(resource: Resource, condition: Condition | None) -> Command:
    """Make a new record, unless the condition finds one already."""
    fresh = {name: value for name, value in resource.items() if name != "id"}

    def command(transaction: Transaction) -> Written:
        found = find_at_most_one(condition, transaction) if condition else None
        if condition and found:
            return to_written(HTTPStatus.OK, transaction.get(condition.type, found))
        return to_written(HTTPStatus.CREATED, transaction.put(fresh, expected=None))

    return command


def update(resource: Resource, expected: Expected) -> Command:
    """Write the next version of a record, or its first."""
    return lambda transaction: to_updated(transaction.put(resource, expected=expected))


def update_where(resource: Resource, condition: Condition, expected: Expected) -> Command:
    """Write the next version of the record that is meant, or the first of a new one."""

    def command(transaction: Transaction) -> Written:
        found = find_at_most_one(condition, transaction)
        return to_updated(transaction.put(name_found(resource, found, condition), expected=expected))

    return command


def patch(type_: str, id_: str, operations: Any, expected: Expected) -> Command:
    """Change a record by a JSON patch."""

    def command(transaction: Transaction) -> Written:
        current = transaction.get(type_, id_)
        check_version(current, expected)
        changed = patch_body(current, operations)
        return to_written(HTTPStatus.OK, transaction.put(changed, expected=current.version, method="patch"))

    return command


def patch_where(condition: Condition, operations: Any, expected: Expected) -> Command:
    """Change the one record that is meant by a JSON patch."""

    def command(transaction: Transaction) -> Written:
        return patch(condition.type, get_one(condition, transaction), operations, expected)(transaction)

    return command


def delete(type_: str, id_: str, expected: Expected) -> Command:
    """Mark a record as deleted; once more does no harm."""

    def command(transaction: Transaction) -> Written:
        current = transaction.read(type_, id_)
        if current is None:
            raise not_there(type_, id_)
        check_version(current, expected)
        gone = current if current.method == "delete" else transaction.delete(type_, id_, expected)
        return to_written(HTTPStatus.NO_CONTENT, gone)

    return command


def delete_where(condition: Condition, expected: Expected) -> Command:
    """Mark the one record that is meant as deleted."""

    def command(transaction: Transaction) -> Written:
        return delete(condition.type, get_one(condition, transaction), expected)(transaction)

    return command


def get_one(condition: Condition, transaction: Transaction) -> str:
    """Return the id of the one record that is meant; `NotFoundError` if there is none."""
    found = find_at_most_one(condition, transaction)
    if found is None:
        raise not_there(condition.type, f"?{condition.text}"[:LONGEST])
    return found


def find_at_most_one(condition: Condition, transaction: Transaction) -> str | None:
    """Return the id of the one record that is meant, None if there is none.

    Raises
    ------
    RequestError
        With status 412 if there are several.
    """
    found = condition.find(transaction)
    if len(found) > 1:
        raise RequestError(
            code="REC-110", where=str(condition), got=f"{len(found)} matches", expected="one at most",
            fix="name the record by what it alone has",
            status=HTTPStatus.PRECONDITION_FAILED, issue="multiple-matches",
        )  # fmt: skip
    return found[0] if found else None


def name_found(resource: Resource, found: str | None, condition: Condition) -> Resource:
    """Return the resource with the id of the record that was found for it."""
    if found is None:
        return resource
    if resource.get("id", found) != found:
        raise RequestError(
            code="REC-111", where=f"{condition.type}.id", got=repr(resource["id"]), expected=repr(found),
            fix=f"leave the id out, or send the record that {condition} means",
        )  # fmt: skip
    return {**resource, "id": found}


def patch_body(current: Version, operations: Any) -> dict[str, Any]:
    """Return the record as a patch makes it, checked.

    Raises
    ------
    RequestError, ResourceErrors
        With status 422 or 400 and the element.
    """
    changed = apply_patch(parse(current.body or b""), operations)
    same = (
        isinstance(changed, dict)
        and changed.get("resourceType") == current.type
        and changed.get("id") == current.id
    )
    if not same:
        raise RequestError(
            code="REC-112", where="patch", got="another type or id", expected=f"{current.type}/{current.id}",
            fix="leave `resourceType` and `id` as they are",
            status=HTTPStatus.UNPROCESSABLE_ENTITY, issue="processing",
        )  # fmt: skip
    check_sound(changed)
    return dict(changed)


def check_sound(resource: Any, root: str = "") -> None:
    """Refuse a resource that breaks the base definitions, telling every fault.

    Parameters
    ----------
    root
        Path of the resource where it is part of something larger.

    Raises
    ------
    ResourceErrors
    """
    issues = check_resource(resource)
    if issues and is_definition(str(resource.get("resourceType"))):
        issues = [issue for issue in issues if issue.code not in FORGIVEN]
    if issues:
        raise ResourceErrors(
            ElementError(
                code="REC-100",
                where=_join(root, issue.path),
                got=issue.got,
                expected=issue.expected,
                fix="mend the element and send it again",
                issue=issue.code,
            )
            for issue in issues
        )


def check_version(current: Version, expected: Expected) -> None:
    """Refuse a write that was made from another version, before anything else is said about it."""
    if expected is not ANY and expected != current.version:
        raise VersionConflict(
            code="REC-113",
            where=f"{current.type}/{current.id}",
            got=f"version {current.version}",
            expected=f"version {expected}" if expected else "no record",
            fix="read the record again and make the change anew",
        )


def not_there(type_: str, id_: str) -> NotFoundError:
    """Return the error for a record that never was."""
    return NotFoundError(
        code="REC-114",
        where=f"{type_}/{id_}",
        got="no such record",
        expected="the id of a record",
        fix="correct the id",
    )


def to_updated(version: Version) -> Written:
    """Tell an update: 201 if it made the record, or brought it back."""
    return to_written(HTTPStatus.CREATED if version.method == "create" else HTTPStatus.OK, version)


def to_written(status: int, version: Version) -> Written:
    """Tell one write."""
    return Written(
        status=status,
        type=version.type,
        id=version.id,
        version=version.version,
        at_ms=version.at_ms,
        body=None if version.body is None else version.body.decode(),
    )


def _join(root: str, path: str) -> str:
    return f"{root}.{path.partition('.')[2]}".rstrip(".") if root else path
