"""The writes of the API: create, update, patch, delete, transaction and batch."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from itertools import groupby
from typing import Any, TypeVar
from urllib.parse import urlsplit

from oncopolis.foundation import OncopolisError
from oncopolis.record import ANY, Expected, Version
from oncopolis.record.access.guarding import Guard
from oncopolis.record.fhir.text import parse
from oncopolis.record.store import Store, Transaction
from oncopolis.record.types import Action
from oncopolis.web.fhir import commands
from oncopolis.web.fhir.auditing import find_patient
from oncopolis.web.fhir.bodies import read_patch, read_patch_resource
from oncopolis.web.fhir.bundles import Entry, get_rank, make_bundle, read_entries
from oncopolis.web.fhir.exchange import (
    Answer,
    Asked,
    answer_bundle,
    answer_error,
    answer_written,
    to_response_entry,
    without_body,
)
from oncopolis.web.fhir.gate import get_guard
from oncopolis.web.fhir.headers import (
    JSON_TYPES,
    PATCH_JSON,
    check_content_type,
    is_to_be_new,
    read_if_match,
    read_return,
)
from oncopolis.web.fhir.policy import check_deletable
from oncopolis.web.fhir.queries import read_condition
from oncopolis.web.fhir.references import make_local, to_relative
from oncopolis.web.fhir.refusing import LONGEST, RequestError, show
from oncopolis.web.fhir.transacting import Step, read_steps, transact

T = TypeVar("T")

LARGE = 65_536  # structure: bytes from which a body is read beside the loop that serves all others

Answering = Callable[[Asked], Awaitable[Answer]]
Writes = Callable[[Transaction], list[commands.Written]]


async def create(store: Store, asked: Asked) -> Answer:
    """POST to a type."""
    (type_,) = asked.segments
    resource = await _read_resource(asked, type_)
    text = asked.headers.get("if-none-exist")
    condition = (
        None
        if text is None
        else read_condition(type_, text.removeprefix(f"{type_}?"), "If-None-Exist", asked.base)
    )
    return await _write(store, asked, "C", "create", commands.create(resource, condition))


async def update(store: Store, asked: Asked) -> Answer:
    """PUT of a record."""
    type_, id_ = asked.segments
    resource = await _read_resource(asked, type_)
    if resource.get("id") != id_:
        raise RequestError(
            code="REC-119", where=f"{type_}.id", got=show(resource.get("id")),
            expected=f"{id_!r}, as in the URL",
            fix="make them the same",
        )  # fmt: skip
    return await _write(store, asked, "U", "update", commands.update(resource, _read_expected(asked)))


async def update_where(store: Store, asked: Asked) -> Answer:
    """PUT of the record that the query means."""
    (type_,) = asked.segments
    condition = read_condition(type_, asked.query, "URL", asked.base)
    resource = await _read_resource(asked, type_)
    command = commands.update_where(resource, condition, _read_expected(asked))
    return await _write(store, asked, "U", "update", command)


async def patch(store: Store, asked: Asked) -> Answer:
    """PATCH of a record."""
    type_, id_ = asked.segments
    command = commands.patch(type_, id_, await _read_operations(asked), _read_expected(asked))
    return await _write(store, asked, "U", "patch", command)


async def patch_where(store: Store, asked: Asked) -> Answer:
    """PATCH of the one record that the query means."""
    condition = read_condition(asked.segments[0], asked.query, "URL", asked.base)
    command = commands.patch_where(condition, await _read_operations(asked), _read_expected(asked))
    return await _write(store, asked, "U", "patch", command)


async def _read_operations(asked: Asked) -> list[Any]:
    """Return the operations of a patch, with references to records of ours."""
    if asked.resource is not None:
        operations = read_patch_resource(asked.resource, f"{asked.where}.resource")
    else:
        check_content_type(asked.headers, (PATCH_JSON,))
        operations = await _run(read_patch, asked.body)
    return [_make_local(operation, asked.base) for operation in operations]


async def delete(store: Store, asked: Asked) -> Answer:
    """DELETE of a record, where that is allowed at all."""
    type_, id_ = asked.segments
    check_deletable(type_, id_, "GET, HEAD, PATCH, PUT")
    return await _write(store, asked, "D", "delete", commands.delete(type_, id_, _read_expected(asked)))


async def delete_where(store: Store, asked: Asked) -> Answer:
    """DELETE of the one record that the query means, where that is allowed at all."""
    (type_,) = asked.segments
    check_deletable(type_, f"?{asked.query}"[:LONGEST], "GET, HEAD, POST, PUT")
    condition = read_condition(type_, asked.query, "URL", asked.base)
    command = commands.delete_where(condition, _read_expected(asked))
    return await _write(store, asked, "D", "delete", command)


async def take_bundle(store: Store, asked: Asked, answer: Answering) -> Answer:
    """POST to the base: a transaction or a batch.

    Parameters
    ----------
    answer
        Answers one request; a batch is as many of them.
    """
    check_content_type(asked.headers, JSON_TYPES)
    bundle = await _run(parse, asked.body)
    if bundle.get("resourceType") != "Bundle" or bundle.get("type") not in ("transaction", "batch"):
        got = f"{bundle.get('resourceType')} of type {bundle.get('type')}"
        raise RequestError(
            code="REC-120", where="Bundle.type", got=got[:LONGEST],
            expected="a Bundle: a transaction or a batch",
            fix="send single resources to the address of their type",
        )  # fmt: skip
    if bundle["type"] == "transaction":
        return await _take_transaction(store, asked, bundle)
    commands.check_sound(_without_resources(bundle))
    return await _take_batch(asked, read_entries(bundle, asked.base), answer)


async def _take_transaction(store: Store, asked: Asked, bundle: Mapping[str, Any]) -> Answer:
    await _run(commands.check_sound, bundle, size=len(asked.body))
    steps = read_steps(read_entries(bundle, asked.base))
    done = await _submit(store, asked, "E", "transaction", transact(steps, asked.base))
    await _note_reads(store, asked, steps, done)
    wish = read_return(asked.headers) if "prefer" in asked.headers else "minimal"
    reads = {step.entry.place for step in steps if step.method == "GET"}
    return answer_bundle(
        make_bundle(
            "transaction-response",
            (
                to_response_entry(
                    answer_written(written, asked.base, "representation" if place in reads else wish)
                )
                for place, written in enumerate(done)
            ),
        )
    )


async def _note_reads(store: Store, asked: Asked, steps: list[Step], done: list[commands.Written]) -> None:
    """Write what a transaction has read into the audit."""
    read = [done[step.entry.place] for step in steps if step.method == "GET"]
    if read:
        versions = [
            Version(
                type=one["type"], id=one["id"], version=one["version"], at_ms=one["at_ms"], method="update",
                body=(one["body"] or "").encode(),
                patient=store.ask(partial(find_patient, type_=one["type"], id_=one["id"])),
            )
            for one in read
        ]  # fmt: skip
        await store.note_here(asked.act("R", "read"), versions)


async def _take_batch(asked: Asked, entries: list[Entry], answer: Answering) -> Answer:
    """Answer every entry for itself; those of one kind side by side, so that they share commits."""
    answers: dict[int, Answer] = {}
    for _, alike in groupby(entries, key=get_rank):
        group = list(alike)
        found = await asyncio.gather(*(_answer_entry(asked, entry, answer) for entry in group))
        answers |= {entry.place: one for entry, one in zip(group, found, strict=True)}
    text = make_bundle("batch-response", (to_response_entry(answers[place]) for place in sorted(answers)))
    return answer_bundle(text)


async def _answer_entry(asked: Asked, entry: Entry, answer: Answering) -> Answer:
    key = None if asked.key is None else f"{asked.key}#{entry.place}"
    part = asked._replace(
        method=entry.method, segments=entry.segments, query=entry.query, headers=entry.headers,
        body=b"", key=key, resource=entry.resource or {}, where=entry.path,
    )  # fmt: skip
    if not entry.segments:
        return answer_error(_inner_bundle(entry))
    found = await answer(part)
    keeps = (
        found.is_refusal
        or entry.method == "GET"
        or entry.segments[-1].startswith("$")
        or "representation" in asked.headers.get("prefer", "")
    )
    return found if keeps else without_body(found)


def _inner_bundle(entry: Entry) -> OncopolisError:
    return RequestError(
        code="REC-121", where=f"{entry.path}.request.url", got="our base", expected="a type or a record",
        fix="bundles do not hold bundles to be worked through",
    )  # fmt: skip


def _without_resources(bundle: Mapping[str, Any]) -> dict[str, Any]:
    """Return a bundle whose frame can be checked apart from what is in it."""
    entries = bundle.get("entry")
    if not isinstance(entries, list):
        return dict(bundle)
    bare = [
        {name: value for name, value in entry.items() if name != "resource"}
        if isinstance(entry, dict)
        else entry
        for entry in entries
    ]
    return {**bundle, "entry": bare}


async def _read_resource(asked: Asked, type_: str) -> Mapping[str, Any]:
    """Return the resource of a request, sound and of the type of its address."""
    if asked.resource is not None:
        resource, root = asked.resource, f"{asked.where}.resource"
    else:
        check_content_type(asked.headers, JSON_TYPES)
        resource, root = await _run(parse, asked.body), ""
    if resource.get("resourceType") != type_:
        raise RequestError(
            code="REC-122", where=f"{root or type_}.resourceType", got=show(resource.get("resourceType")),
            expected=f"{type_!r}, as in the URL", fix="make them the same",
        )  # fmt: skip
    await _run(partial(commands.check_sound, root=root), resource, size=len(asked.body))
    # Host and port stand in a body as they are, while slashes may be escaped.
    is_named = asked.resource is not None or urlsplit(asked.base).netloc.encode() in asked.body
    return dict(make_local(resource, asked.base)) if is_named else resource


def _make_local(operation: Mapping[str, Any], base: str) -> Mapping[str, Any]:
    """Return an operation of a patch with references of its value as they are stored."""
    value = operation.get("value")
    if isinstance(value, str) and str(operation.get("path")).endswith("/reference"):
        return {**operation, "value": to_relative(value, base) or value}
    return {**operation, **({"value": make_local(value, base)} if value is not None else {})}


def _read_expected(asked: Asked) -> Expected:
    version = read_if_match(asked.headers)
    if version is not None:
        return version
    return None if asked.method == "PUT" and is_to_be_new(asked.headers) else ANY


async def _write(store: Store, asked: Asked, action: Action, what: str, command: commands.Command) -> Answer:
    (written,) = await _submit(store, asked, action, what, lambda transaction: [command(transaction)])
    return answer_written(written, asked.base, read_return(asked.headers))


async def _submit(
    store: Store, asked: Asked, action: Action, what: str, command: Writes
) -> list[commands.Written]:
    """Hand a command to the writer; comes back when it is durable."""
    if (guard := get_guard(asked)) is not None:
        command = partial(_obey, guard, command)
    act = asked.act(action, what)
    if asked.key is None:
        return await store.submit_here(command, act)
    # What is kept with the key outlives an erasure: it names records, and their bodies are read again.
    named = partial(_leave_bodies_out, command)
    written = await store.submit_here(named, act, key=asked.key, fingerprint=asked.compute_fingerprint())
    return [_add_body(store, one) for one in written]


def _obey(guard: Guard, command: Writes, transaction: Transaction) -> list[commands.Written]:
    transaction.obey(guard)
    return command(transaction)


def _leave_bodies_out(command: Writes, transaction: Transaction) -> list[commands.Written]:
    return [{**one, "body": None} for one in command(transaction)]


def _add_body(store: Store, written: commands.Written) -> commands.Written:
    version = store.read_version(written["type"], written["id"], written["version"])
    body = version.body if version is not None else None
    return {**written, "body": None if body is None else body.decode()}


async def _run(work: Callable[[Any], T], data: Any, size: int | None = None) -> T:
    """Do it here, or beside the loop if there is much to do."""
    large = (len(data) if size is None else size) >= LARGE
    return await asyncio.to_thread(work, data) if large else work(data)
