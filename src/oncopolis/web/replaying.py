"""Replaying a day against a live server through its public API, and comparing what came of it."""

import asyncio
import signal
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote, urlsplit
from uuid import uuid4

from oncopolis.foundation import ConflictError, InputError
from oncopolis.foundation.units import MS_PER_MINUTE
from oncopolis.operations import VIEWS, Record
from oncopolis.operations.house import House, make_house
from oncopolis.operations.wards import Bed
from oncopolis.record import Who
from oncopolis.record.care.holding import digest_keys
from oncopolis.studies.preparing import Say, prepare
from oncopolis.studies.replaying.day import Day
from oncopolis.studies.replaying.drawing import draw_day
from oncopolis.studies.replaying.living import Lived, Living, even_pace
from oncopolis.studies.replaying.machine import find_server, measure_cpu, measure_disk
from oncopolis.studies.replaying.mirror import Mirror
from oncopolis.studies.replaying.scripting import write_scripts
from oncopolis.studies.replaying.telling import Found, to_document
from oncopolis.web.api.checking import INVARIANTS
from oncopolis.web.calling import Address, Caller
from oncopolis.web.collecting import undisturbed
from oncopolis.web.places import find_places

N_CALLERS: Final = 64  # structure: connections, as a centre has screens at work
_PAGE: Final = 1000  # structure: records of a page
_MS: Final = 1000  # structure: milliseconds of a second


@dataclass(frozen=True, slots=True)
class Wanted:
    """A day that is to be replayed.

    Parameters
    ----------
    project
        Its folder.
    contacts
        About how many.
    minutes
        How long it takes.
    settings
        ``KEY=VALUE`` of the command line.
    """

    project: Path
    day: date
    contacts: int
    minutes: float
    address: Address
    seed: int
    settings: Mapping[str, str]


def replay_project(wanted: Wanted, say: Say) -> tuple[dict[str, Any], bool]:
    """Draw a day of a project, live it against its server, compare, and return the numbers.

    Returns
    -------
    tuple
        What is printed, and whether everything is as it has to be.

    Raises
    ------
    OncopolisError
        For everything that is wrong with the project, the day, the address or the token.
    """
    prepared = prepare(wanted.project, wanted.settings, say)
    house = make_house(prepared.equipped)
    _check_day(house, wanted.day)
    asyncio.run(check_server(wanted.address, house))
    day = draw_day(prepared, house, wanted.day, wanted.contacts, wanted.seed, say)
    found = asyncio.run(run(Replay(house, day, wanted, _find_disk(wanted.project)), say))
    return to_document(found, day), found.is_well


def _check_day(house: House, day: date) -> None:
    horizon = house.centre.horizon
    if not horizon.first <= day.year <= horizon.last:
        raise InputError(
            code="OPS-230", where="--day", got=day.isoformat(),
            expected=f"a day of the years {horizon.first} to {horizon.last}, the horizon of the project",
            fix="choose one of them",
        )  # fmt: skip


def _find_disk(project: Path) -> Path:
    """Return a folder on the disk where the record of a project lies by default."""
    file = find_places(project, None, None).file
    assert file is not None
    return next(folder for folder in file.parents if folder.exists())


@dataclass(frozen=True, slots=True)
class Replay:
    """What is replayed.

    Parameters
    ----------
    folder
        On the disk that is measured beside.
    """

    house: House
    day: Day
    wanted: Wanted
    folder: Path


async def check_server(address: Address, house: House) -> Who:
    """Return who we are to a server.

    Raises
    ------
    ExternalError
        It does not answer.
    ForbiddenError
        The token is not taken.
    ConflictError
        It serves another centre (OPS-228).
    """
    async with calling(address, 1, patience_s=0) as (caller,):
        answer = await caller.get(INVARIANTS)
    if answer.get("centre") != house.centre.name:
        raise ConflictError(
            code="OPS-228", where=f"--url http://{address.host}:{address.port}",
            got=str(answer.get("centre")), expected=house.centre.name,
            fix="name the project that is served there",
        )  # fmt: skip
    return Who(**answer["who"])


@asynccontextmanager
async def calling(address: Address, n: int, **options: Any) -> AsyncIterator[list[Caller]]:
    """Connections that are closed in the end."""
    callers = [Caller(address, **options) for _ in range(n)]
    try:
        yield callers
    finally:
        for caller in callers:
            caller.close()


