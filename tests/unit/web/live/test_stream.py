"""Pages hear that something they show has changed: those that show it, once, also what they have missed."""

import asyncio
from collections.abc import AsyncIterator, Callable, Collection, Coroutine, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import wraps
from threading import Thread
from time import perf_counter
from typing import Any, ClassVar, Self

import pytest

from oncopolis.web.live import stream as streams
from oncopolis.web.live.stream import Stream


def in_loop(test: Callable[..., Coroutine[Any, Any, None]]) -> Callable[..., None]:
    @wraps(test)
    def run(*args: Any, **options: Any) -> None:
        asyncio.run(test(*args, **options))

    return run


@dataclass(frozen=True)
class Waiting:
    TYPE: ClassVar[str] = "Encounter"
    id: str
    area: str
    patient: str = "p"
    is_open: bool = True

    OPEN: ClassVar[tuple[str, tuple[str, ...]]] = ("status", ())

    @classmethod
    def is_mine(cls, record: Mapping[str, Any]) -> bool:
        raise NotImplementedError

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> Self:
        raise NotImplementedError

    def to_record(self) -> dict[str, Any]:
        raise NotImplementedError

    def list_claims(self) -> tuple[()]:
        return ()


@dataclass
class Page:
    """One listening page, over ASGI."""

    heard: list[str] = field(default_factory=list)
    at: list[float] = field(default_factory=list)
    gone: asyncio.Event = field(default_factory=asyncio.Event)
    is_stuck: bool = False
    free: asyncio.Event = field(default_factory=asyncio.Event)
    status: int = 0
    is_over: bool = False

    def open(
        self, stream: Stream, topics: Collection[str], after: str = "", rest_s: float = 0
    ) -> asyncio.Task[None]:
        async def run() -> None:
            await stream.make_app(topics, after, rest_s)({"type": "http"}, self.receive, self.send)

        return asyncio.create_task(run())

    async def receive(self) -> dict[str, Any]:
        await self.gone.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: Any) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            return
        if self.is_stuck:
            await self.free.wait()
        self.is_over = not message["more_body"]
        text = message["body"].decode()
        if "event: changed" in text:
            self.heard.append(text)
            self.at.append(perf_counter())

    @property
    def mark(self) -> str:
        return self.heard[-1].partition("id: ")[2].partition("\n")[0]


@asynccontextmanager
async def listening(
    stream: Stream, *topics: str, after: str = "", page: Page | None = None
) -> AsyncIterator[Page]:
    page = page or Page()
    n = stream.n_listeners
    task = page.open(stream, topics, after)
    while stream.n_listeners == n and not task.done():
        await asyncio.sleep(0)
    try:
        yield page
    finally:
        page.gone.set()
        await asyncio.wait_for(task, 5)


async def settle() -> None:
    await asyncio.sleep(streams.GATHERED_S * 2)


@in_loop
async def test_only_those_hear_who_show_it() -> None:
    stream = Stream()
    async with (
        listening(stream, "area/imaging") as here,
        listening(stream, "area/laboratory", "person/q") as there,
    ):
        stream.note([Waiting("1", "imaging")])
        await settle()
        assert (len(here.heard), len(there.heard)) == (1, 0)
        stream.note([Waiting("2", "imaging", patient="q")])
        await settle()
        assert (len(here.heard), len(there.heard)) == (2, 1)
    assert stream.n_listeners == 0


@in_loop
async def test_many_changes_at_once_are_told_once() -> None:
    stream = Stream()
    async with listening(stream, "area/imaging") as page:
        for n in range(200):
            stream.note([Waiting(str(n), "imaging")])
        await settle()
        assert len(page.heard) == 1


@in_loop
async def test_the_area_somebody_left_hears_too() -> None:
    stream = Stream()
    stream.note([Waiting("1", "imaging")])
    async with listening(stream, "area/imaging") as page:
        stream.note([Waiting("1", "laboratory")])
        await settle()
        assert len(page.heard) == 1
        stream.note([Waiting("1", "laboratory", is_open=False)])
        await settle()
        assert len(page.heard) == 1


@in_loop
async def test_what_was_missed_is_told_at_once_and_nothing_else() -> None:
    stream = Stream()
    before = stream.mark
    stream.note([Waiting("1", "imaging")])
    async with (
        listening(stream, "area/imaging", after=before) as late,
        listening(stream, "area/laboratory", after=before) as other,
        listening(stream, "area/imaging", after=stream.mark) as fresh,
    ):
        await settle()
        assert (len(late.heard), len(other.heard), len(fresh.heard)) == (1, 0, 0)
        assert late.mark == stream.mark


