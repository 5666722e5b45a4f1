"""Thousands of phones and boards are open while a day is lived: all hear of their changes, and soon."""

import asyncio
import json
import subprocess
import sys
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import Any
from urllib.parse import urlsplit

import pytest
from tests.records import ACT, make_patient
from tests.rehearsal import DAY, read_numbers, write_clinic, write_token
from tests.servers import home, open_desk, serving, start

from oncopolis.record import Who
from oncopolis.record.accounts import Desk
from oncopolis.record.accounts.journeys import rows, tokens
from oncopolis.record.accounts.journeys.giving import UNTIL_MS
from oncopolis.record.accounts.journeys.rows import Journey
from oncopolis.record.accounts.tokens import digest
from oncopolis.record.store import Transaction
from oncopolis.web.calling import Address, Caller
from oncopolis.web.display.screens import make_link

__all__ = ["home"]

AREA, ACTIVITY = "outpatient", "consult"
N_AT_ONCE = 64
SOMEBODY = Who("Person", "test")


@dataclass
class Page:
    """A page that listens, and looks again whenever it is told."""

    path: str
    cookie: str
    now: str = ""
    told: list[float] = field(default_factory=list)
    shown: list[float] = field(default_factory=list)
    is_open: asyncio.Event = field(default_factory=asyncio.Event)


