"""What a server says about its copy: the RPO now and then, a fault at once and not each second."""

from pathlib import Path

import pytest

from oncopolis.record.care.shipping import Shipment
from oncopolis.web.shipping import SecondPlace, _News

Clock = list[float]


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    now = [100.0]
    monkeypatch.setattr("oncopolis.web.shipping.time.monotonic", lambda: now[0])
    return now


def ship(n_entries: int, exposed_s: float | None) -> Shipment:
    return Shipment(Path("x"), n_entries, n_entries, 100, 0, 0, exposed_s)


def test_lines_are_few_and_tell_the_largest_rpo(clock: Clock) -> None:
    said: list[str] = []
    news = _News(SecondPlace(Path("/second"), tell_s=60), said.append)
    news.hear(ship(5, None))
    assert said == ["/second: 5 audit entries shipped; first copy"]
    for exposed_s in (0.5, 2.25, 0.75):
        clock[0] += 1
        news.hear(ship(10, exposed_s))
    assert len(said) == 1
    clock[0] += 57
    news.hear(ship(1, 0.25))
    assert said[1:] == ["/second: 31 audit entries shipped; RPO 2.25 s"]
    clock[0] += 60
    news.hear(ship(0, 0.0))
    assert len(said) == 2  # nobody wrote: nothing to tell


def test_a_fault_is_told_at_once_and_so_is_its_end(clock: Clock) -> None:
    said: list[str] = []
    news = _News(SecondPlace(Path("/second"), tell_s=60), said.append)
    news.hear(ship(1, None))
    for _ in range(61):
        clock[0] += 1
        news.warn(OSError("away"))
    assert said[1:] == [
        "/second: nothing could be shipped for 1 s, it is tried again: away",
        "/second: nothing could be shipped for 61 s, it is tried again: away",
    ]
    news.hear(ship(3, 61.5))
    assert said[-1] == "/second: 3 audit entries shipped; RPO 61.50 s"
