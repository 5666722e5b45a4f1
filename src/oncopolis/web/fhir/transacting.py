"""A transaction bundle as one command: all of it, or nothing.

First every entry is understood (`read_steps`), without the store. Then, inside the command: conditions find
their records, links between entries become ids, deletions, creations, updates and reads are done in that
order, and what the bundle refers to has to be there in the end.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Literal, TypeAlias
from uuid import uuid4

from oncopolis.record import ANY, Expected, Version
from oncopolis.record.fhir.definitions import get_definitions
from oncopolis.record.fhir.references import read_target
from oncopolis.record.store import Transaction
from oncopolis.web.fhir import commands
from oncopolis.web.fhir.bodies import read_patch_resource
from oncopolis.web.fhir.bundles import Entry
from oncopolis.web.fhir.commands import Written
from oncopolis.web.fhir.headers import is_to_be_new, read_if_match
from oncopolis.web.fhir.policy import check_deletable
from oncopolis.web.fhir.queries import Condition, is_id, read_condition
from oncopolis.web.fhir.references import (
    CONDITIONAL,
    find_root,
    is_placeholder,
    list_references,
    rewrite,
    to_relative,
)
from oncopolis.web.fhir.refusing import LONGEST, RequestError, show

Method: TypeAlias = Literal["DELETE", "POST", "PUT", "PATCH", "GET"]

Key: TypeAlias = tuple[str, str]
"""Type and id."""


@dataclass(frozen=True, slots=True)
class Step:
    """One entry, understood.

    Parameters
    ----------
    id
        Of the record; None where `condition` finds it, or where a new one is given.
    fresh
        Id for a new record, the same whenever the command is run again.
    content
        Resource, operations of a patch, or None.
    """

    entry: Entry
    method: Method
    type: str
    id: str | None
    condition: Condition | None
    expected: Expected
    fresh: str
    content: Any


def read_steps(entries: Sequence[Entry]) -> list[Step]:
    """Understand the entries of a transaction.

    Raises
    ------
    RequestError
        With status 400 or 405, naming the entry and the element.
    """
    steps = [_READERS[entry.method](entry) for entry in entries]
    _check_told_apart(steps)
    return steps


def transact(steps: Sequence[Step], base: str) -> Callable[[Transaction], list[Written]]:
    """Return the command that does all steps, giving what became of each, in the order of the bundle.

    Parameters
    ----------
    base
        Our own address.
    """

    def command(transaction: Transaction) -> list[Written]:
        return _Work(transaction, steps, base).run()

    return command


class _Work:
    """The steps of one bundle in one transaction of the store."""

    def __init__(self, transaction: Transaction, steps: Sequence[Step], base: str) -> None:
        self.transaction, self.steps, self.base = transaction, steps, base
        self.found = {step.entry.place: self._find(step) for step in steps}
        self.links = {
            step.entry.full_url: f"{step.type}/{self._get_id(step)}"
            for step in steps
            if step.entry.full_url and step.method in ("POST", "PUT")
        }
        self.resolved: dict[str, str] = {}

    def run(self) -> list[Written]:
        self._check_done_once()
        contents = {step.entry.place: self._rewrite(step) for step in self.steps}
        done = {step.entry.place: self._do(step, contents[step.entry.place]) for step in self.steps}
        for step in self.steps:
            if step.method in ("POST", "PUT"):
                self._check_references(step, contents[step.entry.place])
        return [done[place] for place in sorted(done)]

    def _find(self, step: Step) -> str | None:
        if step.condition is None:
            return step.id
        return commands.find_at_most_one(step.condition, self.transaction)

    def _get_id(self, step: Step) -> str:
        if step.method == "PUT" and step.condition:
            content = commands.name_found(step.content, self.found[step.entry.place], step.condition)
            return str(content.get("id", step.fresh))
        return self.found[step.entry.place] or step.fresh

    def _check_done_once(self) -> None:
        """Refuse a bundle that writes one record twice, also where a condition made it the same one."""
        seen: dict[Key, str] = {}
        for step in self.steps:
            if step.method == "GET" or (step.method == "POST" and self.found[step.entry.place]):
                continue
            key = (step.type, self._get_id(step))
            if key in seen:
                raise _bad(
                    f"{step.entry.path}.request", f"{key[0]}/{key[1]} again, after {seen[key]}",
                    "every record once", "put both changes into one entry",
                )  # fmt: skip
            seen[key] = step.entry.path

    def _rewrite(self, step: Step) -> Any:
        if step.content is None:
            return None
        root = ""
        if isinstance(step.content, Mapping):
            root = find_root(step.entry.full_url, step.type, str(step.content.get("id", "")))
        return rewrite(step.content, self.links, self._resolve, root)

    def _resolve(self, reference: str) -> str | None:
        """Return what a conditional reference stands for, or one to a record at our own address."""
        match = CONDITIONAL.fullmatch(reference)
        if match is None or not get_definitions().is_resource_type(match["type"]):
            return to_relative(reference, self.base)
        if reference not in self.resolved:
            condition = read_condition(match["type"], match["query"], f"reference {show(reference)}")
            found = commands.find_at_most_one(condition, self.transaction)
            if found is None:
                raise RequestError(
                    code="REC-117", where=reference[:LONGEST], got="no match", expected="exactly one",
                    fix="send that record first, or refer to it by id",
                    status=HTTPStatus.PRECONDITION_FAILED, issue="not-found",
                )  # fmt: skip
            self.resolved[reference] = f"{condition.type}/{found}"
        return self.resolved[reference]

    def _do(self, step: Step, content: Any) -> Written:
        if step.method == "GET":
            return commands.to_written(
                HTTPStatus.OK, self.transaction.get(step.type, self._get_present(step))
            )
        if step.method == "DELETE":
            return commands.delete(step.type, self._get_present(step), step.expected)(self.transaction)
        if step.method == "PATCH":
            command = commands.patch(step.type, self._get_present(step), content, step.expected)
            return command(self.transaction)
        id_ = self._get_id(step)
        if step.method == "PUT":
            return commands.update({**content, "id": id_}, step.expected)(self.transaction)
        if self.found[step.entry.place]:
            return commands.to_written(HTTPStatus.OK, self.transaction.get(step.type, id_))
        version = self.transaction.put({**content, "id": id_}, expected=None, is_named=False)
        return commands.to_written(HTTPStatus.CREATED, version)

    def _get_present(self, step: Step) -> str:
        """Return the id of the record that is named, or the one that is meant."""
        found = self.found[step.entry.place]
        if found is None:
            raise commands.not_there(step.type, str(step.condition)[:LONGEST])
        return found

    def _check_references(self, step: Step, content: Any) -> None:
        for path, reference in list_references(content, f"{step.entry.path}.resource"):
            if is_placeholder(reference):
                raise _bad(
                    path,
                    show(reference),
                    "the full URL of an entry",
                    "add the entry it means",
                )
            target = read_target(reference)
            if target is None or target.url is not None or target.type is None or target.id is None:
                continue
            if not _is_there(self.transaction.read(target.type, target.id)):
                raise _bad(
                    path,
                    repr(reference),
                    "a record of ours or of the bundle",
                    "send that record first or with it",
                )


def _is_there(version: Version | None) -> bool:
    return version is not None and (version.body is not None or version.erased)


def _read_post(entry: Entry) -> Step:
    type_ = _read_type(entry, 1)
    resource = _check_resource(entry, type_)
    wish = entry.headers.get("if-none-exist")
    condition = (
        read_condition(type_, wish.removeprefix(f"{type_}?"), f"{entry.path}.request.ifNoneExist")
        if wish is not None
        else None
    )
    fresh = {name: value for name, value in resource.items() if name != "id"}
    # The id the entry came with still says how relative references to it are read.
    content = {**fresh, "id": resource["id"]} if "id" in resource else fresh
    return _make(entry, "POST", type_, None, condition, content)


def _read_put(entry: Entry) -> Step:
    type_, id_, condition = _read_name(entry)
    resource = _check_resource(entry, type_)
    if condition is None and resource.get("id") != id_:
        raise _bad(
            f"{entry.path}.resource.id",
            repr(resource.get("id")),
            f"{id_!r}, as in the URL",
            "make them the same",
        )
    return _make(entry, "PUT", type_, id_, condition, resource)


def _read_patch(entry: Entry) -> Step:
    type_, id_, condition = _read_name(entry)
    operations = read_patch_resource(entry.resource or {}, f"{entry.path}.resource")
    return _make(entry, "PATCH", type_, id_, condition, operations)


def _read_delete(entry: Entry) -> Step:
    type_, id_, condition = _read_name(entry)
    check_deletable(type_, id_ or f"?{entry.query}"[:LONGEST], "GET, PUT, PATCH")
    return _make(entry, "DELETE", type_, id_, condition, None)


def _read_get(entry: Entry) -> Step:
    type_, id_, condition = _read_name(entry)
    return _make(entry, "GET", type_, id_, condition, None)


def _read_name(entry: Entry) -> tuple[str, str | None, Condition | None]:
    """Return the type of a record with its id, or with the search that says which one is meant."""
    type_ = _read_type(entry, 1 if entry.query else 2)
    if entry.query:
        return type_, None, read_condition(type_, entry.query, f"{entry.path}.request.url")
    return type_, entry.segments[1], None


_READERS: dict[str, Callable[[Entry], Step]] = {
    "POST": _read_post,
    "PUT": _read_put,
    "PATCH": _read_patch,
    "DELETE": _read_delete,
    "GET": _read_get,
    "HEAD": _read_get,
}


def _make(
    entry: Entry, method: Method, type_: str, id_: str | None, condition: Condition | None, content: Any
) -> Step:
    expected: Expected = ANY
    version = read_if_match(entry.headers)
    if version is not None:
        expected = version
    if method == "PUT" and is_to_be_new(entry.headers):
        expected = None
    return Step(entry, method, type_, id_, condition, expected, str(uuid4()), content)


def _read_type(entry: Entry, n_segments: int) -> str:
    where = f"{entry.path}.request.url"
    shape = "Type/id" if n_segments > 1 else "Type"
    if len(entry.segments) != n_segments:
        raise _bad(
            where,
            repr("/".join(entry.segments)),
            f"{shape} with {entry.method}",
            "use a batch for anything else",
        )
    type_ = entry.segments[0]
    if not get_definitions().is_resource_type(type_):
        raise _bad(where, show(type_), "a resource type of FHIR R4", "correct it")
    if n_segments > 1 and not is_id(entry.segments[1]):
        raise _bad(where, show(entry.segments[1]), "an id: letters, digits, - and .", "correct it")
    return type_


def _check_resource(entry: Entry, type_: str) -> dict[str, Any]:
    resource = entry.resource or {}
    if resource.get("resourceType") != type_:
        raise _bad(
            f"{entry.path}.resource.resourceType", show(resource.get("resourceType")),
            f"{type_!r}, as in the URL", "make them the same",
        )  # fmt: skip
    return resource


def _check_told_apart(steps: Sequence[Step]) -> None:
    """Refuse full URLs that name two entries, and conditions that would each make the same record."""
    seen: dict[str, str] = {}
    for step in steps:
        names = [step.entry.full_url] if step.entry.full_url and step.method in ("POST", "PUT") else []
        names += [str(step.condition)] if step.condition and step.method != "GET" else []
        for name in names:
            if name in seen:
                raise _bad(
                    step.entry.path,
                    f"{show(name)} as in {seen[name]}",
                    "it once",
                    "tell them apart",
                )
            seen[name] = step.entry.path


def _bad(where: str, got: str, expected: str, fix: str) -> RequestError:
    return RequestError(code="REC-116", where=where, got=got, expected=expected, fix=fix, issue="invalid")