class Net:
    """Connections to one server, as its pages have them."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.free = asyncio.Semaphore(N_AT_ONCE)

    def write(self, path: str, cookie: str) -> bytes:
        return f"GET {path} HTTP/1.1\r\nHost: localhost:{self.port}\r\nCookie: {cookie}\r\n\r\n".encode()

    async def listen(self, page: Page) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        looking: set[asyncio.Task[None]] = set()
        try:
            writer.write(self.write(page.path, page.cookie))
            status = await reader.readline()
            assert b" 200 " in status, (page.path, status)
            while line := await reader.readline():
                if line.startswith(b": listening"):
                    page.is_open.set()
                elif line.startswith(b"event: changed"):
                    page.told.append(perf_counter())
                    if page.now and not looking:
                        task = asyncio.create_task(self.look(page))
                        looking.add(task)
                        task.add_done_callback(looking.discard)
        finally:
            writer.close()

    async def look(self, page: Page) -> None:
        async with self.free:
            reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
            try:
                writer.write(self.write(page.now, page.cookie))
                status = await reader.readline()
                assert b" 200 " in status or b" 204 " in status, status
                page.shown.append(perf_counter())
            finally:
                writer.close()


def put_all(records: list[dict[str, Any]], transaction: Transaction) -> None:
    for one in records:
        transaction.put(one)


def fill(desk: Desk, n_pages: int, n_boards: int) -> tuple[list[Page], list[Page]]:
    """Patients who have their page on a phone, and boards of one area."""
    made: list[Page] = []
    for first in range(0, n_pages, 500):
        numbers = range(first, min(first + 500, n_pages))
        records = [make_patient(f"open-{n}", f"Namuna-{n}") for n in numbers]
        desk.store.submit(partial(put_all, records), ACT).result()
        pages = {n: (tokens.make_number(), f"device-{n}-{first}") for n in numbers}

        def keep(session: Any, now_ms: int, pages: dict[int, tuple[str, str]] = pages) -> None:
            for n, (id_, device) in pages.items():
                until_ms = now_ms + UNTIL_MS
                rows.add(session, Journey(id_, f"open-{n}", None, "en", None, now_ms, until_ms, until_ms))
                rows.bind(session, id_, digest(device), now_ms)

        desk.do(keep, SOMEBODY, "pages of a rehearsal")
        made += [
            Page(f"/journey/{id_}/events", f"journey={device}", f"/journey/{id_}/now")
            for id_, device in pages.values()
        ]
    boards = [
        Page(f"/board/{AREA}/stream", f"screen={make_link(desk, 'board', AREA, ('en',), str(n), SOMEBODY)}")
        for n in range(n_boards)
    ]
    return made, boards


async def live_with(
    port: int, token: str, pages: list[Page], boards: list[Page], n_acts: int, per_s: float
) -> dict[str, Any]:
    """Check some of them in, one after the other, and take the time until their page shows it."""
    net = Net(port)
    listening = []
    for some in range(0, len(pages) + len(boards), N_AT_ONCE):
        group = [*pages, *boards][some : some + N_AT_ONCE]
        listening += [asyncio.create_task(net.listen(page)) for page in group]
        opened = asyncio.gather(*(page.is_open.wait() for page in group))
        waited: list[asyncio.Future[Any]] = [opened, *listening[-len(group) :]]
        await asyncio.wait(waited, return_when=asyncio.FIRST_COMPLETED)
        assert opened.done(), [one.exception() for one in listening if one.done()]
    caller = Caller(Address("127.0.0.1", port, token))
    sent: list[tuple[Page, float]] = []
    for n in range(n_acts):
        page = pages[n * len(pages) // n_acts]
        begun = perf_counter()
        said = {"patient": f"open-{pages.index(page)}", "activity": ACTIVITY, "channel": "reception"}
        answer = await caller.act("check_in", f"open-{n}", said)
        assert answer.status == 200, answer.members
        sent.append((page, begun))
        await asyncio.sleep(max(0.0, 1 / per_s - (perf_counter() - begun)))
    for _ in range(300):
        if all(page.shown for page, _ in sent):
            break
        await asyncio.sleep(0.1)
    caller.close()
    for one in listening:
        one.cancel()
    await asyncio.gather(*listening, return_exceptions=True)
    told = sorted(page.told[0] - begun for page, begun in sent if page.told)
    shown = sorted(page.shown[0] - begun for page, begun in sent if page.shown)
    return {
        "pages": len(pages),
        "boards": len(boards),
        "acts": n_acts,
        "lost": len(sent) - len(shown),
        "boards_told": sum(bool(board.told) for board in boards),
        "told_p50_s": pick(told, 0.5),
        "told_p99_s": pick(told, 0.99),
        "shown_p50_s": pick(shown, 0.5),
        "shown_p99_s": pick(shown, 0.99),
    }


def pick(ordered: list[float], share: float) -> float:
    return round(ordered[int(len(ordered) * share)], 3) if ordered else float("nan")


@pytest.mark.soak
@pytest.mark.parametrize(
    ("n_pages", "n_boards", "n_acts", "contacts"),
    [pytest.param(90, 6, 60, 120, id="few"), pytest.param(9_000, 300, 900, 400, id="many")],
)
def test_open_pages_hear_of_their_changes(
    tmp_path: Path,
    home: dict[str, str],
    capsys: pytest.CaptureFixture[str],
    n_pages: int,
    n_boards: int,
    n_acts: int,
    contacts: int,
) -> None:
    project = write_clinic(tmp_path / "clinic")
    with serving(project, home=home) as (base, _, _):
        port = int(urlsplit(base).port or 0)
        token = write_token(tmp_path, project, home=home)
        with open_desk(project, home=home) as desk:
            pages, boards = fill(desk, n_pages, n_boards)
        replaying: subprocess.Popen[str] = start(
            "replay", str(project), "--day", DAY, "--contacts", str(contacts), "--minutes", "1",
            "--url", f"http://127.0.0.1:{port}", "--token-file", str(token), "--json", home=home,
        )  # fmt: skip
        found = asyncio.run(live_with(port, token.read_text("utf-8"), pages, boards, n_acts, 20))
        said, _ = replaying.communicate(timeout=600)
        numbers = read_numbers(said)
    with capsys.disabled():
        sys.stdout.write(f"\n{json.dumps({**found, 'write_p99_ms': numbers['write_p99_ms']})}\n")
    assert found["lost"] == 0
    assert found["boards_told"] == n_boards
    assert numbers["errors"] == 0