@in_loop
async def test_after_a_restart_or_with_a_mark_that_is_none_a_page_is_told_to_look_again() -> None:
    stream, later = Stream(), Stream()
    for mark in (stream.mark, "nonsense", "x-1", f"{later.mark}x"):
        async with listening(later, "area/imaging", after=mark) as page:
            await settle()
            assert len(page.heard) == 1, mark


@in_loop
async def test_what_was_forgotten_counts_as_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streams, "_KEPT_TOPICS", 10)
    stream = Stream()
    before = stream.mark
    for n in range(20):
        stream.note([Waiting(str(n), f"area-{n}")])
    async with listening(stream, "area/laboratory", after=before) as page:
        await settle()
        assert len(page.heard) == 1


@in_loop
async def test_a_page_that_takes_nothing_holds_nobody_up_and_hears_the_last() -> None:
    stream = Stream()
    stuck = Page(is_stuck=False)
    async with listening(stream, "area/imaging", page=stuck), listening(stream, "area/imaging") as page:
        stuck.is_stuck = True
        for n in range(3):
            stream.note([Waiting(str(n), "imaging")])
            await settle()
        assert (len(stuck.heard), len(page.heard)) == (0, 3)
        stuck.free.set()
        await settle()
        assert len(stuck.heard) == 2
        assert stuck.mark == stream.mark


@in_loop
async def test_a_page_that_wants_rest_hears_the_first_and_the_last() -> None:
    stream, page = Stream(), Page()
    task = page.open(stream, ["area/imaging"], rest_s=1.0)
    await settle()
    for n in range(4):
        stream.note([Waiting(str(n), "imaging")])
        await settle()
    assert len(page.heard) == 1
    await asyncio.sleep(0.6)
    assert len(page.heard) == 2
    assert page.mark == stream.mark
    page.gone.set()
    await task


@in_loop
async def test_another_thread_may_tell() -> None:
    heard: list[Any] = []
    stream = Stream(heard.append)
    async with listening(stream, "area/imaging") as page:
        thread = Thread(target=heard[0], args=([Waiting("1", "imaging")],))
        thread.start()
        thread.join()
        await settle()
        assert len(page.heard) == 1


@in_loop
async def test_signs_of_life_and_the_end_of_a_life(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streams, "ALIVE_S", 0.05)
    monkeypatch.setattr(streams, "_LIFE_S", 0.2)
    said: list[str] = []

    class Listening(Page):
        async def send(self, message: Any) -> None:
            said.append(message.get("body", b"").decode())
            await super().send(message)

    stream, page = Stream(), Listening()
    task = page.open(stream, ["x"])
    await asyncio.wait_for(task, 5)
    assert page.status == 200
    assert "event: alive\ndata:\n\n" in said
    assert page.is_over
    assert stream.n_listeners == 0


@in_loop
async def test_all_are_let_go() -> None:
    stream = Stream()
    async with listening(stream, "x") as one, listening(stream, "y") as two:
        stream.end()
        await settle()
        assert one.is_over
        assert two.is_over


@pytest.mark.soak
@in_loop
async def test_nine_thousand_pages_and_three_hundred_boards() -> None:
    """Changes reach all who show them within a second, and nobody else."""
    stream = Stream()
    pages = [Page() for _ in range(9_000)]
    boards = [Page() for _ in range(300)]
    tasks = [page.open(stream, [f"person/{n}", f"area/{n % 60}"]) for n, page in enumerate(pages)]
    tasks += [board.open(stream, [f"area/{n % 60}"]) for n, board in enumerate(boards)]
    while stream.n_listeners < len(tasks):
        await asyncio.sleep(0.01)
    lags = []
    for n in range(60):
        start = perf_counter()
        stream.note([Waiting(str(n), str(n), patient=str(n))])
        await settle()
        lags += [at - start for page in (*pages[n::60], *boards[n::60]) for at in page.at[-1:]]
    lags.sort()
    assert len(lags) == len(tasks)
    assert lags[int(len(lags) * 0.99)] < 1
    for page in pages + boards:
        page.gone.set()
    await asyncio.gather(*tasks)