async def run(replay: Replay, say: Say) -> Found:
    """Replay a day, and compare; stopped with Ctrl-C, what there is by then is compared and marked."""
    house, address = replay.house, replay.wanted.address
    who = await check_server(address, house)
    name = f"replay-{uuid4().hex[:12]}"
    began = datetime.now(UTC)
    disk = measure_disk(replay.folder)
    server = find_server(address.host, address.port)
    mirror = Mirror(house, who)
    async with calling(address, N_CALLERS) as callers:
        say("reading what is open", 0.0)
        mirror.know([record async for record in _read_open(callers[0])])
        taken = frozenset(bed.id for bed in mirror.floor.list(Bed) if bed.state != "free")
        written = write_scripts(replay.day, house, replay.wanted.seed, salt=name, taken=taken)
        before = measure_cpu(server) if server is not None else 0.0
        pace = even_pace(written.scripts, replay.wanted.minutes * MS_PER_MINUTE / _MS)
        living = Living(written.scripts, name, pace, callers)
        with undisturbed():
            lived = await _live(living, sum(map(len, written.scripts)), say)
        is_known = server is not None and find_server(address.host, address.port) == server
        cpu = measure_cpu(server) - before if server is not None and is_known else None
        say("comparing", 1.0)
        differences = [*mirror.take(lived.acknowledged)]
        records = [record async for record in _read_written(callers[0], mirror.types, began)]
        differences += mirror.compare(records)
        breaches = await _check(callers[0], name, began, lived)
        n_broken = sum(caller.n_broken for caller in callers)
    return Found(lived, tuple(differences), tuple(breaches), disk, cpu, n_broken)


async def _live(living: Living, n_all: int, say: Say) -> Lived:
    """Live a day until its end, or until Ctrl-C."""
    task = asyncio.ensure_future(living.run())
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGINT, living.stop)
    try:
        while not task.done():
            await asyncio.wait([task], timeout=1)
            n = len(living.lived.acknowledged)
            say(f"{n} of {n_all} acts", min(n / max(n_all, 1), 1.0))
        return task.result()
    finally:
        loop.remove_signal_handler(signal.SIGINT)


async def _read_open(caller: Caller) -> AsyncIterator[Record]:
    """Yield the records of everything that is open, and of the ways that courses were laid out on."""
    async for record in search(caller, "/fhir/PlanDefinition?_sort=_id"):
        yield record
    for type_, parameter, codes in dict.fromkeys((kind.TYPE, *kind.OPEN) for kind in VIEWS):
        async for record in search(caller, f"/fhir/{type_}?{parameter}={quote(','.join(codes))}"):
            yield record


async def _read_written(caller: Caller, types: Iterable[str], since: datetime) -> AsyncIterator[Record]:
    """Yield the records of some types that were written from a moment on."""
    moment = quote(since.isoformat(timespec="milliseconds"))
    for type_ in types:
        async for record in search(caller, f"/fhir/{type_}?_lastUpdated=ge{moment}"):
            yield record


async def search(caller: Caller, path: str) -> AsyncIterator[Record]:
    """Yield what a search finds, page by page."""
    following: str | None = f"{path}&_count={_PAGE}"
    while following is not None:
        bundle = await caller.get(following)
        for entry in bundle.get("entry", ()):
            yield entry["resource"]
        url = next((link["url"] for link in bundle.get("link", ()) if link["relation"] == "next"), None)
        parts = urlsplit(url or "")
        following = f"{parts.path}?{parts.query}" if url else None


async def _check(caller: Caller, name: str, began: datetime, lived: Lived) -> list[str]:
    """Have the server check its record, and compare the keys it remembers with those it answered."""
    since = quote(began.isoformat(timespec="milliseconds"))
    answer = await caller.get(f"{INVARIANTS}?since={since}&keys={name}-")
    breaches = [f"{one['rule']} {one['where']}: {one['message']}" for one in answer["findings"]]
    breaches += ["and more"] * (answer["n_findings"] - len(breaches))
    if n_twice := lived.count_twice():
        breaches.append(f"{n_twice} acts have the place of another among all acts")
    keys = digest_keys([one.key for one in lived.acknowledged])
    if answer["keys_digest"] != keys:
        n_keys = answer["n_keys"]
        breaches.append(f"{len(lived.acknowledged)} acts were answered, {n_keys} requests are remembered")
    return breaches
